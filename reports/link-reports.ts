import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { OutFiles } from '../helpers/settings/out-files.ts';

const LINK =
  '<p style="font: 14px sans-serif; margin: 8px 16px"><a href="../report.html">The report of this run, with the bytes and the timelines</a></p>';

/** Puts a link to the suite's own report into Playwright's, which has no place for one. */
export function linkReports(files: OutFiles): void {
  const path = `${files.playwright}/index.html`;
  if (!existsSync(path) || !existsSync(files.report)) return;
  const page = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    page.replace(/<body>(?!<p )/, () => `<body>${LINK}`),
  );
}

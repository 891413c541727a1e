import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { launchChromium } from '../support/chromium.ts';

/** The picture in the README: certifies the embedded reference server, and photographs the report of that run. */
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PICTURE = join(ROOT, 'specs', 'guide', 'report.png');

const folder = await mkdtemp(join(tmpdir(), 'words-conformance-picture-'));
const browser = await launchChromium();
try {
  await promisify(execFile)('npm', ['run', '--silent', 'certify', '--', '--out', folder], { cwd: ROOT });
  const page = await browser.newPage({ viewport: { width: 1200, height: 1240 }, deviceScaleFactor: 1.5 });
  await page.goto(pathToFileURL(join(folder, 'report.html')).href);
  await page.screenshot({ path: PICTURE });
} finally {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
}

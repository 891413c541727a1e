import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The page's only script and style, each with the source expression that a content security policy names it by. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
  readonly scriptHash: string;
  readonly styleHash: string;
}

let assets: PageAssets | undefined;

/** The browser's side of the page, as it stands beside this file: nothing is bundled or built. */
export function pageAssets(): PageAssets {
  const text = (name: string) => readFileSync(new URL(`./browser/${name}`, import.meta.url), 'utf8');
  if (assets === undefined) {
    const [script, style] = [text('report.js'), text('report.css')];
    assets = { script, style, scriptHash: sourceHash(script), styleHash: sourceHash(style) };
  }
  return assets;
}

/** CSP level 3 §2.3.1, hash-source. */
function sourceHash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

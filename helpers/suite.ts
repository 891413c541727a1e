import { readFileSync } from 'node:fs';
import { extname } from 'node:path';

/** `.ts` in a clone, `.js` in the package, where the same files stand compiled. */
export const CODE_EXTENSION = extname(import.meta.url);

/** How the command line is called; arguments follow. */
export const COMMAND = CODE_EXTENSION === '.ts' ? 'npm run certify --' : 'npx words-conformance';

/** Name and version of this suite, from package.json. */
export function readSuite(): { readonly name: string; readonly version: string } {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'name' in manifest && 'version' in manifest)
    return { name: String(manifest.name), version: String(manifest.version) };
  throw new TypeError('package.json has no name or no version');
}

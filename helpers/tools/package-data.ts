import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The rest of what `npm pack` puts into `dist/` (or the folder named), beside the compiled code: the data that it reads, and who it is. */
const [, , compiled = 'dist'] = process.argv;
const FOLDERS: readonly (readonly [folder: string, wanted: RegExp])[] = [
  ['openapi', /\.(yaml|json)$/],
  ['helpers', /\.schema\.json$/],
  ['reports/page/browser', /\.(js|css)$/],
  ['reports/implementations', /\.(js|css)$/],
];

for (const [folder, wanted] of FOLDERS)
  for (const name of filesIn(folder)) if (wanted.test(name)) cpSync(join(folder, name), join(compiled, folder, name));
// TypeScript leaves the extension of a dynamic import as it is where it lowers `using` around it.
for (const name of filesIn(compiled)) {
  if (!name.endsWith('.js')) continue;
  const path = join(compiled, name);
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll(/(\bimport\('\.[^']*)\.ts'\)/g, "$1.js')"));
}
const { name, version, type } = JSON.parse(readFileSync('package.json', 'utf8'));
writeFileSync(join(compiled, 'package.json'), `${JSON.stringify({ name, version, type })}\n`);

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' });
}

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { writeWhole } from '../write-file.ts';

const FOLDER = new URL('../../node_modules/.cache/words-conformance-contract/', import.meta.url);

/**
 * What `compute` returns, kept on disk as JSON under the digest of all that it comes from: each process of a run needs it,
 * and only the first has to work it out. What `compute` throws is kept nowhere.
 */
export function keptOnDisk<Value>(name: string, sources: readonly (string | URL)[], compute: () => Value): Value {
  const hash = createHash('sha256').update(process.version);
  for (const source of sources) hash.update('\0').update(source instanceof URL ? readFileSync(source) : source);
  const path = fileURLToPath(new URL(`${name}-${hash.digest('hex').slice(0, 32)}.json`, FOLDER));
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Value;
  } catch {
    // Not kept yet, or damaged: worked out again.
  }
  const value = compute();
  try {
    writeWhole(path, [JSON.stringify(value)]);
  } catch {
    // An installation that cannot be written works it out each time.
  }
  return value;
}

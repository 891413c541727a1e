import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { writeWhole } from '../write-file.ts';

const FOLDER = new URL('../../node_modules/.cache/words-conformance-contract/', import.meta.url);

/**
 * The result of `compute`, kept on disk as JSON under the digest of its sources: only the first process on a machine has to
 * compute it. Errors are not kept.
 */
export function keptOnDisk<Value>(name: string, sources: readonly (string | URL)[], compute: () => Value): Value {
  const hash = createHash('sha256').update(process.version);
  for (const source of sources) hash.update('\0').update(source instanceof URL ? readFileSync(source) : source);
  const path = fileURLToPath(new URL(`${name}-${hash.digest('hex').slice(0, 32)}.json`, FOLDER));
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Value;
  } catch {
    // Not kept yet, or damaged: computed again.
  }
  const value = compute();
  try {
    writeWhole(path, [JSON.stringify(value)]);
  } catch {
    // An installation that is read-only computes it each time.
  }
  return value;
}

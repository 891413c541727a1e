import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import envPaths from 'env-paths';
import { writeWhole } from '../write-file.ts';

/** The system's folder for caches: nothing is written beside the code. */
const FOLDER = envPaths('words-conformance', { suffix: '' }).cache;

/**
 * The result of `compute`, kept on disk as JSON under the digest of its sources: only the first process on a machine has to
 * compute it. Errors are not kept.
 */
export function keptOnDisk<Value>(name: string, sources: readonly (string | URL)[], compute: () => Value): Value {
  const hash = createHash('sha256').update(process.version);
  for (const source of sources) hash.update('\0').update(source instanceof URL ? readFileSync(source) : source);
  const path = join(FOLDER, `${name}-${hash.digest('hex').slice(0, 32)}.json`);
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Value;
  } catch {
    // Not kept yet, or damaged: computed again.
  }
  const value = compute();
  try {
    writeWhole(path, [JSON.stringify(value)]);
  } catch {
    // Where nothing can be kept, it is computed each time.
  }
  return value;
}

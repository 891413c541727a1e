import { rmSync } from 'node:fs';
import { errorResults } from '../results/error-results.ts';
import type { Results } from '../results/results.ts';
import { writeResults } from '../results/write-results.ts';
import { outFiles } from './out-files.ts';

/**
 * Leaves a results.json that claims nothing: of a run that could not begin, or did not finish. Reports of an earlier run
 * go: they must not pass for those of this one.
 */
export function writeErrorResults(
  out: string,
  suite: Results['suite'],
  run: { readonly reason: string; readonly remedy?: string; readonly baseUrl?: string },
): Results {
  const now = new Date().toISOString();
  const results = errorResults({ ...run, suite, startedAt: now, finishedAt: now });
  const files = outFiles(out);
  for (const path of [files.junit, files.report]) rmSync(path, { force: true });
  writeResults(files.results, results);
  return results;
}

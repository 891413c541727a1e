import { errorResults } from '../results/error-results.ts';
import type { Results } from '../results/results.ts';
import { writeResults } from '../results/write-results.ts';
import { outFiles } from './out-files.ts';

/** Leaves a results.json that claims nothing: of a run that could not begin, or did not finish. */
export function writeErrorResults(
  out: string,
  suite: Results['suite'],
  run: { readonly reason: string; readonly remedy?: string; readonly baseUrl?: string },
): void {
  const now = new Date().toISOString();
  writeResults(outFiles(out).results, errorResults({ ...run, suite, startedAt: now, finishedAt: now }));
}

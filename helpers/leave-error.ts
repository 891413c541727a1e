import { errorResults } from './results/error-results.ts';
import type { Results } from './results/results.ts';
import { RunFolder } from './results/run-folder.ts';
import type { Environment } from './settings/environment.ts';
import { outFolder, outMistakes } from './settings/out-folder.ts';
import { readSuite } from './suite.ts';

/**
 * Leaves a results.json and a junit.xml that claim nothing, for a run that could not begin. Writes nothing in a folder that
 * another run works in, or that no run may write to.
 */
export async function leaveError(
  env: Environment,
  cwd: string,
  { reason, remedy }: { readonly reason: string; readonly remedy?: string | undefined },
): Promise<Results> {
  const out = outFolder(env, cwd);
  const now = new Date().toISOString();
  const results = errorResults({
    reason,
    ...(remedy === undefined ? {} : { remedy }),
    suite: readSuite(),
    startedAt: now,
    finishedAt: now,
  });
  if (outMistakes(undefined, out).length > 0) return results;
  try {
    using folder = new RunFolder(out);
    folder.begin(results);
    const { writeJunit } = await import('../reports/junit.ts');
    await writeJunit(folder.files.junit, results);
  } catch {
    // What went wrong first has been said.
  }
  return results;
}

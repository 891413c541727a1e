import pc from 'picocolors';
import type { Results } from '../helpers/results/results.ts';
import type { Environment } from '../helpers/settings/environment.ts';
import { summaryLines } from './summary-lines.ts';

/** Says on the terminal what a run found, and under GitHub Actions in its annotations and summary. */
export async function announce(
  results: Results,
  { out, cwd, env }: { readonly out: string; readonly cwd: string; readonly env: Environment },
): Promise<void> {
  process.stdout.write(`${summaryLines(results, { colors: pc, out, cwd }).join('\n')}\n`);
  if (env.GITHUB_ACTIONS === 'true') await (await import('./github.ts')).announceOnGithub(results, env);
}

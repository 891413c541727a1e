import { printable, printableLines } from '../helpers/judging/findings.ts';
import type { Results } from '../helpers/results/results.ts';
import type { Environment } from '../helpers/settings/environment.ts';
import { jobSummary } from './job-summary.ts';

/** GitHub shows ten annotations of a kind for a step and drops the rest. */
const ANNOTATIONS = 10;

/** Under GitHub Actions: an annotation for each breach and warning, and a summary of the job in Markdown. */
export async function announceOnGithub(results: Results, env: Environment): Promise<void> {
  const core = await import('@actions/core');
  if (results.verdict === 'error') core.error(printableLines(results.reason), { title: 'words-conformance' });
  for (const [outcome, annotate] of [
    ['fail', core.error],
    ['warn', core.warning],
  ] as const)
    for (const row of results.requirements.filter((result) => result.outcome === outcome).slice(0, ANNOTATIONS))
      annotate(printable(row.violations[0]?.message ?? row.sentence), { title: row.id });
  if (env.GITHUB_STEP_SUMMARY) await core.summary.addRaw(jobSummary(results), true).write();
}

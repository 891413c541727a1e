import { existsSync } from 'node:fs';
import { printable, printableLines } from '../helpers/judging/findings.ts';
import type { Change } from '../helpers/results/comparison.ts';
import { dueTo } from '../helpers/results/comparison-text.ts';
import { firstAndMore } from '../helpers/results/finding.ts';
import type { Finding, Results } from '../helpers/results/results.ts';
import type { Environment } from '../helpers/settings/environment.ts';
import { jobSummary } from './job-summary.ts';

/** GitHub shows ten annotations of a kind for a step and drops the rest. */
const ANNOTATIONS = 10;

/** Under GitHub Actions: an annotation for each cause of breaches or warnings, and a summary of the job in Markdown. */
export async function announceOnGithub(results: Results, env: Environment): Promise<void> {
  const core = await import('@actions/core');
  if (results.verdict === 'error') core.error(printableLines(results.reason), { title: 'words-conformance' });
  const changed = new Map<string, Change>(results.comparison?.changes.map((change) => [change.id, change]));
  for (const [outcome, annotate] of [
    ['fail', core.error],
    ['warn', core.warning],
  ] as const) {
    const causes = results.findings.filter((finding) => finding.outcome === outcome);
    for (const [index, finding] of causes.slice(0, ANNOTATIONS).entries()) {
      const left = index === ANNOTATIONS - 1 ? causes.length - ANNOTATIONS : 0;
      annotate(textOf(finding, results, left), { title: titleOf(finding.requirements, changed) });
    }
  }
  const summary = env.GITHUB_STEP_SUMMARY;
  if (!summary) return;
  if (existsSync(summary)) await core.summary.addRaw(jobSummary(results), true).write();
  else
    core.warning(
      `The job summary was not written: GITHUB_STEP_SUMMARY names ${printable(summary)}, which does not exist.`,
    );
}

/** `left`: causes that GitHub would not show. */
function textOf({ requirements: ids, likelyCause }: Finding, { requirements }: Results, left: number): string {
  const rows = ids.flatMap((id) => requirements.find((row) => row.id === id) ?? []);
  return [
    ...rows.map((row) => printable(rows.length > 1 ? `${row.id}: ${firstAndMore(row)}` : firstAndMore(row))),
    ...(likelyCause === undefined ? [] : [`Likely cause: ${likelyCause}`]),
    ...(left > 0 ? [`And ${left} more findings: see the report.`] : []),
  ].join('\n');
}

function titleOf(ids: readonly string[], changed: ReadonlyMap<string, Change>): string {
  const change = ids.map((id) => changed.get(id)).find((one) => one !== undefined);
  return `${ids.join(', ')}${change === undefined ? '' : `: was ${change.before}, ${dueTo(change)}`}`;
}

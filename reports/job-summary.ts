import { AREAS } from '../helpers/contract/types.ts';
import { printable } from '../helpers/judging/findings.ts';
import { changeCounts, dueTo, sinceWhen } from '../helpers/results/comparison-text.ts';
import { firstAndMore, placeOf } from '../helpers/results/finding.ts';
import { headlineOf, unverifiedMeans } from '../helpers/results/headline.ts';
import type { Finding } from '../helpers/results/results.ts';
import { OUTCOMES, type RequirementResult, type Results } from '../helpers/results/results.ts';
import { groupsByRemedy, whyAndWhat } from '../helpers/results/unverified.ts';

/** Results as GitHub Markdown that reads well as text, too; text of the target stays text. */
export function jobSummary(results: Results): string {
  const { cost, product, run } = results;
  const subject = product?.name ?? (results.target.baseUrl || 'no target');
  return [
    `## ${headlineOf(results)}: ${escaped(subject)}`,
    `${escaped(results.reason)} ${escaped(results.remedy ?? '')}`.trim(),
    changes(results),
    ...results.findings.map((finding, index) => findingText(finding, index, results)),
    areas(results),
    unverified(results),
    `${cost.requests} requests, ${cost.sessionSeconds.toFixed(1)} s of session, billed at about ${cost.estimatedUsd.toFixed(2)} USD by the list price. ` +
      `Contract ${escaped(results.contract.version)}, suite ${escaped(results.suite.version)}.` +
      (run?.id === undefined ? '' : ` Run ${escaped(run.id)}.`),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

function changes({ comparison }: Results): string {
  if (comparison === undefined) return '';
  return [
    `### Changed ${sinceWhen(comparison)}: ${changeCounts(comparison)}`,
    ...(comparison.changes.length === 0 ? [] : ['', '| requirement | change | due to |', '|---|---|---|']),
    ...comparison.changes.map(
      (change) => `| ${escaped(change.id)} | ${change.before} → ${change.after} | ${escaped(dueTo(change))} |`,
    ),
  ].join('\n');
}

function findingText(
  { requirements: ids, likelyCause, outcome, unverified: open }: Finding,
  index: number,
  { requirements }: Results,
): string {
  const rows = ids.flatMap((id) => requirements.find((row) => row.id === id) ?? []);
  return [
    `### ${index + 1}. ${outcome}: ${escaped(likelyCause ?? rows[0]?.sentence ?? '')}`,
    '',
    ...rows.map(requirementLine),
    ...(open.length === 0 ? [] : [`- not verified because of this: ${open.map(escaped).join(', ')}`]),
  ].join('\n');
}

function requirementLine(row: RequirementResult): string {
  const [first] = row.violations;
  const where = first === undefined ? '' : placeOf(first);
  const waived = row.outcome === 'waived' ? ` ${escaped(row.reason ?? '')}` : '';
  return `- **${row.id}** ${escaped(firstAndMore(row))}${where && ` (${escaped(where)})`}${waived}`;
}

function areas({ requirements }: Results): string {
  if (requirements.length === 0) return '';
  const shown = OUTCOMES.filter((outcome) => requirements.some((row) => row.outcome === outcome));
  return [
    `| area | ${shown.join(' | ')} |`,
    `|---|${shown.map(() => '--:|').join('')}`,
    ...AREAS.map((area) => {
      const counts = shown.map(
        (outcome) => requirements.filter((row) => row.area === area && row.outcome === outcome).length,
      );
      return `| ${area} | ${counts.map((count) => count || '').join(' | ')} |`;
    }),
  ].join('\n');
}

function unverified({ requirements, counts }: Results): string {
  const rows = requirements.filter(({ outcome }) => outcome === 'inconclusive' || outcome === 'not-applicable');
  if (rows.length === 0) return '';
  return [
    `<details><summary>${unverifiedMeans(counts)}</summary>`,
    '',
    ...groupsByRemedy(rows).map(
      (group) => `- ${group.map(({ id }) => id).join(', ')}: ${escaped(whyAndWhat(group[0] ?? {}))}`,
    ),
    '',
    '</details>',
  ].join('\n');
}

/** Only what Markdown or HTML would act on, so that the source can be read. */
const ACTIVE = /[\\`*_{}[\]<>#|~!&@$]|(?<=^\s*)[-+=](?=\s)|:(?=\/\/|[a-z0-9_+-]+:)|(?<=\bwww)\./gimu;

/** Text as text: a character reference is never markup, neither to Markdown nor to HTML. */
function escaped(text: string): string {
  return printable(text).replace(ACTIVE, (mark) =>
    /[\\`*_{}[\]#|~!]/.test(mark) ? `\\${mark}` : `&#${mark.charCodeAt(0)};`,
  );
}

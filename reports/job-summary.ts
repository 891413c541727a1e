import { AREAS } from '../helpers/contract/types.ts';
import { printable } from '../helpers/judging/findings.ts';
import { placeOf } from '../helpers/results/finding.ts';
import { OUTCOMES, type RequirementResult, type Results } from '../helpers/results/results.ts';
import { whyAndWhat } from '../helpers/results/unverified.ts';

/** Results as GitHub Markdown; text of the target stays text. */
export function jobSummary(results: Results): string {
  const { cost } = results;
  return [
    `## ${escaped(results.verdict)}: ${escaped(results.target.baseUrl || 'no target')}`,
    `${escaped(results.reason)} ${escaped(results.remedy ?? '')}`.trim(),
    findings('Broken', results, 'fail'),
    findings('Errors of the suite', results, 'error'),
    findings('Warnings', results, 'warn'),
    findings('Waived', results, 'waived'),
    areas(results),
    unverified(results),
    `${cost.requests} requests, ${cost.sessionSeconds.toFixed(1)} s of session, about ${cost.estimatedUsd.toFixed(2)} USD. ` +
      `Contract ${escaped(results.contract.version)}, suite ${escaped(results.suite.version)}.`,
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

function findings(title: string, { requirements }: Results, outcome: RequirementResult['outcome']): string {
  const rows = requirements.filter((row) => row.outcome === outcome);
  if (rows.length === 0) return '';
  return [
    `### ${title}`,
    '',
    '| requirement | finding | where |',
    '|---|---|---|',
    ...rows.map((row) => {
      const [first] = row.violations;
      return `| ${escaped(row.id)} | ${escaped(first?.message ?? row.reason ?? '')} | ${first ? escaped(placeOf(first)) : ''} |`;
    }),
  ].join('\n');
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

function unverified({ requirements }: Results): string {
  const rows = requirements.filter(({ outcome }) => outcome === 'inconclusive' || outcome === 'not-applicable');
  if (rows.length === 0) return '';
  return [
    `<details><summary>Not verified: ${rows.length}</summary>`,
    '',
    '| requirement | reason |',
    '|---|---|',
    ...rows.map((row) => `| ${escaped(row.id)} | ${escaped(whyAndWhat(row))} |`),
    '',
    '</details>',
  ].join('\n');
}

/** A character reference is never markup, neither to Markdown nor to HTML. */
function escaped(text: string): string {
  return printable(text).replace(/[!-,/:-@[-`{-~]/g, (mark) => `&#${mark.charCodeAt(0)};`);
}

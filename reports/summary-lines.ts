import { relative } from 'node:path';
import type picocolors from 'picocolors';
import { AREAS } from '../helpers/contract/types.ts';
import { counted, printable, printableLines } from '../helpers/judging/findings.ts';
import { changeCounts, dueTo, sinceWhen } from '../helpers/results/comparison-text.ts';
import { firstAndMore, placeOf } from '../helpers/results/finding.ts';
import { headlineOf, unverifiedMeans } from '../helpers/results/headline.ts';
import type { Finding } from '../helpers/results/results.ts';
import {
  OUTCOMES,
  type Outcome,
  type RequirementResult,
  type Results,
  type Verdict,
} from '../helpers/results/results.ts';
import { groupedByRemedy } from '../helpers/results/unverified.ts';

type Colors = ReturnType<typeof picocolors.createColors>;

/** More requirements than this no longer fit on one screen; the report holds them all. */
const SHOWN = 12;

/** The one screen after a run. Every line is printable: text of the target cannot act on a terminal. */
export function summaryLines(
  results: Results,
  { colors, out, cwd }: { readonly colors: Colors; readonly out: string; readonly cwd: string },
): readonly string[] {
  const paint = painter(colors);
  return [
    '',
    `${paint[results.verdict](headlineOf(results).replace(/^\S+/, (word) => word.toUpperCase()))}  ${indented(results.reason)}`,
    ...(results.remedy === undefined ? [] : [`  ${indented(results.remedy)}`]),
    ...changeLines(results),
    ...(isSaidByItsReason(results)
      ? []
      : [...areaLines(results, paint), ...findingLines(results, paint), ...unverifiedLines(results)]),
    ...closingLines(results, relative(cwd, out) || out),
    '',
  ];
}

function changeLines({ comparison }: Results): readonly string[] {
  if (comparison === undefined) return [];
  return [
    '',
    `Changed ${sinceWhen(comparison)}: ${changeCounts(comparison)}.`,
    ...comparison.changes.map((change) =>
      printable(`  ${change.id}: ${change.before} → ${change.after}, ${dueTo(change)}`),
    ),
  ];
}

/** A mistake in a file may take several lines; none of them can pass for a line of the suite's own. */
function indented(text: string): string {
  return printableLines(text).replaceAll('\n', '\n    ');
}

/** Where the target was never reached, or the run never came to it, there is nothing to add to the reason. */
function isSaidByItsReason({ verdict, requirements }: Results): boolean {
  return (
    verdict === 'error' &&
    requirements.every(
      ({ area, outcome }) => area === 'contract' || outcome === 'inconclusive' || outcome === 'not-applicable',
    )
  );
}

type Painter = Readonly<Record<Outcome | Verdict, (text: string) => string>>;

/** Colour only repeats what the word says. */
function painter(colors: Colors): Painter {
  const bad = (text: string) => colors.bold(colors.red(text));
  return {
    conformant: (text) => colors.bold(colors.green(text)),
    'non-conformant': bad,
    incomplete: (text) => colors.bold(colors.yellow(text)),
    error: bad,
    pass: colors.green,
    fail: bad,
    warn: colors.yellow,
    waived: colors.yellow,
    inconclusive: colors.dim,
    'not-applicable': colors.dim,
  };
}

function areaLines({ requirements, selection, counts: total }: Results, paint: Painter): readonly string[] {
  const lines = AREAS.flatMap((area) => {
    const members = requirements.filter((row) => row.area === area);
    if (selection === 'filtered' && members.every(({ observations }) => observations === 0)) return [];
    if (members.length === 0) return [];
    const counts = OUTCOMES.map((outcome) => ({
      outcome,
      count: members.filter((row) => row.outcome === outcome).length,
    })).filter(({ count }) => count > 0);
    return [
      `  ${area.padEnd(11)} ${counts.map(({ outcome, count }) => paint[outcome](`${count} ${outcome}`)).join(', ')}`,
    ];
  });
  const means = selection === 'filtered' ? '' : unverifiedMeans(total);
  return ['', ...lines, ...(means === '' ? [] : ['', means])];
}

/** By cause, worst first: what they have in common, then each requirement with its first violation. */
function findingLines({ findings, requirements }: Results, paint: Painter): readonly string[] {
  const byId = new Map<string, RequirementResult>(requirements.map((row) => [row.id, row]));
  let left = SHOWN;
  const lines = findings.flatMap((finding) => {
    const shown = finding.requirements.slice(0, Math.max(0, left));
    left -= finding.requirements.length;
    if (shown.length === 0) return [];
    return [
      ...shown.flatMap((id) => requirementLines(byId.get(id), paint)),
      ...causeLines(finding).map((line) => `         ${printable(line)}`),
    ];
  });
  return [
    ...(lines.length === 0 ? [] : ['', ...lines]),
    ...(left < 0 ? [`  … and ${-left} more requirements in the report.`] : []),
  ];
}

function causeLines({ likelyCause, unverified }: Finding): readonly string[] {
  return [
    ...(likelyCause === undefined ? [] : [`Likely cause: ${likelyCause}`]),
    ...(unverified.length === 0 ? [] : [`Not verified because of this: ${unverified.join(', ')}.`]),
  ];
}

function requirementLines(row: RequirementResult | undefined, paint: Painter): readonly string[] {
  if (row === undefined) return [];
  const [first] = row.violations;
  const where = first && placeOf(first);
  return [
    `  ${paint[row.outcome](row.outcome.toUpperCase().padEnd(6))} ${row.id}: ${printable(firstAndMore(row))}`,
    ...(where ? [`         ${where}`] : []),
    ...(row.outcome === 'fail' && first
      ? [`         Expected: ${printable(first.expected.join('; or '))}`, `         Actual: ${printable(first.actual)}`]
      : []),
    ...(row.outcome === 'waived' && row.reason !== undefined ? [`         ${printable(row.reason)}`] : []),
  ];
}

/** Grouped by what it takes; what follows from a finding stands with the finding. */
function unverifiedLines({ requirements, findings, selection }: Results): readonly string[] {
  if (selection === 'filtered') return [];
  const explained = new Set<string>(findings.flatMap(({ unverified }) => unverified));
  const open = requirements.filter(
    ({ id, outcome }) => (outcome === 'inconclusive' || outcome === 'not-applicable') && !explained.has(id),
  );
  return open.length === 0 ? [] : ['', 'Not verified, and what it takes:', ...groupedByRemedy(open)];
}

function closingLines({ cost, files, requirements, run, product, settings }: Results, out: string): readonly string[] {
  const price = cost.estimatedUsd > 0 ? `, billed at about ${cost.estimatedUsd.toFixed(2)} USD by the list price` : '';
  const reports = Object.values(files).map((file) => `${out}/${file}`);
  const named = [product?.name, product?.version, product?.environment && `(${product.environment})`].filter(Boolean);
  const identity = [
    ...(named.length === 0 ? [] : [`Product: ${named.join(' ')}`]),
    ...(run?.id === undefined ? [] : [`Run: ${run.id}`]),
    ...(run === undefined || run.streamIds.length === 0 ? [] : [`Stream: ${run.streamIds.join(', ')}`]),
    ...(run?.recordingSha256 === undefined ? [] : [`Recording: SHA-256 ${run.recordingSha256}`]),
  ];
  return [
    ...(requirements.length === 0 || settings === null
      ? []
      : [
          '',
          ...identity.map(printable),
          `Cost: ${counted(cost.requests, 'request')}, ${cost.subscriptions} of them subscriptions; ${cost.sessionSeconds.toFixed(1)} s of session${price}.`,
        ]),
    ...(reports.length === 0
      ? ['', `Results: ${out}/results.json`]
      : ['Reports:', ...reports.map((path) => `  ${path}`)]),
  ];
}

import { relative } from 'node:path';
import type picocolors from 'picocolors';
import { AREAS } from '../helpers/contract/types.ts';
import { counted, printable, printableLines } from '../helpers/judging/findings.ts';
import { placeOf } from '../helpers/results/finding.ts';
import {
  OUTCOMES,
  type Outcome,
  type RequirementResult,
  type Results,
  type Verdict,
} from '../helpers/results/results.ts';
import { groupedByRemedy } from '../helpers/results/unverified.ts';

type Colors = ReturnType<typeof picocolors.createColors>;

/** More findings than this no longer fit on one screen; the report holds them all. */
const TOLD = 12;

/** The one screen after a run. Every line is printable: text of the target cannot act on a terminal. */
export function summaryLines(
  results: Results,
  { colors, out, cwd }: { readonly colors: Colors; readonly out: string; readonly cwd: string },
): readonly string[] {
  const paint = painter(colors);
  return [
    '',
    `${paint[results.verdict](results.verdict.toUpperCase())}  ${indented(results.reason)}`,
    ...(results.remedy === undefined ? [] : [`  ${indented(results.remedy)}`]),
    ...(toldInOneLine(results)
      ? []
      : [...areaLines(results, paint), ...findingLines(results, paint), ...unverifiedLines(results)]),
    ...closingLines(results, relative(cwd, out) || out),
    '',
  ];
}

/** A mistake in a file may take several lines; none of them can pass for a line of the suite's own. */
function indented(text: string): string {
  return printableLines(text).replaceAll('\n', '\n    ');
}

/** Where the target was never reached, or the run never came to it, there is nothing to add to the reason. */
function toldInOneLine({ verdict, requirements }: Results): boolean {
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

function areaLines({ requirements, selection }: Results, paint: Painter): readonly string[] {
  const lines = AREAS.flatMap((area) => {
    const members = requirements.filter((row) => row.area === area);
    if (selection === 'filtered' && members.every(({ observations }) => observations === 0)) return [];
    if (members.length === 0) return [];
    const counts = OUTCOMES.map((outcome) => ({
      outcome,
      count: members.filter((row) => row.outcome === outcome).length,
    })).filter(({ count }) => count > 0);
    const told = counts.map(({ outcome, count }) => paint[outcome](`${count} ${outcome}`)).join(', ');
    return [`  ${area.padEnd(11)} ${told}`];
  });
  return ['', ...lines];
}

function findingLines({ requirements }: Results, paint: Painter): readonly string[] {
  const order: readonly Outcome[] = ['error', 'fail', 'warn', 'waived'];
  const found = order.flatMap((outcome) => requirements.filter((row) => row.outcome === outcome));
  if (found.length === 0) return [];
  const lines = found.slice(0, TOLD).flatMap((row) => findingOf(row, paint));
  const more = found.length - TOLD;
  return ['', ...lines, ...(more > 0 ? [`  … and ${more} more in the report.`] : [])];
}

function findingOf(row: RequirementResult, paint: Painter): readonly string[] {
  const [first] = row.violations;
  const more = row.violationCount > 1 ? ` (and ${row.violationCount - 1} more)` : '';
  const where = first && placeOf(first);
  const message = first === undefined ? (row.reason ?? '') : first.message;
  return [
    `  ${paint[row.outcome](row.outcome.toUpperCase().padEnd(6))} ${row.id}: ${printable(message)}${more}`,
    ...(where ? [`         ${where}`] : []),
    ...(row.outcome === 'waived' && row.reason !== undefined ? [`         ${printable(row.reason)}`] : []),
  ];
}

/** Grouped by what it takes; a lack that follows from a failure is told by that failure. */
function unverifiedLines({ requirements, selection }: Results): readonly string[] {
  if (selection === 'filtered') return [];
  const open = requirements.filter(({ outcome }) => outcome === 'inconclusive' || outcome === 'not-applicable');
  const roots = open.filter(({ because }) => because === undefined);
  const consequent = open.filter(({ because }) => because !== undefined);
  const causes = [...new Set(consequent.map(({ because }) => because))].join(', ');
  return [
    ...(roots.length === 0 ? [] : ['', 'Not verified, and what it takes:', ...groupedByRemedy(roots)]),
    ...(consequent.length === 0
      ? []
      : ['', `Not verified because of ${causes}: ${counted(consequent.length, 'requirement')}.`]),
  ];
}

function closingLines({ cost, files, requirements }: Results, out: string): readonly string[] {
  const spent =
    cost.estimatedUsd > 0
      ? `${cost.sessionSeconds.toFixed(1)} s of session, about ${cost.estimatedUsd.toFixed(2)} USD`
      : `${cost.sessionSeconds.toFixed(1)} s of session`;
  const reports = Object.values(files).map((file) => `${out}/${file}`);
  return [
    ...(requirements.length === 0
      ? []
      : ['', `Cost: ${counted(cost.requests, 'request')}, ${cost.subscriptions} of them subscriptions; ${spent}.`]),
    ...(reports.length === 0
      ? ['', `Results: ${out}/results.json`]
      : ['Reports:', ...reports.map((path) => `  ${path}`)]),
  ];
}

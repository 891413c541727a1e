import { isDeepStrictEqual } from 'node:util';
import { printable } from '../judging/findings.ts';
import type { RequirementResult, Results } from '../results/results.ts';
import type { Section, SubmissionFinding } from './findings.ts';

/** Members that judging again does not give, or that rows below say better. */
const NOT_COMPARED = new Set(['files', 'requirements', 'counts', 'comparison']);
const SECTION_OF: Readonly<Record<string, Section>> = {
  selection: 'filters',
  settings: 'settings',
  contract: 'contract',
  waiverProblems: 'waivers',
  requirementSet: 'requirements',
};

/**
 * Where submitted results are not what judging the recording again gives. `exact`: every text of them, too; only for
 * results of this very suite, since another version may say the same in other words.
 */
export function resultDifferences(
  submitted: Results,
  judged: Results,
  { exact }: { readonly exact: boolean },
): readonly SubmissionFinding[] {
  const again = JSON.parse(JSON.stringify(judged)) as Results;
  const rows = new Map(submitted.requirements.map((row) => [row.id, row]));
  const findings: SubmissionFinding[] = [];
  for (const row of again.requirements) {
    const finding = rowDifference(rows.get(row.id), row, exact);
    if (finding !== undefined) findings.push(finding);
    rows.delete(row.id);
  }
  for (const id of rows.keys())
    findings.push({ section: 'results', message: `${printable(id)} is no requirement of this suite.` });
  if (submitted.requirements.length > again.requirements.length && rows.size === 0)
    findings.push({ section: 'results', message: 'A requirement stands twice in the submitted results.' });
  const members = new Set([...Object.keys(submitted), ...Object.keys(again)]);
  const texts = new Set(['reason', 'remedy', 'gaps', 'waiverProblems', 'findings']);
  for (const name of members) {
    if (NOT_COMPARED.has(name) || (texts.has(name) && !exact)) continue;
    const [claimed, found] = [submitted[name as keyof Results], again[name as keyof Results]];
    if (isDeepStrictEqual(claimed, found)) continue;
    const section = SECTION_OF[name] ?? 'results';
    findings.push({
      section,
      message: `${printable(name)}: submitted as ${shown(claimed)}, found to be ${shown(found)}.`,
    });
  }
  if (!isDeepStrictEqual(submitted.counts, again.counts) && findings.length === 0)
    findings.push({ section: 'results', message: 'The counts are not those of the outcomes.' });
  return findings;
}

function rowDifference(
  submitted: RequirementResult | undefined,
  judged: RequirementResult,
  exact: boolean,
): SubmissionFinding | undefined {
  const { id, outcome } = judged;
  if (submitted === undefined) return { section: 'results', message: `${id} is missing in the submitted results.` };
  if (submitted.outcome !== outcome) {
    const section = submitted.outcome === 'waived' || outcome === 'waived' ? 'waivers' : 'results';
    return {
      section,
      message: `${id}: submitted as ${printable(submitted.outcome)}, judged ${outcome}${because(judged)}.`,
    };
  }
  if (submitted.level !== judged.level || submitted.core !== judged.core)
    return {
      section: 'requirements',
      message: `${id}: its level is ${judged.level}, submitted as ${printable(submitted.level)}.`,
    };
  if (exact && !isDeepStrictEqual(submitted, judged))
    return { section: 'results', message: `${id}: what is submitted of its ${outcome} is not what was found.` };
  return undefined;
}

function because({ violations, reason }: RequirementResult): string {
  const why = violations[0]?.message ?? reason;
  return why === undefined ? '' : ` (${why.replace(/\.$/, '')})`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return printable(text.length > 160 ? `${text.slice(0, 160)}…` : text);
}

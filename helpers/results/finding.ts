import type { Source } from '../contract/types.ts';
import { printable } from '../judging/findings.ts';
import type { ReportedViolation, RequirementResult } from './results.ts';

/** Findings of one requirement that are told in full; the report holds the others. */
const TOLD = 3;

/** What broke a requirement first, and how many more such breaches there are: the same on every surface. */
export function firstAndMore({ violations: [first], violationCount, reason, sentence }: RequirementResult): string {
  return `${first?.message ?? reason ?? sentence}${violationCount > 1 ? ` (and ${violationCount - 1} more)` : ''}`;
}

/** A finding for a terminal or a test report: the sentence, what was expected, what came, its bytes, how to repeat it. */
export function findingText(result: RequirementResult): string {
  const told = result.violations.slice(0, TOLD);
  const more = result.violationCount - told.length;
  return [
    `${result.id} (${result.level}): ${result.sentence}`,
    ...told.map((violation) => `\n${violationText(violation)}`),
    ...(more > 0 ? [`\n… and ${more} more ${more === 1 ? 'violation' : 'violations'} of this requirement.`] : []),
  ].join('\n');
}

function violationText(violation: ReportedViolation): string {
  const [expected = 'nothing of the kind', ...alternatives] = violation.expected;
  const rows: (readonly [label: string, text: string])[] = [
    ['Expected', expected],
    ...alternatives.map((alternative) => ['or', alternative] as const),
    ['Actual', violation.actual],
  ];
  const where = placeOf(violation);
  if (where !== '') rows.push(['Where', where]);
  if (violation.evidence) rows.push(['Bytes', violation.evidence.text]);
  if (violation.curl) rows.push(['Repeat', violation.curl]);
  if (violation.curlNote) rows.push(['Note', violation.curlNote]);
  return [violation.message, ...rows.map(([label, text]) => `  ${`${label}:`.padEnd(9)} ${text}`)]
    .map(printable)
    .join('\n');
}

/** `subscriber "late", event 4, byte 812, at 1.204 s`; empty where a finding rests on no exchange. */
export function placeOf(violation: ReportedViolation): string {
  const { exchange, exchangeName, event, word, byteOffset, at } = violation;
  const parts = [
    exchangeName ?? exchange ?? undefined,
    event === undefined ? undefined : `event ${event}`,
    word === undefined ? undefined : `word ${word}`,
    byteOffset === undefined ? undefined : `byte ${byteOffset}`,
    at === undefined ? undefined : `at ${at.toFixed(3)} s`,
  ];
  return printable(parts.filter((part) => part !== undefined).join(', '));
}

/** The sentence that a requirement rests on, and where it stands. */
export function sourceTexts(requirement: {
  readonly sources: readonly Source[];
}): readonly { readonly quote?: string; readonly place: string }[] {
  return requirement.sources.map((source) =>
    'pointer' in source
      ? { quote: source.quote, place: `openapi/external-api.yaml#${source.pointer}` }
      : {
          ...(source.quote === undefined ? {} : { quote: source.quote }),
          place: `${source.standard} ${source.section} ${source.url}`,
        },
  );
}

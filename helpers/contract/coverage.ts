import { parsePointer, toPointer, valueAt } from './pointer.ts';
import { foldSpace, quotableText, quoteStands } from './quotes.ts';
import type { RequirementCatalogue } from './requirements.ts';
import type { Statement } from './statements.ts';
import type { RequirementId } from './types.ts';

/** A statement of the contract, and the requirements or exclusions that cover it. */
export interface StatementCoverage {
  readonly statement: Statement;
  /** Requirements that rest on it. */
  readonly requirements: readonly RequirementId[];
  /** Why no requirement rests on it, or on a part of it. */
  readonly excluded: readonly string[];
  /** Parts of it that no requirement quotes and no exclusion names. */
  readonly unaccounted: readonly string[];
}

interface Citation {
  readonly pointer: string;
  readonly quote: string;
  readonly id?: RequirementId;
  readonly reason?: string;
}

/** For each statement of the contract: which requirements rest on it, or why none does. Pure. */
export function coverageOf(
  document: unknown,
  statements: readonly Statement[],
  catalogue: RequirementCatalogue,
): readonly StatementCoverage[] {
  const citations = new Map<string, Citation[]>();
  for (const citation of citationsOf(catalogue))
    citations.set(citation.pointer, [...(citations.get(citation.pointer) ?? []), citation]);
  return statements.map((statement) => {
    const covering = [
      ...(citations.get(statement.pointer) ?? []).map((citation) => ({ citation, spans: spansIn(document, citation) })),
      ...citationsOfWholeAbove(document, statement, citations),
    ].filter(({ spans }) => spans.some(([from, to]) => from < statement.end && to > statement.start));
    const ids = covering.flatMap(({ citation }) => (citation.id === undefined ? [] : [citation.id]));
    const reasons = covering.flatMap(({ citation }) => (citation.reason === undefined ? [] : [citation.reason]));
    return {
      statement,
      requirements: [...new Set(ids)],
      excluded: [...new Set(reasons)],
      unaccounted: uncovered(
        statement,
        covering.flatMap(({ spans }) => spans),
      ),
    };
  });
}

/** Quotes, of rows and of exclusions, that the contract no longer has where they say. */
export function staleQuotes(document: unknown, catalogue: RequirementCatalogue): readonly Citation[] {
  return citationsOf(catalogue).filter((citation) => !quoteStands(document, citation));
}

type TextSpan = readonly [from: number, to: number];

function citationsOf({ requirements, excluded }: RequirementCatalogue): readonly Citation[] {
  const quoted = requirements.flatMap(({ id, sources }) =>
    sources.flatMap((source) => ('pointer' in source ? [{ ...source, id }] : [])),
  );
  return [...quoted, ...excluded];
}

/** Where a quote stands in the text at its pointer: all of a value that is no string. */
function spansIn(document: unknown, { pointer, quote }: Citation): readonly TextSpan[] {
  const value = valueAt(document, pointer);
  const text = quotableText(value) ?? '';
  const needle = foldSpace(quote);
  if (typeof value !== 'string') return text.includes(needle) ? [[0, text.length]] : [];
  const spans: TextSpan[] = [];
  for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + 1))
    spans.push([at, at + needle.length]);
  return spans;
}

/** A citation of a whole object or list covers all that stands in it. */
function citationsOfWholeAbove(
  document: unknown,
  statement: Statement,
  citations: ReadonlyMap<string, readonly Citation[]>,
) {
  const tokens = parsePointer(statement.pointer);
  return tokens.flatMap((_, depth) => {
    const pointer = toPointer(tokens.slice(0, depth));
    const whole = quotableText(valueAt(document, pointer));
    return (citations.get(pointer) ?? [])
      .filter(({ quote }) => foldSpace(quote) === whole)
      .map((citation) => ({ citation, spans: [[0, statement.end]] as readonly TextSpan[] }));
  });
}

/** The parts of a statement outside the spans that hold a letter or digit. */
function uncovered({ text, start }: Statement, spans: readonly TextSpan[]): readonly string[] {
  const characters = [...text.split('').entries()].map(([index, character]) =>
    spans.some(([from, to]) => from <= start + index && start + index < to) ? '\0' : character,
  );
  return characters
    .join('')
    .split(/\0+/)
    .map((rest) => rest.trim())
    .filter((rest) => /[\p{L}\p{N}]/u.test(rest));
}

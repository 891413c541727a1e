import { parsePointer, toPointer, valueAt } from './pointer.ts';
import { foldSpace, quotableText, quoteStands } from './quotes.ts';
import type { RequirementCatalogue } from './requirements.ts';
import type { Statement } from './statements.ts';
import type { RequirementId } from './types.ts';

/** A statement of the contract, with what becomes of it. */
export interface Account {
  readonly statement: Statement;
  /** Requirements that rest on it. */
  readonly requirements: readonly RequirementId[];
  /** Why no requirement rests on it, or on a part of it. */
  readonly excluded: readonly string[];
  /** Parts of it that no requirement quotes and no exclusion names. */
  readonly unaccounted: readonly string[];
}

interface Claim {
  readonly pointer: string;
  readonly quote: string;
  readonly id?: RequirementId;
  readonly reason?: string;
}

/** Says for each statement of the contract which requirements rest on it, or why none does. Pure. */
export function accountFor(
  document: unknown,
  statements: readonly Statement[],
  catalogue: RequirementCatalogue,
): readonly Account[] {
  const claims = new Map<string, Claim[]>();
  for (const claim of claimsOf(catalogue)) claims.set(claim.pointer, [...(claims.get(claim.pointer) ?? []), claim]);
  return statements.map((statement) => {
    const covering = [
      ...(claims.get(statement.pointer) ?? []).map((claim) => ({ claim, spans: spansIn(document, claim) })),
      ...wholeClaimsAbove(document, statement, claims),
    ].filter(({ spans }) => spans.some(([from, to]) => from < statement.end && to > statement.start));
    const ids = covering.flatMap(({ claim }) => (claim.id === undefined ? [] : [claim.id]));
    const reasons = covering.flatMap(({ claim }) => (claim.reason === undefined ? [] : [claim.reason]));
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
export function staleQuotes(document: unknown, catalogue: RequirementCatalogue): readonly Claim[] {
  return claimsOf(catalogue).filter((claim) => !quoteStands(document, claim));
}

type Span = readonly [from: number, to: number];

function claimsOf({ requirements, excluded }: RequirementCatalogue): readonly Claim[] {
  const quoted = requirements.flatMap(({ id, sources }) =>
    sources.flatMap((source) => ('pointer' in source ? [{ ...source, id }] : [])),
  );
  return [...quoted, ...excluded];
}

/** Where a quote stands in the text at its pointer: all of a value that is no string. */
function spansIn(document: unknown, { pointer, quote }: Claim): readonly Span[] {
  const value = valueAt(document, pointer);
  const text = quotableText(value) ?? '';
  const needle = foldSpace(quote);
  if (typeof value !== 'string') return text.includes(needle) ? [[0, text.length]] : [];
  const spans: Span[] = [];
  for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + 1))
    spans.push([at, at + needle.length]);
  return spans;
}

/** A claim that quotes the whole of an object or list claims all that stands in it. */
function wholeClaimsAbove(document: unknown, statement: Statement, claims: ReadonlyMap<string, readonly Claim[]>) {
  const tokens = parsePointer(statement.pointer);
  return tokens.flatMap((_, depth) => {
    const pointer = toPointer(tokens.slice(0, depth));
    const whole = quotableText(valueAt(document, pointer));
    return (claims.get(pointer) ?? [])
      .filter(({ quote }) => foldSpace(quote) === whole)
      .map((claim) => ({ claim, spans: [[0, statement.end]] as readonly Span[] }));
  });
}

/** What is left of a statement outside the spans, but for stretches without a letter or digit. */
function uncovered({ text, start }: Statement, spans: readonly Span[]): readonly string[] {
  const characters = [...text.split('').entries()].map(([index, character]) =>
    spans.some(([from, to]) => from <= start + index && start + index < to) ? '\0' : character,
  );
  return characters
    .join('')
    .split(/\0+/)
    .map((rest) => rest.trim())
    .filter((rest) => /[\p{L}\p{N}]/u.test(rest));
}

import { isExclaimedName } from './abbreviations.ts';
import { glueIn } from './glue.ts';
import { isPunctuationToken, isSentenceMark } from './glued-punctuation.ts';
import { scriptMarks } from './script-marks.ts';

/** Kinds of marks that every voice which sets punctuation apart gives, each with its forms in all scripts. */
const KINDS: readonly (readonly [name: string, forms: RegExp])[] = [
  ['full stop', /[.。｡।॥۔։።။។᠃]/u],
  ['comma', /[,，،、､፣꓾]/u],
  ['question mark', /[?？؟՞፧⁇]/u],
  ['exclamation mark', /[!！՜]/u],
  ['semicolon', /[;；؛፤\u037E]/u],
  ['colon', /[:：]/u],
];
/** No word of any language has them inside. */
const UNAMBIGUOUS = /[。｡।॥۔։።။។᠃，،、､፣꓾？؟፧！；؛፤：]/gu;
/** So often the script has a mark before the stream owes it: one may be swallowed. */
const FEWEST = 2;

/** Kinds that a script has at least twice. */
export function dueKinds(script: string): readonly { readonly name: string; readonly count: number }[] {
  const counts = new Map<string, number>([['full stop', scriptMarks(script).fullStops]]);
  const add = (mark: string) => {
    const name = kindOf(mark);
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  };
  for (const mark of script.match(UNAMBIGUOUS) ?? []) add(mark);
  const pieces = script.split(/[\s\p{White_Space}]+/u).filter((piece) => piece !== '');
  for (const [index, piece] of pieces.entries())
    for (const mark of trailingMarks(piece)) if (!(mark === '!' && isNameAt(pieces, index, piece))) add(mark);
  return [...counts].filter(([, count]) => count >= FEWEST).map(([name, count]) => ({ name, count }));
}

/** Kinds of the marks that stand apart in a stream. */
export function kindsIn(tokens: readonly string[]): ReadonlySet<string> {
  const kinds = new Set<string>();
  for (const token of new Set(tokens)) {
    if (!isPunctuationToken(token)) continue;
    for (const mark of token) {
      const name = kindOf(mark);
      if (name !== undefined) kinds.add(name);
    }
  }
  return kinds;
}

export function kindOf(mark: string): string | undefined {
  return KINDS.find(([, forms]) => forms.test(mark))?.[0];
}

/** Those of ASCII after a word: `Hello,"` has a comma, `10:30`, `https://` and `:)` have none. Full stops are left out. */
function trailingMarks(piece: string): readonly string[] {
  if (!/\p{L}|\p{N}/u.test(piece) && !STANDING_MARKS.test(piece)) return [];
  const [tail = ''] = /[^\p{L}\p{N}]*$/u.exec(piece) ?? [];
  return /[/\\]/.test(tail) ? [] : (tail.match(/[,;:?!]/g) ?? []);
}

function isNameAt(pieces: readonly string[], index: number, piece: string): boolean {
  return isExclaimedName(piece.slice(0, -1)) || /^\p{Ll}/u.test(pieces[index + 1] ?? '');
}

/** Marks that stand inside a run of letters are counted only where no word of any language has them inside. */
const INNER_SENTENCE_MARK = /[\p{Terminal_Punctuation}\p{Sentence_Terminal}]/u;
const MARKS_INSIDE_WORDS = /[.,:;!?፡᛫᛬᛭․]/gu;
const STANDING_MARKS = /^[.,;:!?…]+$/u;

/** Whether a script has punctuation at all that a stream must give. */
export function hasSentenceMarks(script: string): boolean {
  if (INNER_SENTENCE_MARK.test(script.replace(MARKS_INSIDE_WORDS, ''))) return true;
  const pieces = script.split(/[\s\p{White_Space}]+/u).filter((piece) => piece !== '');
  // French sets a space before them; `:)` is no such mark.
  if (pieces.some((piece) => STANDING_MARKS.test(piece))) return true;
  return glueIn(pieces, true, scriptMarks(script)).marks.some(({ mark }) => isSentenceMark(mark[0] ?? ''));
}

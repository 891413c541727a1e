import { isListedAbbreviation } from './abbreviations.ts';
import { spelled } from './spelling.ts';

/** Letters as they are compared, and what may stand otherwise than it is written or spoken. */
interface Letters {
  readonly text: string;
  /** For each letter: `WRITTEN` where it may be spoken otherwise, `SILENT` where it may not be spoken at all, else 0. */
  readonly marks: Uint8Array;
}

const WRITTEN = 1;
const SILENT = 2;

/** Units (`kg`) and titles: no voice speaks consonants alone. */
const VOWELLESS = /^\P{L}*[bcdfghjklmnpqrstvwxz]{2,}\P{L}*$/iu;

/** Numbers and what holds digits, signs, abbreviations, addresses and Roman numerals are written otherwise than spoken. */
function isWritten(piece: string): boolean {
  if (/[\p{N}\p{S}&@#%‰*/\\_§°]/u.test(piece) || /\p{L}\.\p{L}/u.test(piece) || /^[IVXLCDM]{2,}\p{P}*$/u.test(piece))
    return true;
  if (VOWELLESS.test(piece)) return true;
  const [, core] = /^\p{P}*(.+)\.\p{P}*$/u.exec(piece) ?? [];
  return core !== undefined && (isListedAbbreviation(core) || /^\p{L}\p{M}*$/u.test(core));
}

/** Instructions to a voice: `[laughs]`. */
const TAGS = /(\[[^\][]*\])/u;

export function lettersOfScript(script: string): Letters {
  const pieces = script
    .split(TAGS)
    .flatMap((part) =>
      TAGS.test(part)
        ? [[part, SILENT] as const]
        : part.split(/[\s\p{White_Space}]+/u).map((piece) => [piece, markOf(piece)] as const),
    );
  return joined(pieces);
}

function markOf(piece: string): number {
  if (/\p{S}/u.test(piece) && !/[\p{L}\p{N}]/u.test(piece)) return SILENT;
  return isWritten(piece) ? WRITTEN : 0;
}

/** Numerals on the stream may stand for number words of the script. */
export function lettersOfWords(words: readonly string[]): Letters {
  return joined(words.map((word) => [word, /\p{N}/u.test(word) ? WRITTEN : 0] as const));
}

function joined(pieces: readonly (readonly [text: string, mark: number])[]): Letters {
  const parts = pieces.map(([text, mark]) => [spelled(text), mark] as const);
  const text = parts.map(([part]) => part).join('');
  const marks = new Uint8Array(text.length);
  let at = 0;
  for (const [part, mark] of parts) {
    marks.fill(mark, at, at + part.length);
    at += part.length;
  }
  return { text, marks };
}

/** Where two texts differ: index of the first letter in each. */
export interface Mismatch {
  readonly spoken: number;
  readonly written: number;
}

/** The first difference that no spoken form explains, such as “seventy two” for 72; undefined where there is none. */
export function mismatchOf(spoken: Letters, written: Letters): Mismatch | undefined {
  let [i, j] = [0, 0];
  for (;;) {
    while (i < spoken.text.length && spoken.text[i] === written.text[j]) {
      i += 1;
      j += 1;
    }
    if (i === spoken.text.length && j === written.text.length) return undefined;
    const next = nextAgreement(spoken, written, i, j);
    if (next === undefined || !isSpokenForm(spoken, written, { spoken: i, written: j }, next))
      return { spoken: i, written: j };
    [i, j] = [next.spoken, next.written];
  }
}

/** So many letters that agree are no accident; before the next number there may be fewer. */
const ANCHOR = 8;
const SHORTEST_ANCHOR = 5;
/** A number takes so many letters to say, and several may stand close together. */
const MOST_SPOKEN = 300;
const MOST_WRITTEN = 120;

/** Where the texts agree again, as soon as may be. */
function nextAgreement(spoken: Letters, written: Letters, i: number, j: number): Mismatch | undefined {
  const ends = spoken.text.length - i <= MOST_SPOKEN && written.text.length - j <= MOST_WRITTEN;
  for (let skipped = 1; skipped <= MOST_SPOKEN + MOST_WRITTEN; skipped += 1)
    for (let there = Math.max(0, skipped - MOST_SPOKEN); there <= Math.min(skipped, MOST_WRITTEN); there += 1) {
      const [from, to] = [i + skipped - there, j + there];
      if (from > spoken.text.length || to > written.text.length) continue;
      const anchor = anchorAt(written, to);
      const agrees =
        to + anchor.length === written.text.length
          ? ends && spoken.text.length - from === anchor.length && spoken.text.endsWith(anchor)
          : anchor.length >= SHORTEST_ANCHOR && goesOnWith(spoken, from, anchor);
      if (agrees) return { spoken: from, written: to };
    }
  return undefined;
}

/** Letters that are spoken as they are written, from there on. */
function anchorAt({ text, marks }: Letters, from: number): string {
  let to = from;
  while (to < text.length && to < from + ANCHOR && (marks[to] ?? 0) === 0) to += 1;
  return text.slice(from, to);
}

/** Before the next numeral of the stream, too, fewer letters will do. */
function goesOnWith({ text, marks }: Letters, from: number, anchor: string): boolean {
  let same = 0;
  while (same < anchor.length && text[from + same] === anchor[same]) same += 1;
  return same === anchor.length || (same >= SHORTEST_ANCHOR && marks[from + same] === WRITTEN);
}

/** An abbreviation leaves out no more letters of its word. */
const MOST_LEFT_OUT = 12;

/** @param to where the texts agree again; what agrees right before it is no part of the difference. */
function isSpokenForm(spoken: Letters, written: Letters, from: Mismatch, to: Mismatch): boolean {
  let [endHeard, endLeft] = [to.spoken, to.written];
  while (endHeard > from.spoken && endLeft > from.written && spoken.text[endHeard - 1] === written.text[endLeft - 1]) {
    endHeard -= 1;
    endLeft -= 1;
  }
  const left = written.marks.subarray(from.written, endLeft);
  const heard = spoken.marks.subarray(from.spoken, endHeard);
  if (heard.length === 0) return left.every((mark) => mark === SILENT);
  // The letters of `St.` and `Prof.` may all agree with what is spoken for them; the digits of a number are it.
  const [at, before] = [from.written, from.written - 1];
  if (left.length === 0)
    return (
      written.marks[at] === WRITTEN ||
      (heard.length <= MOST_LEFT_OUT && written.marks[before] === WRITTEN && /\p{L}/u.test(written.text[before] ?? ''))
    );
  if (isWithin(heard)) return true;
  const plain = written.text
    .slice(from.written, endLeft)
    .replace(/./gsu, (letter, at) => (left[at] === 0 ? letter : ' '));
  return (
    isWithin(left) &&
    (heard.includes(WRITTEN) || holdsInOrder(spoken.text.slice(from.spoken, endHeard), plain.split(/ +/)))
  );
}

/** Between two numbers the script's words are spoken as they are written. */
function holdsInOrder(text: string, pieces: readonly string[]): boolean {
  let at = 0;
  for (const piece of pieces) {
    const found = text.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return true;
}

/** Begins and ends with what is written otherwise than it is spoken. */
function isWithin(marks: Uint8Array): boolean {
  return marks[0] !== 0 && marks.at(-1) !== 0;
}

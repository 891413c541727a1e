import { exchangeName } from '../recording/exchange-name.ts';
import type { Subscription, Violation } from './check.ts';
import { atEvent, atWord, counted, measuredSeconds, quoted, shownNumber } from './findings.ts';
import { noiseAt } from './float-noise.ts';

/** Words in order, column by column: a transcript's word table, or the words of an earlier recording. */
export interface WordSequence {
  readonly length: number;
  readonly text: readonly string[];
  readonly start: ArrayLike<number>;
  readonly end: ArrayLike<number>;
}

/** Where two sequences first differ: the index in the first one, and in the second. */
export interface Difference {
  readonly index: number;
  readonly seenIndex: number;
}

function sameWord(a: WordSequence, i: number, b: WordSequence, j: number): boolean {
  return (
    i < a.length &&
    j < b.length &&
    a.text[i] === b.text[j] &&
    sameTime(a.start[i], b.start[j]) &&
    sameTime(a.end[i], b.end[j])
  );
}

/** The first words of a sequence, or all of them where it has no more. */
export function firstOf(words: WordSequence, count: number): WordSequence {
  return { ...words, length: Math.min(count, words.length) };
}

/** Times that differ by no more, in seconds, are equal: 32-bit floats and rounding to milliseconds conform, tenths do not. */
export const TIME_TOLERANCE_SECONDS = 0.001;

/** `-0` is zero; what is no finite number equals itself. */
function sameTime(a = Number.NaN, b = Number.NaN): boolean {
  return a === b || Math.abs(a - b) <= TIME_TOLERANCE_SECONDS + noiseAt(a) || (Number.isNaN(a) && Number.isNaN(b));
}

/** Same tokens, same times to a millisecond, same order. `from`: where in the truth to begin. */
export function differenceOf(truth: WordSequence, seen: WordSequence, from = 0): Difference | undefined {
  if (truth === seen && from === 0) return undefined;
  const expected = truth.length - from;
  let prefix = 0;
  while (prefix < expected && sameWord(truth, from + prefix, seen, prefix)) prefix += 1;
  if (prefix === expected && prefix === seen.length) return undefined;
  return { index: from + prefix, seenIndex: prefix };
}

/** Whether a sequence is the truth but for words that it lacks. */
export function lacksWordsOf(truth: WordSequence, seen: WordSequence): boolean {
  let found = 0;
  for (let index = 0; index < truth.length && found < seen.length; index += 1)
    if (sameWord(truth, index, seen, found)) found += 1;
  return found === seen.length && seen.length < truth.length;
}

/**
 * How many words of history a sequence lacks: where its first word stands in the truth. Zero where it starts as the
 * truth does, and where its first word stands nowhere in it (then values differ, and nothing is known to be missing).
 */
export function missingHistory(truth: WordSequence, seen: WordSequence): number {
  if (seen.length === 0) return truth.length;
  for (let index = 0; index < truth.length; index += 1) if (sameWord(truth, index, seen, 0)) return index;
  return 0;
}

/** `"Ada" 1.1–1.5 s`, or that there is no word. */
export function shownWord(words: WordSequence, index: number): string {
  const [text, start, end] = [words.text[index], words.start[index], words.end[index]];
  if (text === undefined || start === undefined || end === undefined) return 'no further word';
  return `${quoted(text, 40)} ${shownNumber(start)}–${shownNumber(end)} s`;
}

/** As it was sent, where two words that differ look alike: every digit, and what is beyond ASCII by its code points. */
function spelledWord(words: WordSequence, index: number): string {
  const text = (words.text[index] ?? '').replace(
    /[^ -~]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16).padStart(4, '0')}}`,
  );
  return `${quoted(text, 80)} ${words.start[index]}–${words.end[index]} s`;
}

/** How many words are missing, too many or others, and then the totals. */
function shownFigures(truth: WordSequence, seen: WordSequence, { index, seenIndex }: Difference): string {
  let [at, seenAt, missing, extra] = [index, seenIndex, 0, 0];
  // Side by side, in the order of their times: a word that the other side does not have lets the other side wait.
  while (at < truth.length || seenAt < seen.length) {
    if (sameWord(truth, at, seen, seenAt)) {
      at += 1;
      seenAt += 1;
    } else if (at < truth.length && !(startOf(truth, at) > startOf(seen, seenAt))) {
      missing += 1;
      at += 1;
    } else {
      extra += 1;
      seenAt += 1;
    }
  }
  const there = truth.length - (index - seenIndex);
  if (missing === extra)
    return `${missing} of ${counted(there, 'word')} ${missing === 1 ? 'differs' : 'differ'}${shownShift(truth, seen, { index, seenIndex })}`;
  const totals = `(${seen.length} here, ${there} there)`;
  if (extra === 0) return `${counted(missing, 'word')} missing ${totals}`;
  if (missing === 0) return `${counted(extra, 'word')} too many ${totals}`;
  return `${counted(missing, 'word')} missing and ${extra} too many ${totals}`;
}

/** Where the one difference is that all words come so much earlier or later. */
function shownShift(truth: WordSequence, seen: WordSequence, { index, seenIndex }: Difference): string {
  const shift = (seen.start[seenIndex] ?? Number.NaN) - (truth.start[index] ?? Number.NaN);
  const shifted = (times: ArrayLike<number>) => Float64Array.from(times, (time) => time + shift);
  const moved = { ...truth, start: shifted(truth.start), end: shifted(truth.end) };
  if (seenIndex > 0 || !Number.isFinite(shift) || differenceOf(moved, seen, index) !== undefined) return '';
  return `, each ${measuredSeconds(Math.abs(shift))} ${shift < 0 ? 'earlier' : 'later'}`;
}

/** Seconds by which all words are later (negative: earlier), as a message says it. */
export function shiftSaidIn(message: string): number | undefined {
  const [, seconds, direction] = /, each (\S+) s (earlier|later), the first at word /.exec(message) ?? [];
  return seconds === undefined ? undefined : Number(seconds) * (direction === 'earlier' ? -1 : 1);
}

/** Behind its end, a sequence waits for the other one. */
function startOf({ start, length }: WordSequence, index: number): number {
  return index < length ? (start[index] ?? Number.NaN) : Number.POSITIVE_INFINITY;
}

function normal(words: WordSequence, index: number): string {
  return shownWord(words, index).normalize('NFKC');
}

/** The finding that a subscription's words differ from what they should equal. `name`: of what they are compared with. */
export function differs(
  subscription: Subscription,
  truth: WordSequence,
  difference: Difference,
  name: string,
): Violation {
  const { words, events } = subscription.transcript;
  const { index, seenIndex } = difference;
  const shown = normal(truth, index) === normal(words, seenIndex) ? spelledWord : shownWord;
  const expected = shown(truth, index);
  const actual = shown(words, seenIndex);
  const event = events[words.event[seenIndex] ?? -1] ?? events.at(-1);
  const place =
    seenIndex < words.length
      ? atWord(subscription, seenIndex)
      : event === undefined
        ? { exchange: subscription.exchange.id }
        : atEvent(subscription, event);
  const batch = event === undefined ? '' : `, event ${event.index}`;
  const figures = shownFigures(truth, words, difference);
  return {
    message: `The words of ${exchangeName(subscription.exchange)} differ from ${name}: ${figures}, the first at word ${seenIndex}${batch}: ${expected} there, ${actual} here (times compared to ${TIME_TOLERANCE_SECONDS * 1000} ms).`,
    expected: [expected],
    actual,
    ...place,
  };
}

import type { Transcript, WordTable } from '../transcript/transcript.ts';
import type { Evidence, Subscription } from './check.ts';
import { noiseAt } from './float-noise.ts';
import { isSpoken } from './glued-punctuation.ts';
import { perTranscript } from './root-causes.ts';
import { isItsScript, occurrencesOf, scriptOf } from './spelling.ts';
import { hasWholeSecondsOnly, sameBounds } from './word-times.ts';

/** Word events that a stream delivers again. */
interface Duplicates {
  readonly count: number;
  /** Whether a word delivered again starts before the one ahead of it. */
  readonly timesFall: boolean;
  /** Index of the word event that this one repeats; -1 where it repeats none. */
  originalOf(word: number): number;
}

/** Equal word events at one time, from `first` up to `end`: parts of a word (`谢` `谢`) and marks (`!` `!`) may be such. */
interface Echo {
  readonly first: number;
  readonly again: number;
  readonly end: number;
}

interface Repetitions extends Duplicates {
  /** Not counted, for only a script tells whether they are one too many. */
  readonly echoes: readonly Echo[];
}

const NONE: Repetitions = { count: 0, timesFall: false, originalOf: () => -1, echoes: [] };
/** In seconds: the starts, and the ends, of one word that is found twice differ by no more. */
const MOVED = 0.05;
const END_MOVED = 0.1;
/** Where times begin again, fewer words are equal by coincidence. */
const FEWEST_BESIDE_RESTARTS = 3;
/** In no script are so many words said twice. */
const TELLING_ECHOES = 4;
const TELLING_SHARE = 0.3;

/**
 * Word events of the same text as an earlier one, at its time or moved by hundredths. Left out are words that are equal for
 * another reason: the times began again (relative to the batch or utterance), or events share one time.
 */
export const duplicatesOf = perTranscript(({ words }: Transcript): Repetitions => {
  const repeated = repeatedWords(words);
  if (repeated === undefined) return NONE;
  const { start, length } = words;
  const restarts = hasRestart(words, repeated);
  const echoes: Echo[] = [];
  let count = 0;
  let timesFall = false;
  let highest = Number.NEGATIVE_INFINITY;
  for (let word = 0; word < length; ) {
    const first = word;
    let back = false;
    let moved = false;
    for (; word < length && (repeated[word] ?? -1) >= 0; word += 1) {
      const original = repeated[word] ?? 0;
      back ||= (start[word] ?? 0) < highest - noiseAt(highest);
      moved ||= isSpoken(words.text[word] ?? '') && !sameBounds(words, original, word);
    }
    if (word === first) {
      highest = larger(highest, start[word]);
      word += 1;
      continue;
    }
    const goesOn =
      (!restarts || word - first >= FEWEST_BESIDE_RESTARTS) &&
      (word === length ? !restarts : (start[word] ?? 0) >= highest - noiseAt(highest));
    if (goesOn && (back || moved)) {
      count += word - first;
      timesFall ||= back;
    } else {
      if (goesOn) echoes.push({ first: repeated[first] ?? 0, again: first, end: word });
      else repeated.fill(-1, first, word);
    }
  }
  const everywhere = isEverywhere(words, echoes);
  const originals = everywhere ? repeated : without(repeated, echoes);
  for (const { again, end } of everywhere ? echoes : []) count += end - again;
  return { count, timesFall, originalOf: (at) => originals[at] ?? -1, echoes: everywhere ? [] : echoes };
});

/** Word events of a subscription that are one too many: a known script tells which echoes are. */
export function excessIn(evidence: Evidence, subscription: Subscription): Repetitions {
  const duplicates = duplicatesOf(subscription.transcript);
  const { echoes } = duplicates;
  if (duplicates.count + echoes.length === 0) return NONE;
  if (!duplicates.timesFall && isItsScript(evidence, subscription)) return NONE;
  const script = scriptOf(evidence, subscription.streamId);
  if (script === undefined || echoes.length === 0) return duplicates;
  const { text } = subscription.transcript.words;
  const occurrences = occurrencesOf(text, script);
  const surplus = echoes.filter(({ first, again, end }) => {
    const token = text[again] ?? '';
    const wanted = occurrences.inScript(token);
    if (wanted === 0) return false;
    return !occurrences.areInARow(text.slice(first, end)) || occurrences.inStream(token) > wanted;
  });
  const originals = new Map<number, number>();
  for (const { first, again, end } of surplus) for (let word = again; word < end; word += 1) originals.set(word, first);
  return {
    count: duplicates.count + originals.size,
    timesFall: duplicates.timesFall,
    originalOf: (word) => originals.get(word) ?? duplicates.originalOf(word),
    echoes: echoes.filter((echo) => !surplus.includes(echo)),
  };
}

function without(repeated: Int32Array, echoes: readonly Echo[]): Int32Array {
  for (const { again, end } of echoes) repeated.fill(-1, again, end);
  return repeated;
}

/** Whether so many different words stand twice that the stream, not the speech, doubles them. */
function isEverywhere(words: WordTable, echoes: readonly Echo[]): boolean {
  const { text, start, end, length } = words;
  if (echoes.length < TELLING_ECHOES || hasWholeSecondsOnly(words)) return false;
  const doubled = new Set<string>();
  let surplus = 0;
  for (const { again, end: limit } of echoes) {
    const token = text[again] ?? '';
    if (!isSpoken(token) || !((end[again] ?? 0) > (start[again] ?? 0))) continue;
    doubled.add(token);
    surplus += limit - again;
  }
  if (doubled.size < TELLING_ECHOES) return false;
  let spoken = 0;
  for (let word = 0; word < length; word += 1) if (isSpoken(text[word] ?? '')) spoken += 1;
  return surplus >= spoken * TELLING_SHARE;
}

function larger(highest: number, value: number | undefined): number {
  return value !== undefined && value > highest ? value : highest;
}

/** Whether the times go back somewhere at a word that is new: then equal words may be a coincidence. */
function hasRestart({ start, length }: WordTable, repeated: Int32Array): boolean {
  let previous = Number.NEGATIVE_INFINITY;
  for (let word = 0; word < length; word += 1) {
    const from = start[word] ?? Number.NaN;
    if (from < previous - noiseAt(previous) && repeated[word] === -1) return true;
    if (!Number.isNaN(from)) previous = from;
  }
  return false;
}

/** Words before a word that may stand at its time, where times do not go back. */
const LOOKED_BACK = 8;

/**
 * For each word the index of the first that it repeats, or -1; undefined where no word repeats one. While times do not go
 * back, only the last few words can be repeated; from the first step back on, all earlier ones are looked up.
 */
function repeatedWords(words: WordTable): Int32Array | undefined {
  const { start, length } = words;
  let repeated: Int32Array | undefined;
  let earlier: EarlierWords | undefined;
  let highest = Number.NEGATIVE_INFINITY;
  for (let word = 0; word < length; word += 1) {
    const from = start[word] ?? Number.NaN;
    if (from < highest - noiseAt(highest)) earlier ??= new EarlierWords(words, word);
    const original = earlier === undefined ? repeatedNearby(words, word) : earlier.repeatedBy(word);
    if (original >= 0) {
      repeated ??= new Int32Array(length).fill(-1);
      repeated[word] = (repeated[original] ?? -1) >= 0 ? (repeated[original] ?? -1) : original;
    } else earlier?.add(word);
    if (from > highest) highest = from;
  }
  return repeated;
}

function repeatedNearby(words: WordTable, word: number): number {
  const from = (words.start[word] ?? Number.NaN) - MOVED;
  const last = Math.max(0, word - LOOKED_BACK);
  for (let before = word - 1; before >= last && (words.start[before] ?? Number.NaN) >= from; before -= 1)
    if (words.text[before] === words.text[word] && isOneWord(words, before, word)) return before;
  return -1;
}

/** Of two words of the same text: whether they are one, found twice. */
function isOneWord(words: WordTable, a: number, b: number): boolean {
  if (sameBounds(words, a, b)) return true;
  const [fromA = Number.NaN, fromB = Number.NaN] = [words.start[a], words.start[b]];
  const [toA = Number.NaN, toB = Number.NaN] = [words.end[a], words.end[b]];
  if (!(Math.abs(fromA - fromB) <= MOVED && Math.abs(toA - toB) <= END_MOVED)) return false;
  if (!isSpoken(words.text[a] ?? '')) return true;
  const both = Math.min(toA, toB) - Math.max(fromA, fromB);
  return both > Math.max(toA - fromA, toB - fromB) / 2;
}

/** Words by their text and the stretch of time in which they start. */
class EarlierWords {
  readonly #words: WordTable;
  readonly #first = new Map<string, number>();

  constructor(words: WordTable, count: number) {
    this.#words = words;
    for (let word = 0; word < count; word += 1) this.add(word);
  }

  add(word: number): void {
    const key = this.#key(word, 0);
    if (!this.#first.has(key)) this.#first.set(key, word);
  }

  repeatedBy(word: number): number {
    for (const stretch of [0, -1, 1]) {
      const before = this.#first.get(this.#key(word, stretch));
      if (before !== undefined && isOneWord(this.#words, before, word)) return before;
    }
    return -1;
  }

  #key(word: number, stretch: number): string {
    return `${Math.floor((this.#words.start[word] ?? 0) / MOVED) + stretch} ${this.#words.text[word]}`;
  }
}

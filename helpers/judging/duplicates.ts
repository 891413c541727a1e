import type { Transcript, WordTable } from '../transcript/transcript.ts';
import type { Evidence, Subscription } from './check.ts';
import { noiseAt } from './float-noise.ts';
import { perTranscript } from './root-causes.ts';
import { isItsScript } from './spelling.ts';

/** Word events that a stream delivers again. */
export interface Duplicates {
  readonly count: number;
  /** Whether the times go back where words are delivered again. */
  readonly goBack: boolean;
  /** Index of the word event that this one repeats; -1 where it repeats none. */
  originalOf(word: number): number;
}

const NONE: Duplicates = { count: 0, goBack: false, originalOf: () => -1 };

/**
 * Word events of the same text, start and end as an earlier one. Left out are words that are equal for another reason:
 * the times began again (relative to the batch or utterance), or several events share one time (`...` as three marks
 * without length, `no, no` in times of whole seconds).
 */
export const duplicatesOf = perTranscript(({ words }: Transcript): Duplicates => {
  const repeated = repeatedWords(words);
  if (repeated === undefined) return NONE;
  const { start, end, length } = words;
  const restarts = hasRestart(words, repeated);
  const coarse = hasWholeSecondsOnly(start);
  let count = 0;
  let goBack = false;
  let highest = Number.NEGATIVE_INFINITY;
  let word = 0;
  while (word < length) {
    if (repeated[word] === -1) {
      highest = larger(highest, start[word]);
      word += 1;
      continue;
    }
    const first = word;
    let lasting = false;
    let back = false;
    for (; word < length && repeated[word] !== -1; word += 1) {
      const from = start[word] ?? 0;
      if ((end[word] ?? 0) > from) lasting = true;
      if (from < highest - noiseAt(highest)) back = true;
    }
    const goesOn = word === length ? !restarts : (start[word] ?? 0) >= highest - noiseAt(highest);
    const follows = (repeated[first] ?? 0) + (word - first) === first;
    if (goesOn && (back || (lasting && follows && !coarse))) {
      count += word - first;
      goBack ||= back;
    } else repeated.fill(-1, first, word);
  }
  return count === 0 ? NONE : { count, goBack, originalOf: (at) => repeated[at] ?? -1 };
});

/**
 * Those of a subscription that are one too many. Parts of a word may share its times (`ha` and `ha` of “haha”), where the
 * known script has them all and no time goes back.
 */
export function excessIn(evidence: Evidence, subscription: Subscription): Duplicates {
  const duplicates = duplicatesOf(subscription.transcript);
  return duplicates.count > 0 && !duplicates.goBack && isItsScript(evidence, subscription) ? NONE : duplicates;
}

function larger(highest: number, value: number | undefined): number {
  return value !== undefined && value > highest ? value : highest;
}

function hasWholeSecondsOnly(start: Float64Array): boolean {
  return start.every((from) => Number.isNaN(from) || Number.isInteger(from));
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

/**
 * For each word the index of its first equal, or -1; undefined where no word has one.
 * Only a word that starts no later than one before it can repeat an earlier one, so a stream in order costs one pass;
 * texts are compared only among words that share their start with such a word.
 */
function repeatedWords({ text, start, end, length }: WordTable): Int32Array | undefined {
  const shared = new Set<number>();
  let highest = Number.NEGATIVE_INFINITY;
  for (let word = 0; word < length; word += 1) {
    const from = start[word] ?? Number.NaN;
    if (from > highest) highest = from;
    else if (from <= highest) shared.add(from);
  }
  if (shared.size === 0) return undefined;
  const seen = new Map<string, number>();
  const repeated = new Int32Array(length).fill(-1);
  let any = false;
  for (let word = 0; word < length; word += 1) {
    const from = start[word] ?? Number.NaN;
    if (!shared.has(from)) continue;
    const key = `${from} ${end[word]} ${text[word]}`;
    const earlier = seen.get(key);
    if (earlier === undefined) seen.set(key, word);
    else {
      repeated[word] = earlier;
      any = true;
    }
  }
  return any ? repeated : undefined;
}

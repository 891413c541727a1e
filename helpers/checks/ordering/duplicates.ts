import type { Transcript } from '../../transcript/transcript.ts';
import { perTranscript } from '../judging.ts';
import { noiseAt } from './noise.ts';

export interface Duplicates {
  /** For each word that repeats an earlier one: the earlier one's index. In the order of the stream. */
  readonly originals: ReadonlyMap<number, number>;
}

const NONE: Duplicates = { originals: new Map() };

/**
 * Word events that the stream delivers again: same text, start and end as an earlier one.
 * Left out are equal words of zero length at the time where the stream stands anyway (`...` as three events), and words
 * that are equal only because the times began again (relative to the batch or utterance).
 */
export const duplicatesOf = perTranscript((transcript): Duplicates => {
  const repeats = repeatedWords(transcript);
  if (repeats.size === 0) return NONE;
  const { start, end } = transcript.words;
  const originals = new Map<number, number>();
  const restarts = hasRestart(transcript, repeats);
  let highest = Number.NEGATIVE_INFINITY;
  for (let word = 0; word < transcript.words.length; word += 1) {
    if (!repeats.has(word)) {
      highest = larger(highest, start[word]);
      continue;
    }
    const first = word;
    let lasting = false;
    let back = false;
    for (; repeats.has(word); word += 1) {
      const from = start[word] ?? 0;
      if ((end[word] ?? 0) > from) lasting = true;
      if (from < highest - noiseAt(highest)) back = true;
    }
    // `word` is now the first one after the stretch of repeats.
    const atEnd = word >= transcript.words.length;
    const goesOn = atEnd ? !restarts : (start[word] ?? highest) >= highest - noiseAt(highest);
    if (goesOn && (lasting || back))
      for (let repeat = first; repeat < word; repeat += 1) originals.set(repeat, repeats.get(repeat) ?? repeat);
    highest = larger(highest, start[word]);
  }
  return { originals };
});

function larger(highest: number, value: number | undefined): number {
  return value !== undefined && value > highest ? value : highest;
}

/** Whether the times go back somewhere at a word that is new: then equal words may be a coincidence. */
function hasRestart({ words }: Transcript, repeats: ReadonlyMap<number, number>): boolean {
  let previous = Number.NEGATIVE_INFINITY;
  for (let word = 0; word < words.length; word += 1) {
    const start = words.start[word] ?? Number.NaN;
    if (start < previous - noiseAt(previous) && !repeats.has(word)) return true;
    if (!Number.isNaN(start)) previous = start;
  }
  return false;
}

/**
 * Only a word that starts no later than one before it can repeat an earlier one, so a stream in order costs one pass;
 * texts are compared only among words that share their start with such a word.
 */
function repeatedWords({ words }: Transcript): Map<number, number> {
  const repeats = new Map<number, number>();
  const shared = new Set<number>();
  let highest = Number.NEGATIVE_INFINITY;
  for (let word = 0; word < words.length; word += 1) {
    const start = words.start[word] ?? Number.NaN;
    if (start > highest) highest = start;
    else if (start <= highest) shared.add(start);
  }
  if (shared.size === 0) return repeats;
  const seen = new Map<string, number>();
  for (let word = 0; word < words.length; word += 1) {
    const start = words.start[word] ?? Number.NaN;
    if (!shared.has(start)) continue;
    const key = `${start} ${words.end[word]} ${words.text[word]}`;
    const earlier = seen.get(key);
    if (earlier === undefined) seen.set(key, word);
    else repeats.set(word, earlier);
  }
  return repeats;
}

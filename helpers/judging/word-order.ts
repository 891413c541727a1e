import { exchangeName } from '../recording/exchange-name.ts';
import type { Transcript } from '../transcript/transcript.ts';
import { duplicatesOf } from './duplicates.ts';
import { noiseAt } from './float-noise.ts';
import { type Obstacle, perTranscript, readableBatches } from './root-causes.ts';

/** A place where the times go back: at `word`, which follows `before`. */
export interface BackwardStep {
  readonly before: number;
  readonly word: number;
}

export interface Order {
  readonly inBatch: readonly BackwardStep[];
  readonly acrossBatches: readonly BackwardStep[];
  /** Where ends go back though starts do not. */
  readonly ends: readonly BackwardStep[];
  /** Backward steps that are there because words were delivered again. */
  readonly explainedByDuplicates: number;
  /** Batches with a word that starts. */
  readonly batches: number;
  /** Words with a start and an end, after another such word. */
  readonly timedWords: number;
  /** Indices of events whose words are not in order. */
  readonly unordered: ReadonlySet<number>;
}

/** Follows the times through the stream, word by word: each step back is found once, not at every word after it. */
export const orderOf = perTranscript((transcript: Transcript): Order => {
  const { start, end } = transcript.words;
  const duplicates = duplicatesOf(transcript);
  const inBatch: BackwardStep[] = [];
  const acrossBatches: BackwardStep[] = [];
  const ends: BackwardStep[] = [];
  const unordered = new Set<number>();
  let explainedByDuplicates = 0;
  let batches = 0;
  let timedWords = 0;
  let before = -1;
  let endBefore = -1;
  for (const event of readableBatches(transcript)) {
    const limit = event.firstWord + event.wordCount;
    let isFirst = true;
    for (let word = event.firstWord; word < limit; word += 1) {
      const from = start[word] ?? Number.NaN;
      const to = end[word] ?? Number.NaN;
      if (Number.isNaN(from)) continue;
      const previous = before < 0 ? Number.NEGATIVE_INFINITY : (start[before] ?? 0);
      const back = from < previous - noiseAt(from);
      if (back) {
        if (!isFirst) unordered.add(event.index);
        if (duplicates.originalOf(word) >= 0) explainedByDuplicates += 1;
        else (isFirst ? acrossBatches : inBatch).push({ before, word });
      }
      if (isFirst) batches += 1;
      isFirst = false;
      before = word;
      // A word that ends before it starts is what ordering.bounds is about.
      if (!(to >= from)) continue;
      const highest = endBefore < 0 ? Number.NEGATIVE_INFINITY : (end[endBefore] ?? 0);
      if (to < highest - noiseAt(to) && !back && duplicates.originalOf(word) < 0)
        ends.push({ before: endBefore, word });
      if (endBefore >= 0) timedWords += 1;
      endBefore = word;
    }
  }
  return { inBatch, acrossBatches, ends, explainedByDuplicates, batches, timedWords, unordered };
});

/** The requirement that words break which go back in time. */
export function disorderOf(transcript: Transcript): Obstacle | undefined {
  const { inBatch, acrossBatches } = orderOf(transcript);
  if (inBatch.length + acrossBatches.length === 0) return undefined;
  return {
    because: inBatch.length > 0 ? 'ordering.in-batch' : 'ordering.across-batches',
    reason: `The words of ${exchangeName(transcript.exchange)} are out of order.`,
  };
}

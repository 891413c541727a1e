import type { Batching, TimedWord } from './pipeline.ts';

export interface BatchLimits {
  readonly maxWords: number;
  /** From the first word's start to the last word's start; a word at exactly this distance opens a new batch. */
  readonly maxStartSpan: number;
  /** From the first word's start to the last word's end, unless the word is alone. */
  readonly maxSpan: number;
  /** Silence that ends a batch. */
  readonly maxPause: number;
}

export const batchLimits: BatchLimits = { maxWords: 10, maxStartSpan: 1, maxSpan: 1.5, maxPause: 0.35 };

/** Groups words; the last group is kept back while `next` would still fit into it. */
export function groupWords(
  pending: readonly TimedWord[],
  next: TimedWord | null,
  limits: BatchLimits = batchLimits,
): Batching {
  const batches: TimedWord[][] = [];
  let batch: TimedWord[] = [];
  for (const word of pending) {
    if (batch.length > 0 && !fits(word, batch, limits)) {
      batches.push(batch);
      batch = [];
    }
    batch.push(word);
  }
  if (batch.length > 0 && (next === null || !fits(next, batch, limits))) {
    batches.push(batch);
    batch = [];
  }
  return { batches, rest: batch };
}

function fits(word: TimedWord, batch: readonly TimedWord[], limits: BatchLimits): boolean {
  const first = batch[0] ?? word;
  const last = batch[batch.length - 1] ?? word;
  return (
    batch.length < limits.maxWords &&
    word.start - first.start < limits.maxStartSpan &&
    word.end - first.start <= limits.maxSpan &&
    word.start - last.end <= limits.maxPause
  );
}

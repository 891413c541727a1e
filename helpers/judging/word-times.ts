import type { WordTable } from '../transcript/transcript.ts';
import { noiseAt } from './float-noise.ts';

export function sameBounds({ start, end }: WordTable, a: number, b: number): boolean {
  return sameTime(start[a], start[b]) && sameTime(end[a], end[b]);
}

/** However large the times are: a clock's seconds have the same fractions as others. */
const MOST_NOISE = 0.001;

function sameTime(a = Number.NaN, b = Number.NaN): boolean {
  return a === b || Math.abs(a - b) <= Math.min(noiseAt(a), MOST_NOISE);
}

/** Times of whole seconds, which words share for want of digits. */
export function hasWholeSecondsOnly({ start, end }: WordTable): boolean {
  const isWhole = (seconds: number) => Number.isNaN(seconds) || Number.isInteger(seconds);
  return start.every(isWhole) && end.every(isWhole);
}

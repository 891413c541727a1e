const MICROSECOND = 1e-6;
/** Relative spacing of single-precision numbers, which some servers keep times in. */
const SINGLE_PRECISION = 2 ** -23;

/** What binary fractions may add to a time of this size: a difference that small is no difference. */
export function noiseAt(seconds: number): number {
  return MICROSECOND + Math.abs(seconds) * SINGLE_PRECISION;
}

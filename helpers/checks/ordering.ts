import { acrossBatches, ends, inBatch } from '../judging/backward-steps.ts';
import type { Check } from '../judging/check.ts';
import { noDuplicates } from './ordering/no-duplicates.ts';
import { ownTimes } from './ordering/own-times.ts';
import { seconds } from './ordering/seconds.ts';
import { bounds, origin } from './ordering/times.ts';

export const orderingChecks: readonly Check[] = [
  inBatch,
  acrossBatches,
  bounds,
  origin,
  seconds,
  noDuplicates,
  ownTimes,
  ends,
];

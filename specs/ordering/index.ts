import type { Check } from '../../helpers/judging/check.ts';
import { acrossBatches } from './across-batches.ts';
import { bounds } from './bounds.ts';
import { ends } from './ends.ts';
import { inBatch } from './in-batch.ts';
import { noDuplicates } from './no-duplicates.ts';
import { origin } from './origin.ts';
import { ownTimes } from './own-times.ts';
import { seconds } from './seconds.ts';

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

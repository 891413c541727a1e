import type { Check } from './check.ts';
import { acrossBatches, ends, inBatch } from './ordering/backward-steps.ts';
import { noDuplicates } from './ordering/no-duplicates.ts';
import { seconds } from './ordering/seconds.ts';
import { bounds, origin } from './ordering/times.ts';

export const orderingChecks: readonly Check[] = [inBatch, acrossBatches, bounds, origin, seconds, noDuplicates, ends];

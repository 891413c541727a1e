import { batchingChecks } from './batching.ts';
import type { Check } from './check.ts';
import { endingChecks } from './ending.ts';
import { framingChecks } from './framing.ts';
import { orderingChecks } from './ordering.ts';
import { schemaChecks } from './schema.ts';

/** One check per requirement, area by area. */
export const checks: readonly Check[] = [
  ...framingChecks,
  ...endingChecks,
  ...schemaChecks,
  ...batchingChecks,
  ...orderingChecks,
];

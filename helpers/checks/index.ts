import type { Check } from '../judging/check.ts';
import { authChecks } from './auth.ts';
import { batchingChecks } from './batching.ts';
import { contractChecks } from './contract.ts';
import { endingChecks } from './ending.ts';
import { errorsChecks } from './errors.ts';
import { framingChecks } from './framing.ts';
import { httpChecks } from './http.ts';
import { livenessChecks } from './liveness.ts';
import { orderingChecks } from './ordering.ts';
import { rateLimitChecks } from './rate-limit.ts';
import { replayChecks } from './replay.ts';
import { schemaChecks } from './schema.ts';
import { snapshotChecks } from './snapshot.ts';
import { tokensChecks } from './tokens.ts';

/** One check per requirement, area by area. */
export const checks: readonly Check[] = [
  ...contractChecks,
  ...httpChecks,
  ...framingChecks,
  ...endingChecks,
  ...schemaChecks,
  ...batchingChecks,
  ...orderingChecks,
  ...tokensChecks,
  ...livenessChecks,
  ...replayChecks,
  ...snapshotChecks,
  ...errorsChecks,
  ...authChecks,
  ...rateLimitChecks,
];

import type { Check } from '../helpers/judging/check.ts';
import { authChecks } from './auth/index.ts';
import { batchingChecks } from './batching/index.ts';
import { contractChecks } from './contract/index.ts';
import { endingChecks } from './ending/index.ts';
import { errorsChecks } from './errors/index.ts';
import { framingChecks } from './framing/index.ts';
import { httpChecks } from './http/index.ts';
import { livenessChecks } from './liveness/index.ts';
import { orderingChecks } from './ordering/index.ts';
import { rateLimitChecks } from './rate-limit/index.ts';
import { replayChecks } from './replay/index.ts';
import { schemaChecks } from './schema/index.ts';
import { snapshotChecks } from './snapshot/index.ts';
import { tokensChecks } from './tokens/index.ts';

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

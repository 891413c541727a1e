import { authChecks } from '../helpers/checks/auth.ts';
import { errorsChecks } from '../helpers/checks/errors.ts';
import { rateLimitChecks } from '../helpers/checks/rate-limit.ts';
import { replayChecks } from '../helpers/checks/replay.ts';
import { snapshotChecks } from '../helpers/checks/snapshot.ts';
import type { Check } from '../helpers/judging/check.ts';
import { batchingChecks } from './batching/index.ts';
import { contractChecks } from './contract/index.ts';
import { endingChecks } from './ending/index.ts';
import { framingChecks } from './framing/index.ts';
import { httpChecks } from './http/index.ts';
import { livenessChecks } from './liveness/index.ts';
import { orderingChecks } from './ordering/index.ts';
import { schemaChecks } from './schema/index.ts';
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

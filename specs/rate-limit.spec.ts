import { requirement, test } from '../helpers/test.ts';
import { rateLimitChecks } from './rate-limit/index.ts';

/**
 * Past its limit a target says so, and says for how long. Only where the operator allows the burst (WORDS_BURST=1).
 */
for (const { id } of rateLimitChecks) test(...requirement(id));

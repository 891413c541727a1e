import { requirement, test } from '../helpers/test.ts';

/**
 * Past its limit a target says so, and says for how long. Only where the operator allows the burst (WORDS_BURST=1).
 */

test(...requirement('rate-limit.status'));
test(...requirement('rate-limit.retry-after'));
test(...requirement('rate-limit.body'));
test(...requirement('rate-limit.recovers'));

import { requirement, test } from '../helpers/test.ts';

/**
 * How a subscription ends: one `end` event, last of all, with a payload, and then the response closes. Judged on every
 * subscription that ran to its end: live, late, reconnected and snapshot.
 */

test(...requirement('ending.once'));
test(...requirement('ending.last'));
test(...requirement('ending.payload'));
test(...requirement('ending.closes'));

import { requirement, test } from '../helpers/test.ts';

/**
 * Late subscribers: whoever joins, joins again, or joins beside others receives everything from the first word, once.
 */

test(...requirement('replay.from-start'));
test(...requirement('replay.no-gap'));
test(...requirement('replay.concurrent'));
test(...requirement('replay.reconnect'));
test(...requirement('replay.prompt'));

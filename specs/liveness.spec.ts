import { requirement, test } from '../helpers/test.ts';

/**
 * A session that speaks while we listen is heard while it speaks. Judged by arrival times against the length of the
 * session, never by one slow batch.
 */

test(...requirement('liveness.streams'));
test(...requirement('liveness.lag'));

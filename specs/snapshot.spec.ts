import { requirement, test } from '../helpers/test.ts';

/**
 * Completed sessions: the same words as live, again and again, at once.
 */

test(...requirement('snapshot.served'));
test(...requirement('snapshot.equals-live'));
test(...requirement('snapshot.stable'));
test(...requirement('snapshot.durable'));
test(...requirement('snapshot.unwatched'));
test(...requirement('snapshot.prompt'));

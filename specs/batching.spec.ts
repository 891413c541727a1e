import { requirement, test } from '../helpers/test.ts';

/**
 * How words are grouped: the two caps of a batch. Judged on every batch of every subscription, for a cap that is kept
 * live and broken on replay is still broken.
 */

test(...requirement('batching.word-cap'));
test(...requirement('batching.time-cap'));
test(...requirement('batching.time-span'));

import { requirement, test } from '../helpers/test.ts';
import { batchingChecks } from './batching/index.ts';

/**
 * How words are grouped: the two caps of a batch. Judged on every batch of every subscription, for a cap that is kept
 * live and broken on replay is still broken.
 */
for (const { id } of batchingChecks) test(...requirement(id));

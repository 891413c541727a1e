import { requirement, test } from '../helpers/test.ts';
import { snapshotChecks } from './snapshot/index.ts';

/**
 * Completed sessions: the same words as live, again and again, at once.
 */
for (const { id } of snapshotChecks) test(...requirement(id));

import { requirement, test } from '../helpers/test.ts';
import { livenessChecks } from './liveness/index.ts';

/**
 * A session that speaks while we listen is heard while it speaks. Judged by arrival times against the length of the
 * session, never by one slow batch.
 */
for (const { id } of livenessChecks) test(...requirement(id));

import { requirement, test } from '../helpers/test.ts';
import { endingChecks } from './ending/index.ts';

/**
 * How a subscription ends: one `end` event, last of all, with a payload, and then the response closes. Judged on every
 * subscription that ran to its end: live, late, reconnected and snapshot.
 */
for (const { id } of endingChecks) test(...requirement(id));

import { requirement, test } from '../helpers/test.ts';
import { errorsChecks } from './errors/index.ts';

/**
 * Requests that must be refused, and the form of the refusal. Each differs in one thing from a request that succeeded.
 */
for (const { id } of errorsChecks) test(...requirement(id));

import { requirement, test } from '../helpers/test.ts';
import { httpChecks } from './http/index.ts';

/**
 * The response as HTTP: its status, its media type, how its body ends and how it is coded. A stream that breaks off is
 * broken even when all words arrived.
 */
for (const { id } of httpChecks) test(...requirement(id));

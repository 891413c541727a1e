import { requirement, test } from '../helpers/test.ts';
import { authChecks } from './auth/index.ts';

/**
 * Credentials: either scheme suffices alone, anything else is answered 401, and no answer tells more than that.
 */
for (const { id } of authChecks) test(...requirement(id));

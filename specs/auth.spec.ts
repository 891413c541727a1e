import { requirement, test } from '../helpers/test.ts';

/**
 * Credentials: either scheme suffices alone, anything else is answered 401, and no answer tells more than that.
 */

test(...requirement('auth.api-key'));
test(...requirement('auth.bearer'));
test(...requirement('auth.missing'));
test(...requirement('auth.invalid'));
test(...requirement('auth.before-lookup'));
test(...requirement('auth.no-echo'));
test(...requirement('auth.challenge'));
test(...requirement('auth.isolation'));

import { requirement, test } from '../helpers/test.ts';

/**
 * Requests that must be refused, and the form of the refusal. Each differs in one thing from a request that succeeded.
 */

test(...requirement('errors.not-found'));
test(...requirement('errors.bad-request'));
test(...requirement('errors.media-type'));
test(...requirement('errors.envelope'));
test(...requirement('errors.message'));
test(...requirement('errors.code'));
test(...requirement('errors.doc-url'));
test(...requirement('errors.no-leak'));

import { requirement, test } from '../helpers/test.ts';

/**
 * Words as tokens: punctuation stands apart, in any script, and where the spoken script is known the words spell it.
 */

test(...requirement('tokens.punctuation-apart'));
test(...requirement('tokens.punctuation-present'));
test(...requirement('tokens.script'));

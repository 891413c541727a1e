import { requirement, test } from '../helpers/test.ts';
import { tokensChecks } from './tokens/index.ts';

/** Words as tokens: punctuation stands apart, in any script, and where the spoken script is known the words spell it. */
for (const { id } of tokensChecks) test(...requirement(id));

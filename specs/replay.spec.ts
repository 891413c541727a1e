import { requirement, test } from '../helpers/test.ts';
import { replayChecks } from './replay/index.ts';

/**
 * Late subscribers: whoever joins, joins again, or joins beside others receives everything from the first word, once.
 */
for (const { id } of replayChecks) test(...requirement(id));

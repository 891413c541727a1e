import { requirement, test } from '../helpers/test.ts';
import { orderingChecks } from './ordering/index.ts';

/**
 * Time: words in order, within a batch and from one to the next, in seconds from the start of the audio, each with its own
 * bounds, none twice.
 */
for (const { id } of orderingChecks) test(...requirement(id));

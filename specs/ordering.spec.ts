import { requirement, test } from '../helpers/test.ts';

/**
 * Time: words in order, within a batch and from one to the next, in seconds from the start of the audio, none twice.
 */

test(...requirement('ordering.in-batch'));
test(...requirement('ordering.across-batches'));
test(...requirement('ordering.bounds'));
test(...requirement('ordering.origin'));
test(...requirement('ordering.seconds'));
test(...requirement('ordering.no-duplicates'));
test(...requirement('ordering.own-times'));
test(...requirement('ordering.ends'));

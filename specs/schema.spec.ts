import { requirement, test } from '../helpers/test.ts';

/**
 * The payload of each event against the schemas of the contract, every batch and not a sample.
 */

test(...requirement('schema.batch'));
test(...requirement('schema.word-text'));
test(...requirement('schema.one-token'));
test(...requirement('schema.nonempty-batch'));
test(...requirement('schema.unique-members'));
test(...requirement('schema.undocumented'));

import { record, test } from '../helpers/test.ts';

/**
 * Talks to the target once and writes down every byte with its arrival time; then judges the recording, rule by rule.
 * The other specs only show what was found here, so that a failed test costs the target nothing.
 */
test(...record());

import { record, test } from '../helpers/test.ts';

/**
 * The target is talked to once, by a process beside Playwright's workers, which writes down every byte with its arrival
 * time and then judges the recording, rule by rule. This passes when the first words are there; the other specs only show
 * what was found, so that a failed test costs the target nothing.
 */
test(...record());

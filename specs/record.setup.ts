import { record, test } from '../helpers/test.ts';
import { checks } from './checks.ts';

/**
 * Talks to the target once, writes down every byte with its arrival time, and judges the recording, rule by rule. The other
 * specs only show what was found, so that a failed test costs the target nothing. `npm run certify` does the same before it
 * starts Playwright, and leaves this out.
 */
test(...record(checks));

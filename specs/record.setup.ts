import { record, test } from '../helpers/test.ts';

/**
 * Talks to the target once, writes down every byte with its arrival time, and judges the recording, rule by rule. The other
 * specs only show what was found, so that a failed test costs the target nothing. Where this is left out, as `--ui` and
 * editors do unless told otherwise, the first of them records. `npm run certify` has judged before it starts Playwright.
 */
test(...record());

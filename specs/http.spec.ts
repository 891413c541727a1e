import { requirement, test } from '../helpers/test.ts';

/**
 * The response as HTTP: its status, its media type, how its body ends and how it is coded. A stream that breaks off is
 * broken even when all words arrived.
 */

test(...requirement('http.status'));
test(...requirement('http.content-type'));
test(...requirement('http.complete-body'));
test(...requirement('http.content-coding'));
test(...requirement('http.cache'));

import { requirement, test } from '../helpers/test.ts';
import { framingChecks } from './framing/index.ts';

/**
 * The bytes as an event stream (WHATWG HTML §9.2): what a client would silently drop or lose is a fault, and what it
 * reads without loss (any line ending, comments, any chunking) is none. Judged on the bytes of every subscription.
 */
for (const { id } of framingChecks) test(...requirement(id));

import { requirement, test } from '../helpers/test.ts';

/**
 * The bytes as an event stream (WHATWG HTML §9.2): what a client would silently drop or lose is a fault, and what it
 * reads without loss (any line ending, comments, any chunking) is none. Judged on the bytes of every subscription.
 */

test(...requirement('framing.utf8'));
test(...requirement('framing.fields'));
test(...requirement('framing.unknown-fields'));
test(...requirement('framing.dispatched'));
test(...requirement('framing.event-types'));
test(...requirement('framing.bom'));
test(...requirement('framing.json'));
test(...requirement('framing.retry-id'));

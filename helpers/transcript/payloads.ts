import type { Buffer } from 'node:buffer';
import { createParser, type EventSourceMessage } from 'eventsource-parser';

const CARRIAGE_RETURN = 0x0d;
/** The parser searches the whole piece for a line feed at each carriage return, so pieces of a body with any are short. */
const PIECE = 16384;
const PIECE_WITH_CARRIAGE_RETURNS = 512;
const MANY_ERRORS = 1000;

/**
 * Gives each event that eventsource-parser dispatches for a body, its strings in Latin-1: one unit is one byte.
 * The syntax of event streams is all ASCII, so the parser cuts them as it cuts UTF-8, and what is no UTF-8 reaches us as it is.
 * Version 3.1.1 looks for a byte order mark in this form only, and holds back a carriage return at the end of what it got.
 */
export function readPayloads(bytes: Buffer, onEvent: (event: EventSourceMessage) => void): void {
  const { stackTraceLimit } = Error;
  let errors = 0;
  const onError = (): void => {
    errors++;
    // It makes an error of each line that clients ignore, and most of that is the stack: too dear for a body full of them.
    if (errors === MANY_ERRORS) Error.stackTraceLimit = 0;
  };
  const parser = createParser({ onEvent, onError });
  const step = bytes.includes(CARRIAGE_RETURN) ? PIECE_WITH_CARRIAGE_RETURNS : PIECE;
  try {
    for (let start = 0; start < bytes.length; start += step) parser.feed(bytes.toString('latin1', start, start + step));
    if (bytes.at(-1) === CARRIAGE_RETURN) parser.feed('\n');
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

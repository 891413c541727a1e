import type { Buffer } from 'node:buffer';
import { createParser, type EventSourceMessage } from 'eventsource-parser';

const CARRIAGE_RETURN = 0x0d;
/** The parser searches the whole piece for a line feed at each carriage return, so pieces of a body with any are short. */
const PIECE = 16384;
const PIECE_WITH_CARRIAGE_RETURNS = 512;

/**
 * Gives each event that eventsource-parser dispatches for a body, its strings in Latin-1: one unit is one byte.
 * The syntax of event streams is all ASCII, so the parser cuts them as it cuts UTF-8, and what is no UTF-8 reaches us as it is.
 * Version 3.1.1 looks for a byte order mark in this form only, and holds back a carriage return at the end of what it got.
 */
export function readPayloads(bytes: Buffer, onEvent: (event: EventSourceMessage) => void): void {
  const parser = createParser({ onEvent });
  const step = bytes.includes(CARRIAGE_RETURN) ? PIECE_WITH_CARRIAGE_RETURNS : PIECE;
  for (let start = 0; start < bytes.length; start += step) parser.feed(bytes.toString('latin1', start, start + step));
  if (bytes.at(-1) === CARRIAGE_RETURN) parser.feed('\n');
}

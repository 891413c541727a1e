import type { Buffer } from 'node:buffer';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { decode } from './utf8.ts';

/** The parser searches a piece for a line feed once per carriage return, so pieces with any are kept short. */
const PIECE = 8192;
const PIECE_WITH_CARRIAGE_RETURNS = 512;

/**
 * Gives each event that eventsource-parser dispatches for a body, made to follow WHATWG HTML §9.2.6 where version 3.1.1
 * does not: it never strips a decoded byte order mark, takes `ï»¿` for one, and holds back a last carriage return.
 */
export function readPayloads(bytes: Buffer, onEvent: (event: EventSourceMessage) => void): void {
  const parser = createParser({ onEvent });
  parser.feed('');
  let start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (start < bytes.length) {
    const end = cutAfterAscii(bytes, start + PIECE);
    const text = decode(bytes, start, end);
    const step = text.includes('\r') ? PIECE_WITH_CARRIAGE_RETURNS : text.length;
    for (let index = 0; index < text.length; index += step) parser.feed(text.slice(index, index + step));
    start = end;
  }
  if (bytes.at(-1) === 0x0d) parser.feed('\n');
}

/** The first place from here on where no character can be cut in two: after a byte that is ASCII. */
function cutAfterAscii(bytes: Buffer, from: number): number {
  let end = from;
  while (end < bytes.length && (bytes[end - 1] ?? 0) >= 0x80) end++;
  return Math.min(end, bytes.length);
}

import { Buffer } from 'node:buffer';
import { createParser } from 'eventsource-parser';
import type { Contract } from '../../../helpers/contract/types.ts';
import { dataOf, scanBlocks } from '../../../helpers/transcript/block-scanner.ts';
import { readTranscript } from '../../../helpers/transcript/read.ts';
import type { StreamEvent, Transcript } from '../../../helpers/transcript/transcript.ts';
import { buildSubscription } from '../support/recordings.ts';

/** What a client is told at one event. */
export interface DispatchedEvent {
  readonly type: string;
  readonly data: string;
  readonly lastEventId: string;
}

export interface LoggedEvent extends DispatchedEvent {
  readonly dispatch: StreamEvent['dispatch'];
  readonly byteOffset: number;
  readonly byteEnd: number;
}

/** The line scanner's view of a body. */
export function scanEvents(bytes: Buffer, cut = false): readonly LoggedEvent[] {
  const events: LoggedEvent[] = [];
  scanBlocks(bytes, cut, (block) => {
    const { dataSpans: _, ...event } = block;
    events.push({ ...event, data: dataOf(bytes, block) });
  });
  return events;
}

export function dispatchedEvents(bytes: Buffer): readonly DispatchedEvent[] {
  return scanEvents(bytes)
    .filter((event) => event.dispatch === 'dispatched')
    .map(({ type, data, lastEventId }) => ({ type, data, lastEventId }));
}

/**
 * What eventsource-parser dispatches, an id where the event's own block gives one. It is fed Latin-1, one unit a byte: the
 * syntax of event streams is ASCII, and so version 3.1.1 finds the byte order mark. It keeps a last carriage return back.
 */
export function parsedEvents(bytes: Buffer): readonly { type: string; data: string; id: string | undefined }[] {
  const decode = (latin1: string): string => Buffer.from(latin1, 'latin1').toString();
  const events: { type: string; data: string; id: string | undefined }[] = [];
  const parser = createParser({
    onEvent: ({ event = 'message', id, data }) =>
      events.push({ type: decode(event), data: decode(data), id: id === undefined ? id : decode(id) }),
  });
  parser.feed(bytes.toString('latin1') + (bytes.at(-1) === CARRIAGE_RETURN ? '\n' : ''));
  return events;
}

const CARRIAGE_RETURN = 0x0d;

/** Reads the bytes as they would come in pieces; the first piece arrives at second 1, the next at 2, and so on. */
export function readPieces(pieces: readonly Uint8Array[], contract: Contract, cut = false): Transcript {
  const body = pieces.map((piece, index) => [index + 1, piece] as const);
  const at = pieces.length + 1;
  const ending = cut ? ({ kind: 'reset', at, detail: 'ECONNRESET' } as const) : ({ kind: 'complete', at } as const);
  return readTranscript(buildSubscription('first', body, { ending }), contract);
}

/** All that a transcript says but when it came and in which pieces. */
export function withoutTimes(transcript: Transcript): unknown {
  const { exchange, bytes, arrivalOf, events, words, ...rest } = transcript;
  return {
    ...rest,
    bytes: bytes.toString(),
    words: { ...words, start: [...words.start], end: [...words.end], event: [...words.event] },
    events: events.map(({ at, ...event }) => event),
  };
}

/** Cuts a body at the given places. */
export function cutAt(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const inner = [...new Set(places)].filter((place) => place > 0 && place < bytes.length).sort((a, b) => a - b);
  return [0, ...inner].map((start, index) => bytes.subarray(start, inner[index] ?? bytes.length));
}

export function showBytes(bytes: Buffer): string {
  return `${JSON.stringify(bytes.toString('latin1'))} (hex ${bytes.toString('hex')})`;
}

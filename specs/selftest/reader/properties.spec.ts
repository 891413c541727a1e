import { Buffer, isUtf8 } from 'node:buffer';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { loadContract } from '../../../helpers/contract/load.ts';
import { firstInvalidUtf8 } from '../../../helpers/transcript/utf8.ts';
import {
  cutAt,
  dispatchedEvents,
  type LoggedEvent,
  parsedEvents,
  readPieces,
  scanEvents,
  withoutTimes,
} from './event-log.ts';
import { cutStreams, longStreams, streams } from './streams.ts';

const contract = loadContract();
/** Makes a body invalid wherever it begins no sooner, so that no short cut is taken over it. */
const INVALID = Buffer.from([0xff]);

test('chunking changes nothing but arrival times', () => {
  fc.assert(
    fc.property(cutStreams, ([bytes, places]) => {
      const pieces = cutAt(bytes, places);
      return isDeepStrictEqual(withoutTimes(readPieces(pieces, contract)), withoutTimes(readPieces([bytes], contract)));
    }),
    { numRuns: 300 },
  );
});

test('chunks in buffers of their own read like slices of one buffer', () => {
  fc.assert(
    fc.property(cutStreams, ([bytes, places]) => {
      const slices = cutAt(bytes, places);
      const copies = slices.map((piece) => Buffer.from(piece.toString('latin1'), 'latin1'));
      return isDeepStrictEqual(withoutTimes(readPieces(copies, contract)), withoutTimes(readPieces(slices, contract)));
    }),
    { numRuns: 100 },
  );
});

test('the scanner and eventsource-parser agree on any bytes', () => {
  const bodies = fc.oneof(
    { weight: 4, arbitrary: streams },
    { weight: 2, arbitrary: longStreams },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)) },
  );
  fc.assert(
    fc.property(bodies, (bytes) => {
      const parsed = parsedEvents(bytes);
      const scanned = dispatchedEvents(bytes).map(({ type, data, lastEventId }, index) => ({
        type,
        data,
        id: parsed[index]?.id === undefined ? undefined : lastEventId,
      }));
      return isDeepStrictEqual(scanned, parsed);
    }),
    { numRuns: 1500 },
  );
});

test('a transcript holds the events that the scanner sees', () => {
  fc.assert(
    fc.property(streams, fc.boolean(), (bytes, cut) => {
      const read = readPieces([bytes], contract, cut).events;
      const scanned = scanEvents(bytes, cut);
      return isDeepStrictEqual(
        read.map(({ type, dispatch, byteOffset }) => ({ type, dispatch, byteOffset })),
        scanned.map(({ type, dispatch, byteOffset }) => ({ type, dispatch, byteOffset })),
      );
    }),
    { numRuns: 300 },
  );
});

test('an event ends where the next one may begin, and lies inside the body', () => {
  fc.assert(
    fc.property(streams, (bytes) => {
      const places = scanEvents(bytes).flatMap(({ byteOffset, byteEnd }) => [byteOffset, byteEnd - 1]);
      return [...places, bytes.length].every((place, index, all) => place >= (all[index - 1] ?? 0));
    }),
    { numRuns: 300 },
  );
});

test('what comes after a dispatched event does not change it', () => {
  fc.assert(
    fc.property(streams, streams, (head, tail) => {
      const alone = scanEvents(head).filter(isDispatched);
      const followed = scanEvents(Buffer.concat([head, tail])).filter(isDispatched);
      // But where it ends: a line feed at the seam still belongs to the blank line.
      return alone.every(({ byteEnd, ...event }, index) => {
        const { byteEnd: _, ...same } = followed[index] ?? { byteEnd };
        return isDeepStrictEqual(same, event);
      });
    }),
    { numRuns: 300 },
  );
});

test.describe('the first byte that is not valid UTF-8', () => {
  const bytes = fc.oneof(
    streams,
    fc
      .array(fc.constantFrom('a', 'é', '你', '😀', '\xed\xa0', '\xf4\x90', '\xc1'), { maxLength: 12 })
      .chain((parts) => {
        const whole = Buffer.concat(parts.map((part) => Buffer.from(part, part.length > 1 ? 'latin1' : 'utf8')));
        return fc.nat(whole.length).map((length) => whole.subarray(0, length));
      }),
    fc.uint8Array({ maxLength: 12 }).map((array) => Buffer.from(array)),
  );

  test('is where the longest valid prefix ends', () => {
    fc.assert(
      fc.property(bytes, (body) => {
        const offset = firstInvalidUtf8(body, false);
        if (offset === null) return isUtf8(body);
        const [before, after] = [body.subarray(0, offset), body.subarray(offset)];
        return isUtf8(before) && after.length > 0 && [1, 2, 3, 4].every((length) => !isUtf8(after.subarray(0, length)));
      }),
      { numRuns: 1000 },
    );
  });

  test('is found for every first and second byte of a sequence', () => {
    const misread: string[] = [];
    for (let pair = 0; pair < 0x10000; pair++) {
      const sequence = Buffer.from([pair >> 8, pair & 0xff, 0x80, 0x80]);
      for (const length of [1, 2, 3, 4]) {
        const body = sequence.subarray(0, length);
        if ((firstInvalidUtf8(Buffer.concat([body, INVALID]), false) === length) !== isUtf8(body))
          misread.push(body.toString('hex'));
      }
    }
    expect(misread).toEqual([]);
  });

  test('is not a character that a lost connection broke off', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 6 }), (text) => {
        const whole = Buffer.from(text);
        return [...whole.keys()].every((length) => firstInvalidUtf8(whole.subarray(0, length), true) === null);
      }),
      { numRuns: 200 },
    );
  });
});

function isDispatched({ dispatch }: LoggedEvent): boolean {
  return dispatch === 'dispatched';
}

import { Buffer } from 'node:buffer';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import type { Chunk, Exchange, Recording } from '../../../helpers/recording/recording.ts';
import type { RequirementResult } from '../../../helpers/results/results.ts';
import { judged } from '../support/runs.ts';
import { deliver, deliverySets, piecesOf, recordingOf } from './deliveries.ts';
import { assertAlways } from './seed.ts';
import { sessions } from './sessions.ts';

/** What garbles some bytes of a body: most of it breaks something, and something different each time. */
const damage = fc.record({
  exchange: fc.nat(),
  place: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  text: fc.constantFrom(
    '',
    '\n',
    '\n\n',
    '\r',
    '"',
    '}',
    ',',
    ' ',
    'data: {"words":[]}\n\n',
    '\xff',
    '\ufeff',
    '-',
    '9',
    'event: x\n',
    'END',
  ),
  removed: fc.integer({ min: 0, max: 40 }),
});
type Damage = typeof damage extends fc.Arbitrary<infer Value> ? Value : never;

const runs: fc.Arbitrary<Recording> = fc
  .tuple(sessions, deliverySets, fc.array(damage, { maxLength: 3 }))
  .map(([words, deliveries, damages]) =>
    recordingOf(
      words,
      damages.reduce(
        damaged,
        deliveries.map((delivery) => deliver(words, delivery)),
      ),
    ),
  );

/** The arrival of what stays is left as it was. */
function damaged(subscriptions: Exchange[], { exchange, place, text, removed }: Damage): Exchange[] {
  const index = exchange % subscriptions.length;
  return subscriptions.map((one, at) => {
    if (at !== index || one.chunks.length === 0) return one;
    const spot = Math.floor(place * one.chunks.length);
    const chunks = one.chunks.map((chunk, position): Chunk => {
      if (position !== spot) return chunk;
      const middle = Math.floor(chunk.bytes.length * place);
      const parts = [
        chunk.bytes.subarray(0, middle),
        Buffer.from(text, 'latin1'),
        chunk.bytes.subarray(middle + removed),
      ];
      return { at: chunk.at, bytes: Buffer.concat(parts) };
    });
    return { ...one, chunks };
  });
}

const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 });

/** Cut at other places, each byte arriving when it did. */
function cutAgain(recording: Recording, shares: readonly number[]): Recording {
  return rechunked(recording, (chunks) =>
    chunks.flatMap(({ at, bytes }) => {
      const whole = Buffer.from(bytes);
      return piecesOf(
        whole,
        shares.map((share) => Math.floor(share * whole.length)),
        () => at,
      );
    }),
  );
}

/** Variants put together, as a network does that waits a little: they arrive with the last of them. */
const WAITED_SECONDS = 0.02;
function putTogether(recording: Recording): Recording {
  return rechunked(recording, (chunks) => {
    const together: { at: number; from: number; bytes: Uint8Array }[] = [];
    for (const { at, bytes } of chunks) {
      const open = together.at(-1);
      if (open === undefined || at - open.from > WAITED_SECONDS) together.push({ at, from: at, bytes });
      else together[together.length - 1] = { at, from: open.from, bytes: Buffer.concat([open.bytes, bytes]) };
    }
    return together.map(({ at, bytes }) => ({ at, bytes }));
  });
}

function rechunked(recording: Recording, change: (chunks: readonly Chunk[]) => readonly Chunk[]): Recording {
  return {
    ...recording,
    exchanges: recording.exchanges.map((exchange) => ({ ...exchange, chunks: change(exchange.chunks) })),
  };
}

function withoutTimes({ notes: _, violations, ...result }: RequirementResult) {
  return {
    ...result,
    violations: violations.map(({ at: _at, message, ...violation }) => ({
      ...violation,
      message: message.replace(/[\d.]+ s\b/g, 's'),
    })),
  };
}

test('cutting a recording at other places changes nothing that is found', () => {
  assertAlways(
    fc.property(runs, places, (recording, shares) => {
      expect(judged(cutAgain(recording, shares))).toEqual(judged(recording));
    }),
    120,
  );
});

test('putting chunks together that came one upon the other changes nothing but times', () => {
  assertAlways(
    fc.property(runs, (recording) => {
      const [whole, cut] = [judged(putTogether(recording)), judged(recording)];
      expect(whole.verdict).toBe(cut.verdict);
      expect(whole.requirements.map(withoutTimes)).toEqual(cut.requirements.map(withoutTimes));
    }),
    120,
  );
});

test('judging twice says the same, and leaves the recording as it was', () => {
  assertAlways(
    fc.property(runs, (recording) => {
      const before = structuredClone(recording);
      expect(judged(recording)).toEqual(judged(recording));
      expect(recording).toEqual(before);
    }),
    60,
  );
});

test('the order in which refusals were written down does not matter', () => {
  assertAlways(
    fc.property(runs, fc.infiniteStream(fc.nat()), (recording, picks) => {
      const isRefusal = ({ purpose }: Exchange) => purpose.kind === 'refusal';
      const refusals = recording.exchanges.filter(isRefusal);
      const shuffled = refusals
        .map((exchange) => ({ exchange, rank: picks.next().value ?? 0 }))
        .sort((one, other) => one.rank - other.rank)
        .map(({ exchange }) => exchange);
      const others = recording.exchanges.filter((exchange) => !isRefusal(exchange));
      const outcomes = (exchanges: readonly Exchange[]) =>
        judged({ ...recording, exchanges }).requirements.map(({ id, outcome, violationCount }) => [
          id,
          outcome,
          violationCount,
        ]);
      expect(outcomes([...shuffled, ...others])).toEqual(outcomes([...others, ...refusals]));
    }),
    60,
  );
});

test('no damage to a body makes the suite fail', () => {
  assertAlways(
    fc.property(runs, (recording) => {
      expect(judged(recording).requirements.filter(({ outcome }) => outcome === 'error')).toEqual([]);
    }),
    300,
  );
});

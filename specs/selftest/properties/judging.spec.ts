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

/** Chunks that come close together put into one, as a network does that waits a little: it arrives with the last of them. */
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

function shuffledRefusals({ exchanges, ...rest }: Recording, ranks: readonly number[]): Recording {
  const isRefusal = ({ purpose }: Exchange) => purpose.kind === 'refusal';
  const shuffled = exchanges
    .filter(isRefusal)
    .map((exchange, index) => ({ exchange, rank: ranks[index % ranks.length] ?? 0 }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ exchange }) => exchange);
  return { ...rest, exchanges: [...shuffled, ...exchanges.filter((exchange) => !isRefusal(exchange))] };
}

const ranks = fc.array(fc.nat(), { minLength: 1, maxLength: 20 });

test('a run is judged the same however its bytes were cut and its refusals ordered, and no damage fails the suite', () => {
  assertAlways(
    fc.property(runs, places, ranks, (recording, shares, order) => {
      const before = structuredClone(recording);
      const judgement = judged(recording);
      expect(recording, 'judging leaves the recording as it was').toEqual(before);
      expect(judgement.requirements.filter(({ outcome }) => outcome === 'error')).toEqual([]);

      expect(judged(cutAgain(recording, shares)), 'cut at other places').toEqual(judgement);

      const together = judged(putTogether(recording));
      expect(together.verdict, 'chunks put together').toBe(judgement.verdict);
      expect(together.requirements.map(withoutTimes)).toEqual(judgement.requirements.map(withoutTimes));

      const outcomes = ({ requirements }: typeof judgement) =>
        requirements.map(({ id, outcome, violationCount }) => [id, outcome, violationCount]);
      expect(outcomes(judged(shuffledRefusals(recording, order))), 'refusals in another order').toEqual(
        outcomes(judgement),
      );
    }),
    100,
  );
});

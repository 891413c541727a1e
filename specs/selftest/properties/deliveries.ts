import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import type { Chunk, Exchange, Recording, SubscriptionRole } from '../../../helpers/recording/recording.ts';
import { buildExchange, type SpokenWord } from '../support/recordings.ts';
import { conformingRun, runOf } from '../support/runs.ts';
import { type Framing, framed, framings } from './framings.ts';
import { cutIntoBatches } from './sessions.ts';

const AUDIO_AT = 0.5;

/** How one subscriber gets its bytes. */
export interface Delivery {
  readonly role: SubscriptionRole;
  readonly id: string;
  /** Words at which a batch is cut short. */
  readonly batchCuts: readonly number[];
  readonly framing: Framing;
  /** Where the network cuts frames, as shares of their length; and by how many bytes frames run into each other. */
  readonly cuts: readonly number[];
  readonly overrun: number;
  readonly byteByByte: boolean;
}

export function deliveriesOf(id: string, role: SubscriptionRole): fc.Arbitrary<Delivery> {
  return fc.record({
    id: fc.constant(id),
    role: fc.constant(role),
    batchCuts: fc.array(fc.nat(80), { maxLength: 12 }),
    framing: framings,
    cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }),
    overrun: fc.integer({ min: -5, max: 5 }),
    byteByByte: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  });
}

const ROLES: readonly (readonly [id: string, role: SubscriptionRole])[] = [
  ['first', 'first'],
  ['concurrent', 'concurrent'],
  ['late', 'late'],
  ['reconnected', 'reconnected'],
  ['snapshot', 'snapshot'],
  ['snapshot-again', 'snapshot'],
];

/** First, and any others beside it, after it and later. */
export const deliverySets: fc.Arbitrary<readonly Delivery[]> = fc
  .subarray([...ROLES.slice(1)])
  .chain((others) => fc.tuple(...[...ROLES.slice(0, 1), ...others].map(([id, role]) => deliveriesOf(id, role))));

/** When a subscriber of this role asks, in a session that ends at `over`. */
export function startOf(role: SubscriptionRole, over: number): number {
  if (role === 'snapshot') return over;
  return role === 'late' || role === 'reconnected' ? over / 2 : 0.1;
}

export function overAt(words: readonly SpokenWord[]): number {
  return AUDIO_AT + (words.at(-1)?.[2] ?? 0) + 1.5;
}

/** When each frame is sent: with its last word spoken, what was spoken before the request at once, the end at last. */
export function sentAt(
  batches: readonly (readonly SpokenWord[])[],
  startedAt: number,
  isSnapshot: boolean,
): readonly number[] {
  const earliest = startedAt + 0.03;
  const times = batches.map((batch) =>
    isSnapshot ? earliest : Math.max(earliest, AUDIO_AT + (batch.at(-1)?.[2] ?? 0) + 0.12),
  );
  return [...times, (times.at(-1) ?? earliest) + 0.05];
}

export function deliver(words: readonly SpokenWord[], delivery: Delivery): Exchange {
  const { id, role, batchCuts, framing } = delivery;
  const batches = cutIntoBatches(words, new Set(batchCuts));
  const frames = framed(batches, framing);
  const startedAt = startOf(role, overAt(words));
  const times = sentAt(batches, startedAt, role === 'snapshot');
  const chunks = chunked(frames, times, delivery);
  return {
    ...buildExchange({ id, purpose: { kind: 'subscription', role }, startedAt }),
    chunks,
    wireBytes: chunks.reduce((sum, { bytes }) => sum + bytes.length, 0),
    ending: { kind: 'complete', at: (chunks.at(-1)?.at ?? startedAt) + 0.02 },
  };
}

/** The same, closed by us in its middle: what had come by then. */
export function dropped({ chunks, ...exchange }: Exchange, share: number): Exchange {
  const kept = chunks.slice(0, Math.floor(share * chunks.length));
  const at = (kept.at(-1)?.at ?? exchange.startedAt) + 0.02;
  return { ...exchange, chunks: kept, ending: { kind: 'stopped', at, bound: 'probe' } };
}

function chunked(
  frames: readonly Buffer[],
  times: readonly number[],
  { cuts, overrun, byteByByte }: Delivery,
): Chunk[] {
  const body = Buffer.concat(frames);
  const ends: { readonly offset: number; readonly at: number }[] = [];
  let offset = 0;
  frames.forEach((frame, index) => {
    offset += frame.length;
    ends.push({ offset, at: times[index] ?? 0 });
  });
  const places = new Set<number>([body.length]);
  if (byteByByte) for (let place = 1; place < body.length; place += 1) places.add(place);
  for (const { offset: end } of ends) places.add(Math.min(body.length, Math.max(1, end + overrun)));
  frames.forEach((frame, index) => {
    const from = (ends[index]?.offset ?? 0) - frame.length;
    for (const cut of cuts) places.add(Math.min(body.length, from + 1 + Math.floor(cut * frame.length)));
  });
  return piecesOf(body, [...places], (last) => ends.find(({ offset: end }) => last < end)?.at ?? 0);
}

/** Cuts a body at these places; each piece comes when its last byte does. */
export function piecesOf(body: Buffer, places: readonly number[], arrivalOf: (byteOffset: number) => number): Chunk[] {
  const sorted = [...new Set([...places, body.length])].filter((place) => place > 0).sort((a, b) => a - b);
  return sorted.map((place, index) => ({
    at: arrivalOf(place - 1),
    bytes: body.subarray(sorted[index - 1] ?? 0, place),
  }));
}

/** A run of these subscriptions of one session, with the refusals of a conforming run. */
export function recordingOf(words: readonly SpokenWord[], subscriptions: readonly Exchange[]): Recording {
  const refusals = conformingRun().filter(({ purpose }) => purpose.kind === 'refusal');
  const script = words.map(([text]) => text).join(' ');
  const streams = [{ streamId: 'stream-1', origin: 'create', state: 'live', script, statuses: [] }] as const;
  return runOf([...subscriptions, ...refusals], { earlier: [], streams });
}

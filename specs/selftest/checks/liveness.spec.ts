import { expect, test } from '@playwright/test';
import type { Exchange } from '../../../helpers/recording/recording.ts';
import { batchFrame, buildSubscription, END_FRAME, type SpokenWord } from '../support/recordings.ts';
import { batched, delivered, speech } from '../support/reports.ts';
import { BATCHED, blocked, broken, conformingRun, resultOf, runOf } from '../support/runs.ts';

/** What was recorded live, arriving between two instants. */
const arriving =
  (from: number, to: number) =>
  (exchange: Exchange): Exchange => ({
    ...exchange,
    chunks: exchange.chunks.map(({ bytes }, index, { length }) => ({
      at: from + ((to - from) * index) / (length - 1),
      bytes,
    })),
    ending: { kind: 'complete', at: to + 0.01 },
  });

/** A run in which nobody could join in the middle, for nothing arrived until the end. */
function arrivingWithin(from: number, to: number): Exchange[] {
  return conformingRun()
    .filter(({ id }) => !['late', 'dropped', 'reconnected'].includes(id))
    .map((exchange) =>
      exchange.id === 'first' || exchange.id === 'concurrent' ? arriving(from, to)(exchange) : exchange,
    );
}

test('a stream held back to the end of the session breaks liveness.streams alone', () => {
  const recording = runOf(arrivingWithin(14, 14.1));
  expect(broken(recording)).toEqual(['liveness.streams: fail']);
  expect(resultOf(recording, 'liveness.streams').violations[0]?.message).toContain('held back');
});

test('where words are held back nobody can join in the middle, and that is why', () => {
  const tooLate = delivered('late', BATCHED, { startedAt: 14.3, burst: true });
  expect(blocked(runOf([...arrivingWithin(14, 14.1), tooLate]))).toEqual(
    expect.arrayContaining(['replay.from-start because liveness.streams', 'replay.no-gap because liveness.streams']),
  );
});

const CONFORMING: readonly (readonly [name: string, from: number, to: number])[] = [
  ['late by some seconds, then at pace', 6, 20],
  ['faster than spoken', 0.5, 4],
  ['released in the last third', 10, 14],
];
for (const [name, from, to] of CONFORMING)
  test(`conforms to liveness: ${name}`, () => {
    const recording = runOf(arrivingWithin(from, to));
    expect(broken(recording)).toEqual([]);
    expect(resultOf(recording, 'liveness.streams').outcome).toBe('pass');
  });

test('words that were all held back, and then drip, break liveness.streams', () => {
  const statuses = [
    { at: 1, status: 'streaming' },
    { at: 14.5, status: 'completed' },
  ];
  const told = [{ streamId: 'stream-1', origin: 'create', state: 'live', createdAt: 0, statuses }] as const;
  expect(broken(runOf(arrivingWithin(14, 17), { streams: told }))).toEqual(['liveness.streams: fail']);
  // It may have begun late, and be ahead of its audio.
  const recording = runOf(arrivingWithin(14, 17));
  expect(broken(recording)).toEqual([]);
  expect(resultOf(recording, 'liveness.streams').reason).toContain('status is not known');
});

test('a session that is nine seconds old cannot have spoken for thirteen: nothing tells whether its words were held back', () => {
  const recording = runOf(arrivingWithin(9, 9.1));
  expect(broken(recording)).toEqual([]);
  expect(resultOf(recording, 'liveness.streams')).toMatchObject({
    outcome: 'inconclusive',
    reason: expect.stringContaining('cannot have spoken'),
  });
  const statuses = [
    { at: 1, status: 'streaming' },
    { at: 12, status: 'streaming' },
  ];
  const streams = [{ streamId: 'stream-1', origin: 'create', state: 'live', createdAt: 0, statuses }] as const;
  expect(resultOf(runOf(arrivingWithin(9, 9.1), { streams }), 'liveness.streams').outcome).toBe('pass');
});

/** A session of a minute of audio, of which each listener heard at other times. */
function fasterThanHeard(
  concurrentFrom: number,
  { at = 26, statuses = [] as readonly { at: number; status: string }[] } = {},
) {
  const minute = batched(speech(170));
  const heard = (id: 'first' | 'concurrent', from: number, to: number) => arriving(from, to)(delivered(id, minute));
  const streams = [{ streamId: 'stream-1', origin: 'create', state: 'live', createdAt: 0, statuses }] as const;
  return runOf([heard('first', at, at + 0.1), heard('concurrent', concurrentFrom, at + 0.1)], { streams });
}

test('what another listener had long before was held back, however fast the session speaks', () => {
  const [violation, ...others] = resultOf(fasterThanHeard(1.5), 'liveness.streams').violations;
  expect(violation?.message).toMatch(/held back.*\(subscriber "concurrent" had received \d+ batches of them by then/);
  expect(others).toEqual([]);
  expect(resultOf(fasterThanHeard(25.9), 'liveness.streams').outcome).toBe('inconclusive');
});

test('a status held the session streaming for long, and completed before anyone could hear it: its words were held back', () => {
  const statuses = (streamingAt: number, overAt: number) => [
    { at: streamingAt, status: 'streaming' },
    { at: overAt, status: 'completed' },
  ];
  const judged = (streamingAt: number, overAt: number) =>
    resultOf(fasterThanHeard(26, { statuses: statuses(streamingAt, overAt) }), 'liveness.streams').outcome;
  expect(judged(2, 26.3)).toBe('fail');
  // The first word may take its time, and the session go on for as long as its audio.
  expect(judged(13, 26.3)).toBe('inconclusive');
  expect(judged(2, 60)).toBe('inconclusive');
});

test('a second half that is held back to the end breaks what should be', () => {
  const half = Math.floor(BATCHED.length / 2);
  const last = arrivingWithin(14, 14.1).find(({ id }) => id === 'first')?.chunks ?? [];
  const late = (exchange: Exchange): Exchange => ({
    ...exchange,
    chunks: exchange.chunks.map(({ at, bytes }, index) => ({ at: index < half ? at : (last[index]?.at ?? at), bytes })),
    ending: { kind: 'complete', at: 14.11 },
  });
  const listeners = conformingRun().map((exchange) =>
    exchange.id === 'first' || exchange.id === 'concurrent' ? late(exchange) : exchange,
  );
  const recording = runOf(listeners);
  expect(broken(recording)).toContain('liveness.streams: warn');
  expect(resultOf(recording, 'liveness.streams').violations[0]?.message).toContain('half of the session');
});

test('a runner that was held up proves nothing', () => {
  const recording = runOf(arrivingWithin(14, 14.1), { stalls: [{ at: 1, seconds: 12.9 }] });
  expect(broken(recording)).toEqual([]);
  expect(resultOf(recording, 'liveness.streams').reason).toContain('held up');
});

test('a session of unknown age that gives all its words at once proves nothing; one just created is ahead of its audio', () => {
  const streams = [{ streamId: 'stream-1', origin: 'ids', state: 'live', statuses: [] }] as const;
  expect(resultOf(runOf(arrivingWithin(0.3, 0.4), { streams }), 'liveness.streams').outcome).toBe('inconclusive');
  expect(resultOf(runOf(arrivingWithin(0.3, 0.4)), 'liveness.streams').outcome).toBe('pass');
});

test('the time in which a session is known not to speak yet is no holding back', () => {
  const statuses = [{ at: 13, status: 'pending' }];
  const streams = [{ streamId: 'stream-1', origin: 'create', state: 'live', createdAt: 0, statuses }] as const;
  const recording = runOf(arrivingWithin(14, 14.1), { streams });
  expect(broken(recording)).toEqual([]);
});

test('too little speech proves nothing', () => {
  const short = [delivered('first', BATCHED.slice(0, 2))];
  expect(resultOf(runOf(short), 'liveness.streams').outcome).toBe('inconclusive');
});

test('words that all end together, or batches held until the next, are not held back to the end', () => {
  const together: SpokenWord[][] = [[['we', 0.6, 3.6]], [['all', 1.1, 4.1]], [['.', 1.6, 4.1]]];
  const first = delivered('first', together);
  const held: Exchange = { ...first, chunks: first.chunks.map(({ bytes }) => ({ bytes, at: first.ending.at - 0.02 })) };
  for (const exchange of [first, held])
    expect(resultOf(runOf([exchange]), 'liveness.streams').violations, exchange.id).toEqual([]);
});

test('without a live session the need that was not met is named', () => {
  const unmet = { need: 'live-session', declared: false, reason: 'No live session.', remedy: 'Give one.' } as const;
  const snapshots = conformingRun().filter(({ id }) => id.startsWith('snapshot'));
  const recording = runOf(snapshots, { unmet: [unmet] });
  expect(resultOf(recording, 'liveness.streams')).toMatchObject({
    outcome: 'inconclusive',
    reason: 'No live session.',
  });
  expect(blocked(recording)).toContain('snapshot.equals-live');
});

test('lag is given in figures', () => {
  const { outcome, notes } = resultOf(runOf(), 'liveness.lag');
  expect(outcome).toBe('pass');
  expect(notes[0]).toMatch(
    /^subscriber "first": the first batch [\d.]+ s after the request; .* median [\d.]+ s, most [\d.]+ s\.$/,
  );
});

test('words ahead of the audio of a session that speaks on are not held back', () => {
  const streams = (lastStreamingAt: number) => [
    {
      streamId: 'stream-1',
      origin: 'create' as const,
      state: 'live' as const,
      statuses: [
        { at: 1, status: 'streaming' },
        { at: lastStreamingAt, status: 'streaming' },
        { at: 30, status: 'completed' },
      ],
    },
  ];
  expect(broken(runOf(arrivingWithin(14, 14.1), { streams: streams(20) }))).toEqual([]);
  expect(broken(runOf(arrivingWithin(14, 14.1), { streams: streams(2) }))).toEqual(['liveness.streams: fail']);
});

/** Speech of some twenty seconds, for one that listened from the start and one that joined when most of it was spoken. */
const SPEECH = speech(70);
const SPOKEN = batched(SPEECH);
const SPOKEN_SECONDS = SPEECH.at(-1)?.[2] ?? 0;
const JOINED_AT = SPOKEN_SECONDS * 0.6;

function heardLate(arrivals: (live: number, start: number) => number) {
  let latest = JOINED_AT;
  const frames = SPOKEN.map((batch) => {
    latest = Math.max(latest, arrivals(0.62 + (batch.at(-1)?.[2] ?? 0), batch[0]?.[1] ?? 0));
    return [latest, batchFrame(batch)] as const;
  });
  const late = buildSubscription('late', [...frames, [latest + 0.05, END_FRAME]], { startedAt: JOINED_AT });
  const others = [delivered('first', SPOKEN), delivered('concurrent', SPOKEN, { startedAt: 0.2 })];
  const streams = [{ streamId: 'stream-1', origin: 'create', state: 'live', statuses: [] }] as const;
  return broken(runOf([...others, late], { streams, earlier: [] }));
}

test('a late subscriber that gets the rest at the end, and nothing before, breaks liveness.streams', () => {
  const arrival = (live: number) => (live < JOINED_AT ? JOINED_AT + 0.05 : SPOKEN_SECONDS + 1);
  expect(heardLate(arrival)).toContain('liveness.streams: fail');
  expect(heardLate((live) => live)).not.toContain('liveness.streams: fail');
});

test('a late subscriber that is still given history, however slowly, is not kept waiting', () => {
  const slowly = (live: number, start: number) => (live < JOINED_AT ? JOINED_AT + 0.05 + start : live);
  expect(heardLate(slowly)).not.toContain('liveness.streams: fail');
});

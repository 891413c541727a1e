import { expect, test } from '@playwright/test';
import type { Exchange } from '../../../helpers/recording/recording.ts';
import type { SpokenWord } from '../support/recordings.ts';
import { batched, delivered } from '../support/reports.ts';
import {
  answered,
  BATCHED,
  blocked,
  broken,
  changed,
  conformingRun,
  resultOf,
  runOf,
  saying,
  WORDS,
} from '../support/runs.ts';

type Batches = readonly (readonly SpokenWord[])[];
const READS = ['snapshot', 'snapshot-again', 'snapshot-bearer'];

function everyRead(change: (exchange: Exchange) => Exchange, exchanges = conformingRun()): Exchange[] {
  return exchanges.map((exchange) => (READS.includes(exchange.id) ? change(exchange) : exchange));
}

const ROUNDED: Batches = batched(
  WORDS.map(([word, start, end]) => [word, Math.round(start * 10) / 10, Math.round(end * 10) / 10]),
);
const RETOKENISED: Batches = BATCHED.map((batch, index) =>
  index === 2 ? batch.map(([word, ...times]) => [word.toUpperCase(), ...times]) : batch,
);
const NOTHING_EARLIER = { earlier: [] };

const FAULTY: readonly (readonly [name: string, batches: Batches])[] = [
  ['rounded', ROUNDED],
  ['re-tokenised', RETOKENISED],
  ['without its tail', BATCHED.slice(0, -1)],
  ['without its start', BATCHED.slice(1)],
];

for (const [name, batches] of FAULTY)
  test(`a snapshot that is ${name} breaks snapshot.equals-live alone`, () => {
    expect(broken(runOf(everyRead(saying(batches)), NOTHING_EARLIER))).toEqual(['snapshot.equals-live: fail']);
  });

test('a snapshot without words of a session that spoke breaks snapshot.served alone; of one that nobody heard it tells nothing', () => {
  const empty = everyRead(saying([]));
  const lost = runOf(empty, NOTHING_EARLIER);
  expect(broken(lost)).toEqual(['snapshot.served: fail']);
  for (const id of ['snapshot.equals-live', 'snapshot.stable'])
    expect(blocked(lost)).toContain(`${id} because snapshot.served`);
  expect(broken(runOf(changed('snapshot', saying([])), NOTHING_EARLIER))).toEqual(['snapshot.served: fail']);
  const alone = empty.filter(({ purpose }) => purpose.kind !== 'subscription' || purpose.role === 'snapshot');
  const recording = runOf(alone, { ...NOTHING_EARLIER, streams: [] });
  expect(broken(recording)).toEqual([]);
  expect(resultOf(recording, 'snapshot.served')).toMatchObject({
    outcome: 'inconclusive',
    reason: expect.stringContaining('holds no words'),
  });
  const silent = [{ streamId: 'stream-1', recordedAt: '2026-10-01T00:00:00Z', words: [] }];
  expect(resultOf(runOf(alone, { earlier: silent, streams: [] }), 'snapshot.served').outcome).toBe('pass');
});

test('a snapshot whose lines clients ignore shows neither words nor the end', () => {
  const printed = ({ chunks, ...exchange }: Exchange): Exchange => ({
    ...exchange,
    chunks: chunks.map(({ at, bytes }) => ({
      at,
      bytes: Buffer.from(Buffer.from(bytes).toString().replace('{', '{\n')),
    })),
  });
  const recording = runOf(everyRead(printed), NOTHING_EARLIER);
  expect(broken(recording)).toEqual(['framing.fields: fail']);
  expect(blocked(recording)).toContain('snapshot.served because framing.fields');
});

for (const [name, factor, expected] of [
  ['as 32-bit floats', (time: number) => Math.fround(time), []],
  ['a millisecond off', (time: number) => Math.round(time * 1000 + 1) / 1000, []],
  ['two milliseconds off', (time: number) => Math.round(time * 1000 + 2) / 1000, ['snapshot.equals-live: fail']],
  ['to tenths', (time: number) => Math.round(time * 10) / 10, ['snapshot.equals-live: fail']],
] as const)
  test(`times of an hour kept ${name} break ${expected.join() || 'nothing'}`, () => {
    const late = (batch: (typeof BATCHED)[number]) =>
      batch.map(([word, start, end]): SpokenWord => [word, start + 3600.047, end + 3600.047]);
    const kept = (batch: (typeof BATCHED)[number]) =>
      late(batch).map(([word, start, end]): SpokenWord => [word, factor(start), factor(end)]);
    const exchanges = conformingRun().map((exchange) => {
      if (exchange.purpose.kind !== 'subscription' || exchange.purpose.role === 'dropped') return exchange;
      return saying(BATCHED.map(READS.includes(exchange.id) ? kept : late))(exchange);
    });
    const run = runOf(
      exchanges.filter(({ id }) => id !== 'dropped'),
      NOTHING_EARLIER,
    );
    expect(broken(run)).toEqual(expected);
  });

for (const id of READS)
  test(`a snapshot that differs on ${id} alone breaks snapshot.stable alone`, () => {
    expect(broken(runOf(changed(id, saying(BATCHED.slice(0, -1))), NOTHING_EARLIER))).toEqual([
      'snapshot.stable: fail',
    ]);
  });

test('an id that was given as completed, and that the target does not know, may be mistyped', () => {
  const given = (status: number, also: readonly number[] = []) => {
    const reads = [status, ...also].map((one, index) => {
      const [read] = conformingRun().filter(({ id }) => id === 'snapshot');
      if (read === undefined) throw new Error('no snapshot');
      return { ...answered(one)(read), id: `completed-${index}`, streamId: 'st-typo' };
    });
    const { streams } = runOf();
    const typo = { streamId: 'st-typo', origin: 'ids', state: 'completed', statuses: [] } as const;
    return runOf([...conformingRun(), ...reads], { streams: [...streams, typo] });
  };
  expect(broken(given(404))).toEqual([]);
  expect(resultOf(given(404, [404]), 'snapshot.served')).toMatchObject({
    outcome: 'inconclusive',
    reason: expect.stringContaining('st-typo'),
  });
  expect(broken(given(500))).toEqual(['snapshot.served: fail']);
  expect(broken(given(404, [410]))).toEqual(['snapshot.served: fail']);
  const known = [{ streamId: 'st-typo', recordedAt: '2026-10-01T00:00:00Z', words: WORDS }];
  expect(broken({ ...given(404), earlier: known }), 'an earlier run has read it').toEqual([
    'snapshot.durable: fail',
    'snapshot.served: fail',
  ]);
  const elsewhere = known.map((one) => ({ ...one, baseUrl: 'https://staging.target.test' }));
  expect(broken({ ...given(404), earlier: elsewhere }), 'an earlier run has read it elsewhere').toEqual([]);
});

test('a snapshot in other batches conforms', () => {
  expect(broken(runOf(everyRead(saying(batched(WORDS, 3)))))).toEqual([]);
});

test('a snapshot that lost what an earlier recording holds breaks snapshot.durable', () => {
  const earlier = [
    { streamId: 'stream-1', recordedAt: '2026-10-01T00:00:00Z', words: [...WORDS, ['more', 90, 91] as const] },
  ];
  const recording = runOf(conformingRun(), { earlier });
  expect(broken(recording)).toEqual(['snapshot.durable: fail']);
  expect(resultOf(recording, 'snapshot.durable').violations[0]?.message).toContain('no further word here');
});

test('sessions of the earlier recording that this run did not read are named', () => {
  const { earlier, target } = runOf();
  const [read] = earlier;
  if (!read) throw new Error('no earlier recording');
  const elsewhere = { ...read, streamId: 'elsewhere', baseUrl: 'http://other.test' };
  const unread = { ...read, streamId: 'unread', baseUrl: target.baseUrl };
  const noteOf = (more: typeof earlier) =>
    resultOf(runOf(conformingRun(), { earlier: more }), 'snapshot.durable').notes;
  expect(noteOf([read, elsewhere, unread])).toEqual([
    'Of the earlier recording 1 session was not read: name it in WORDS_COMPLETED_STREAM_ID (unread).',
  ]);
  expect(noteOf([read, elsewhere])).toEqual([]);
});

test('without an earlier recording snapshot.durable is not applicable where that was declared', () => {
  const unmet = { need: 'earlier-recording', declared: true, reason: 'None.', remedy: 'Give one.' } as const;
  expect(resultOf(runOf(conformingRun(), { earlier: [], unmet: [unmet] }), 'snapshot.durable').outcome).toBe(
    'not-applicable',
  );
});

for (const status of [404, 410, 500])
  test(`a completed session answered ${status} breaks snapshot.served alone`, () => {
    const recording = runOf(everyRead(answered(status)), NOTHING_EARLIER);
    expect(broken(recording)).toEqual(['snapshot.served: fail']);
    expect(blocked(recording)).toContain('snapshot.equals-live because snapshot.served');
  });

test('a snapshot refused to the bearer token alone breaks auth; one that is not there, where the token opens nothing', () => {
  expect(broken(runOf(changed('snapshot-bearer', answered(401))))).toEqual(['auth.bearer: fail']);
  expect(broken(runOf(changed('snapshot-bearer', answered(500))))).toEqual(['snapshot.served: fail']);
  const withKeyElsewhere = conformingRun().map((exchange) =>
    exchange.id === 'concurrent' ? { ...exchange, credential: 'api-key' as const } : exchange,
  );
  expect(broken(runOf(changed('snapshot-bearer', answered(500), withKeyElsewhere)))).toEqual(['auth.bearer: fail']);
});

test('a snapshot without an end breaks ending.once alone', () => {
  const recording = runOf(everyRead((exchange) => ({ ...exchange, chunks: exchange.chunks.slice(0, -1) })));
  expect(broken(recording)).toEqual(['ending.once: fail']);
  expect(blocked(recording)).toEqual(['snapshot.served because ending.once']);
});

test('a session in which nothing was said conforms when it is read again', () => {
  const silent = conformingRun()
    .filter(({ id }) => !['late', 'dropped', 'reconnected'].includes(id))
    .map((exchange) => (exchange.purpose.kind === 'subscription' ? saying([])(exchange) : exchange));
  const recording = runOf(silent, { ...NOTHING_EARLIER, streams: [] });
  expect(broken(recording)).toEqual([]);
  expect(resultOf(recording, 'snapshot.equals-live').outcome).toBe('pass');
});

test('a snapshot at speaking pace warns', () => {
  const paced = everyRead((exchange) => {
    const live = delivered('snapshot', BATCHED, { startedAt: exchange.startedAt, audioAt: exchange.startedAt });
    return { ...exchange, chunks: live.chunks, ending: live.ending };
  });
  expect(broken(runOf(paced))).toEqual(['snapshot.prompt: warn']);
});

test('a simulation at twenty times the pace is measured at its own pace', () => {
  const paced = (share: number) =>
    runOf(
      everyRead((exchange) => ({
        ...exchange,
        chunks: exchange.chunks.map(({ bytes }, index) => ({ at: exchange.startedAt + index * share, bytes })),
        ending: { kind: 'complete', at: exchange.startedAt + 5 },
      })),
      { settings: { ...runOf().settings, speed: 20 } },
    );
  expect(resultOf(paced(0.001), 'snapshot.prompt').outcome).toBe('pass');
  expect(resultOf(paced(0.05), 'snapshot.prompt').outcome).toBe('warn');
});

test('completed sessions given beside the live one are judged by their own reads', () => {
  const other = { streamId: 'stream-9' };
  const completed = [
    delivered('snapshot', BATCHED.slice(2), { startedAt: 30, burst: true }, { id: 'completed-1', ...other }),
    delivered('snapshot', BATCHED.slice(2), { startedAt: 31, burst: true }, { id: 'completed-1-again', ...other }),
  ];
  expect(broken(runOf([...conformingRun(), ...completed]))).toEqual([]);
  const unstable = changed('completed-1-again', (exchange) => ({ ...saying(BATCHED.slice(3))(exchange), ...other }), [
    ...conformingRun(),
    ...completed,
  ]);
  expect(broken(runOf(unstable))).toEqual(['snapshot.stable: fail']);
});

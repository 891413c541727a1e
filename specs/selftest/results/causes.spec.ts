import { expect, test } from '@playwright/test';
import { type Exchange, ON_GRANTED_CONNECTION } from '../../../helpers/recording/recording.ts';
import { findingsOf } from '../../../helpers/results/causes.ts';
import type { Finding } from '../../../helpers/results/results.ts';
import { batchFrame, END_FRAME, streamBody } from '../support/recordings.ts';
import { answered, BATCHED, changed, conformingRun, judged, runOf, saying, withHeader } from '../support/runs.ts';

function findings(exchanges: readonly Exchange[]): readonly Finding[] {
  const recording = runOf(exchanges);
  return findingsOf(judged(recording).requirements, recording.exchanges);
}

const lost = saying(BATCHED.slice(2));

test('a conforming run has no finding', () => {
  expect(findings(conformingRun())).toEqual([]);
});

test('history that lacks its start breaks several requirements of one cause', () => {
  const [finding, ...others] = findings(changed('late', lost, changed('reconnected', lost)));
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    outcome: 'fail',
    likelyCause: 'History is not kept from the start of the session for subscribers who join late.',
    requirements: ['replay.from-start', 'replay.reconnect'],
  });
});

test('lost words stand before a header, and a warning last, whatever the order of the requirements', () => {
  const run = changed('late', lost, changed('auth.missing/live', withHeader('www-authenticate', null)));
  const found = findings(changed('errors.not-found', answered(404, '<h1>Not found</h1>', 'text/html'), run));
  expect(found.map(({ requirements: [first] }) => first)).toEqual([
    'replay.from-start',
    'errors.media-type',
    'auth.challenge',
  ]);
  expect(found[1]?.likelyCause).toContain('HTTP layer answered this');
});

test('an error of the API under a media type that it did not choose is no answer of a front', () => {
  const [finding] = findings(
    changed('errors.not-found', answered(404, '{"error":{"code":"not_found","message":"No."}}', 'text/event-stream')),
  );
  expect(finding?.requirements).toEqual(['errors.media-type']);
  expect(finding?.likelyCause).toContain("The body is the API's own");
});

test('a snapshot unlike the live words is one cause, with what breaks on it alone', () => {
  const run = ['snapshot', 'snapshot-again', 'snapshot-bearer'].reduce<Exchange[]>(
    (exchanges, id) => changed(id, saying([BATCHED.flat()]), exchanges),
    conformingRun(),
  );
  const [finding, ...others] = findings(run);
  expect(others).toEqual([]);
  expect(finding?.requirements).toEqual(['batching.word-cap', 'batching.time-cap']);
  expect(finding?.likelyCause).toContain('Completed sessions are stored or served differently');
});

test('a snapshot that is barred says nothing of how completed sessions are stored', () => {
  const run = ['snapshot', 'snapshot-again', 'snapshot-bearer'].reduce<Exchange[]>(
    (exchanges, id) => changed(id, answered(403), exchanges),
    conformingRun(),
  );
  const [finding] = findings(run);
  expect(finding?.requirements).toContain('snapshot.served');
  expect(finding?.likelyCause).toBeUndefined();
});

test('times that count from when each subscriber came are one cause', () => {
  const shifted = (seconds: number) =>
    saying(BATCHED.map((batch) => batch.map(([word, start, end]) => [word, start + seconds, end + seconds])));
  const run = (shifts: Readonly<Record<string, number>>) =>
    Object.entries(shifts).reduce(
      (exchanges, [id, seconds]) => changed(id, shifted(seconds), exchanges),
      conformingRun(),
    );
  const said = 'Times count from when each subscriber came, not from the start of the audio.';
  const [finding, ...others] = findings(run({ first: -0.05, concurrent: -0.09, late: -1.9, reconnected: -4.87 }));
  expect(others).toEqual([]);
  expect(finding?.likelyCause).toBe(said);
  expect(finding?.requirements.toSorted()).toEqual([
    'ordering.origin',
    'replay.concurrent',
    'replay.no-gap',
    'replay.reconnect',
    'snapshot.equals-live',
  ]);
  // By one time for all who come late, it is the history that is wrong.
  expect(findings(run({ late: 0.5, reconnected: 0.5 })).map(({ likelyCause }) => likelyCause)).not.toContain(said);
});

test('words that only an unwatched session lacks say nothing of how completed sessions are stored', () => {
  const lacking = changed('unwatched', saying(BATCHED.slice(3)));
  const [finding, ...others] = findings(lacking);
  expect(others).toEqual([]);
  expect(finding?.requirements).toEqual(['snapshot.unwatched']);
  expect(finding?.likelyCause).toContain('Words are kept only while somebody listens');
  const alike = ['snapshot', 'snapshot-again', 'snapshot-bearer'].reduce<Exchange[]>(
    (exchanges, id) => changed(id, saying(BATCHED.slice(3)), exchanges),
    lacking,
  );
  const [both] = findings(alike);
  expect(both?.requirements).toEqual(['snapshot.equals-live', 'snapshot.durable', 'snapshot.unwatched']);
  expect(both?.likelyCause).toContain('Completed sessions are stored or served differently');
});

test('streams that differ by credential, live and completed, are one cause', () => {
  const byBearer = (exchange: Exchange): Exchange => ({
    ...saying(BATCHED.map((batch) => batch.map(([word, from, to]) => [word, from + 0.01, to + 0.01] as const)))(
      exchange,
    ),
    credential: 'bearer',
  });
  const run = ['concurrent', 'reconnected', 'snapshot-bearer'].reduce<Exchange[]>(
    (exchanges, id) => changed(id, byBearer, exchanges),
    conformingRun(),
  );
  const [finding, ...others] = findings(run);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    likelyCause: 'Sessions are served differently to one kind of credential and to the other.',
    requirements: ['replay.concurrent', 'replay.reconnect', 'snapshot.stable'],
  });
});

test('a snapshot that differs by credential, or from one time to the next, is not laid on the live words', () => {
  for (const [id, cause] of [
    ['snapshot-bearer', 'differently to one kind of credential and to the other'],
    ['snapshot-again', 'differently from one time to the next'],
  ] as const) {
    const [finding, ...others] = findings(changed(id, saying(BATCHED.slice(0, -1))));
    expect(others).toEqual([]);
    expect(finding?.requirements).toEqual(['snapshot.stable']);
    expect(finding?.likelyCause).toContain(cause);
  }
});

test('words that the snapshot alone has were not sent live', () => {
  const kept = ['first', 'concurrent', 'late', 'reconnected'].reduce<readonly Exchange[]>(
    (exchanges, id) => changed(id, saying(BATCHED.filter((_, index) => index !== 4)), exchanges),
    conformingRun(),
  );
  const [finding, ...others] = findings(kept);
  expect(others).toEqual([]);
  expect(finding?.requirements).toEqual(['replay.concurrent']);
  expect(finding?.likelyCause).toContain('live subscribers are not sent');
  expect(finding?.unverified).toContain('snapshot.equals-live');
});

test('what breaks on a snapshot, where nobody heard the session live, is laid on no store', () => {
  const run = conformingRun().filter(({ purpose }) => purpose.kind === 'subscription' && purpose.role === 'snapshot');
  const [finding] = findings(run.map((exchange) => saying([BATCHED.flat()])(exchange)));
  expect(finding?.requirements).toEqual(['batching.word-cap', 'batching.time-cap']);
  expect(finding?.likelyCause).toContain('Words are gathered for longer');
});

test('a credential that is not checked says for which sessions', () => {
  const body = streamBody(BATCHED);
  const [finding] = findings(changed('auth.missing/completed', answered(200, body, 'text/event-stream')));
  expect(finding).toMatchObject({
    likelyCause: 'The credential is not checked for completed sessions.',
    requirements: ['auth.missing'],
  });
});

test('an account that is remembered with its connection is not called an unchecked credential', () => {
  const remembered = (exchange: Exchange): Exchange => {
    const granted = answered(200, streamBody(BATCHED), 'text/event-stream')(exchange);
    if (granted.purpose.kind !== 'refusal') throw new Error(`${exchange.id} is no refusal`);
    return { ...granted, purpose: { ...granted.purpose, variant: ON_GRANTED_CONNECTION } };
  };
  const [finding] = findings(changed('auth.missing/completed', remembered));
  expect(finding).toMatchObject({
    likelyCause: 'An account is remembered with its connection, and lets in what is sent there without a credential.',
    requirements: ['auth.missing'],
  });
});

test('a key that is taken in other letters is compared loosely, not left unchecked', () => {
  const recased = (exchange: Exchange): Exchange => {
    const granted = answered(200, streamBody(BATCHED), 'text/event-stream')(exchange);
    if (granted.purpose.kind !== 'refusal') throw new Error(`${exchange.id} is no refusal`);
    return { ...granted, purpose: { ...granted.purpose, variant: 'recased api key' } };
  };
  const [finding] = findings(changed('auth.invalid/near-api-key/completed', recased));
  expect(finding).toMatchObject({
    likelyCause: 'Credentials are compared loosely: without regard to letter case, or by a part of them.',
    requirements: ['auth.invalid'],
  });
});

test("another account's stream is not called an unchecked credential", () => {
  const body = streamBody(BATCHED);
  const [finding] = findings(changed('auth.isolation/live', answered(200, body, 'text/event-stream')));
  expect(finding).toMatchObject({
    likelyCause: "The account that a session belongs to is not compared with the credential's.",
    requirements: ['auth.isolation'],
  });
});

test('a response that is closed too early is one cause: no history is to blame', () => {
  const early = (exchange: Exchange): Exchange => {
    const said = saying(BATCHED.slice(0, -2))(exchange);
    return { ...said, chunks: said.chunks.slice(0, -1) };
  };
  const [finding, ...others] = findings(changed('concurrent', early));
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    likelyCause: 'The response is closed before its session ends.',
    requirements: ['replay.concurrent', 'ending.once'],
  });
  expect(findings(changed('late', early, changed('reconnected', early)))).toMatchObject([
    {
      likelyCause: 'The response to a late subscriber is closed before its session ends, or without its end.',
      requirements: ['ending.once'],
    },
  ]);
});

test('ids that are all answered with a stream are one cause', () => {
  const open = answered(200, streamBody([]), 'text/event-stream');
  const run = conformingRun().reduce<Exchange[]>(
    (exchanges, { id }) => (/^errors\.(not-found|bad-request)/.test(id) ? changed(id, open, exchanges) : exchanges),
    conformingRun(),
  );
  const [finding] = findings(run);
  expect(finding).toMatchObject({
    likelyCause: 'A stream is opened for any id: whether there is such a session is not asked.',
    requirements: ['errors.bad-request', 'errors.not-found'],
  });
});

const everyone = (change: (exchange: Exchange) => Exchange): readonly Finding[] =>
  findings(conformingRun().map((exchange) => (exchange.purpose.kind === 'subscription' ? change(exchange) : exchange)));

test('times that go back to zero are counted anew; those that go back a batch are out of order', () => {
  const anew = BATCHED.map((batch) => {
    const from = batch[0]?.[1] ?? 0;
    return batch.map(([word, start, end]) => [word, start - from, end - from] as const);
  });
  const [counted] = everyone(saying(anew));
  expect(counted).toMatchObject({ requirements: ['ordering.across-batches'] });
  expect(counted?.likelyCause).toContain('Times are counted anew');
  const [first = [], second = [], third = [], fourth = [], ...rest] = BATCHED;
  const [swapped] = everyone(saying([first, second, fourth, third, ...rest]));
  expect(swapped?.requirements).toEqual(['ordering.across-batches']);
  expect(swapped?.likelyCause).toContain('in another order than they were spoken');
  const [early] = everyone(saying([second, first, third, fourth, ...rest]));
  expect(early?.requirements).toEqual(['ordering.across-batches']);
  expect(early?.likelyCause).toBeUndefined();
});

for (const [what, frames, cause] of [
  ['the last words', [END_FRAME, batchFrame(BATCHED.at(-1) ?? [])], 'The end does not wait for the last words'],
  ['a heartbeat', [batchFrame(BATCHED.at(-1) ?? []), END_FRAME + batchFrame([])], 'a timer that is not stopped'],
] as const)
  test(`${what} after the end`, () => {
    const [finding] = everyone(({ chunks, ...exchange }) => ({
      ...exchange,
      chunks: chunks.map(({ at, bytes }, index) => ({
        at,
        bytes: Buffer.from(exchange.id === 'dropped' ? bytes : (frames[index - chunks.length + 2] ?? bytes)),
      })),
    }));
    expect(finding?.requirements).toEqual(['ending.last']);
    expect(finding?.likelyCause).toContain(cause);
  });

test('words whose UTF-8 was read as Latin-1 say so', () => {
  const recording = runOf();
  const streams = recording.streams.map((stream) => ({
    ...stream,
    script: stream.script?.replaceAll('we', 'wé') ?? '',
  }));
  const garbled = saying(
    BATCHED.map((batch) => batch.map(([word, ...times]) => [word.replaceAll('we', 'wÃ©'), ...times] as const)),
  );
  const exchanges = conformingRun()
    .filter(({ id }) => id !== 'dropped')
    .map((exchange) => (exchange.purpose.kind === 'subscription' ? garbled(exchange) : exchange));
  const run = runOf(exchanges, { streams, earlier: [] });
  const [finding] = findingsOf(judged(run).requirements, run.exchanges);
  expect(finding).toMatchObject({ outcome: 'fail', requirements: ['tokens.script'] });
  expect(finding?.likelyCause).toContain('read as Latin-1');
});

test('a server error and the stack trace in it are one cause', () => {
  const thrown = answered(500, 'Error\n    at find (/srv/app/index.js:10:5)', 'text/plain');
  const [finding, ...others] = findings(changed('errors.bad-request/200-letters', thrown));
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    likelyCause: 'The handler throws on such an id, and nothing catches it.',
    requirements: ['errors.bad-request', 'errors.no-leak'],
  });
});

test('what could not be verified stands with its cause', () => {
  const [finding] = findings(changed('first', answered(200, '<h1>log in</h1>', 'text/html')));
  expect(finding?.requirements).toContain('http.content-type');
});

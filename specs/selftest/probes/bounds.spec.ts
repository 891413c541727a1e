import type { Socket } from 'node:net';
import { expect, test } from '@playwright/test';
import { Patience } from '../../../helpers/probes/patience.ts';
import { planRun } from '../../../helpers/probes/plan.ts';
import { runSessionCommand } from '../../../helpers/probes/session-command.ts';
import { StreamWatch } from '../../../helpers/probes/watch.ts';
import { startReference } from '../../../helpers/reference/server.ts';
import { defaultStages } from '../../../helpers/reference/stages.ts';
import { commandEnvironment } from '../../../helpers/settings/read-settings.ts';
import { type RawAnswer, rawServer, STREAM_HEAD } from '../support/hostile.ts';
import { batch, END, hostileTarget, jsonAnswer, streamAnswer } from '../targets/hostile-target.ts';
import { certifyAt, held, resultIn, SPEED, withReference } from '../targets/support.ts';
import { ACCOUNTS, exchangeOf, recordAt, testSettings } from './support.ts';

const GOOD = `${batch([
  { word: 'Hi', start: 0, end: 0.4 },
  { word: '.', start: 0.4, end: 0.5 },
])}${END}`;
const never = new AbortController().signal;
const PLAIN = { PATH: process.env.PATH ?? '' };

function requestsIn(server: { readonly heads: readonly string[] }, pattern: RegExp): readonly string[] {
  return server.heads.filter((head) => pattern.test(head));
}

test('the repetitions of a run have one budget, and pauses without Retry-After grow apart', () => {
  const patience = new Patience();
  expect([1, 2, 3, 4].map((attempt) => patience.grant(0, attempt, attempt * 100))).toEqual([0.5, 1, 2, 4]);
  expect(patience.grant(3, 1, 1000)).toBe(3);
  // Of two that wait at the same time the seconds count once.
  expect(patience.grant(3, 1, 1000)).toBe(3);
  expect(patience.grant(49, 1, 2000)).toBe(49);
  expect(patience.grant(1, 1, 3000)).toBeUndefined();
  const eager = new Patience();
  const granted = Array.from({ length: 100 }, () => eager.grant(0, 1, 0)).filter((seconds) => seconds !== undefined);
  expect(granted).toHaveLength(60);
});

test('the plan says the bound of the run, the streams at once and the repetitions', () => {
  const plan = planRun(testSettings({ baseUrl: 'http://target.test' }));
  expect(plan.longestRunSeconds).toBe(plan.sessionSeconds.longest + 60);
  expect(plan).toMatchObject({ streamsAtOnce: 4, repetitions: { requests: 60, seconds: 60 } });
  expect(planRun(testSettings({ maxRunSeconds: 42 })).longestRunSeconds).toBe(42);
  const unwatched = planRun(testSettings({ baseUrl: 'http://target.test', unwatched: true }));
  expect(unwatched.sessions).toBe(2);
  expect(unwatched.estimatedUsd.most).toBeGreaterThan(plan.estimatedUsd.most);
});

test('a run that reaches its bound ends there, says so, and cancels its session', async () => {
  await using target = await hostileTarget({
    words: (socket) =>
      void socket.write(`${STREAM_HEAD}Connection: close\r\n\r\n${batch([{ word: 'Hi', start: 0, end: 1 }])}`),
    status: jsonAnswer(200, { data: { status: 'streaming' } }),
  });
  const { recording, assessment } = await certifyAt(target.baseUrl, { baseUrl: target.baseUrl, maxRunSeconds: 2 });
  expect(recording.finishedAt).toBeDefined();
  expect(exchangeOf(recording, 'first').ending).toMatchObject({ kind: 'stopped', bound: 'seconds' });
  expect(recording.unmet.map(({ reason }) => reason)).toContain(
    'the run reached its bound of 2 s before it came to this',
  );
  expect(assessment.verdict).toBe('incomplete');
  expect(requestsIn(target, /^POST \S+\/s1\/cancel /)).toHaveLength(1);
});

test('where the bound of the run comes before a head, that is the bound, and no head that was missing', async () => {
  await using target = await hostileTarget({
    words: () => {},
    status: jsonAnswer(200, { data: { status: 'pending' } }),
  });
  const { recording, assessment } = await certifyAt(target.baseUrl, { baseUrl: target.baseUrl, maxRunSeconds: 2 });
  expect(exchangeOf(recording, 'first').ending).toMatchObject({ kind: 'stopped', bound: 'interrupt' });
  expect(assessment.verdict).toBe('incomplete');
});

test('a completed session that goes on with comments alone is given up after a silence, and judged', async () => {
  await using target = await hostileTarget({
    words: (socket) => {
      socket.write(`${STREAM_HEAD}Connection: close\r\n\r\n${GOOD.replace(END, '')}`);
      const heart = setInterval(() => socket.write(': still here\n\n'), 100);
      socket.on('close', () => clearInterval(heart));
    },
  });
  const settings = { session: { mode: 'ids' }, completedStreamIds: ['s1'], endCloseSeconds: 1 } as const;
  const { recording, assessment } = await certifyAt(target.baseUrl, settings);
  const silent = ['completed-1', 'completed-1-again'].map((id) => exchangeOf(recording, id));
  const [first = 0, again = 0] = silent.map(({ ending, startedAt }) => ending.at - startedAt);
  expect(first).toBeGreaterThanOrEqual(15);
  expect(again).toBeLessThan(first);
  expect(resultIn(assessment, 'ending.once').outcome).toBe('fail');
});

for (const status of [200, 404])
  test(`an interrupted run cancels its session; where that is answered ${status}, ${status === 404 ? 'it closes the input' : 'it sends nothing more'}`, async () => {
    const stop = new AbortController();
    await using target = await rawServer((socket: Socket, head) => {
      if (/^POST \S+realtime /.test(head)) jsonAnswer(201, { data: { stream_id: 's1' } })(socket, head);
      else if (/\/cancel /.test(head)) jsonAnswer(status, { data: { cancelled: true } })(socket, head);
      else if (/^POST/.test(head)) jsonAnswer(200, { data: { ok: true } })(socket, head);
      else {
        socket.write(`${STREAM_HEAD}Connection: close\r\n\r\n`);
        stop.abort();
      }
    });
    const recording = await recordAt(target.baseUrl, {}, { signal: stop.signal });
    expect(recording.finishedAt).toBeUndefined();
    expect(requestsIn(target, /^POST \S+\/s1\/cancel /)).toHaveLength(1);
    expect(requestsIn(target, /^POST \S+\/s1\/text /)).toHaveLength(status === 404 ? 1 : 0);
  });

test('text goes as delta, and as text where that is refused', async () => {
  await using target = await rawServer((socket, head) => {
    if (/^POST \S+realtime /.test(head)) jsonAnswer(201, { data: { stream_id: 's1' } })(socket, head);
    else if (/\/text /.test(head))
      jsonAnswer(head.includes('"delta"') ? 422 : 200, { data: { ok: true } })(socket, head);
    else if (/\/s1\/words /.test(head)) streamAnswer(GOOD)(socket, head);
    else jsonAnswer(/\/words /.test(head) ? 404 : 200, { data: { status: 'completed' } })(socket, head);
  });
  await recordAt(target.baseUrl);
  const members = requestsIn(target, /^POST \S+\/s1\/text /).map((head) => /\{"(\w+)"/.exec(head)?.[1]);
  expect(members).toEqual(['delta', 'text']);
});

test('a session whose creation is answered at length is used; one whose answer is cut is cancelled', async () => {
  const create = (bytes: number) => jsonAnswer(201, { data: { stream_id: 's1' }, padding: 'x'.repeat(bytes) });
  await using used = await hostileTarget({ words: streamAnswer(GOOD), create: create(100_000) });
  expect((await recordAt(used.baseUrl)).failure).toBeUndefined();
  await using cut = await hostileTarget({ words: streamAnswer(GOOD), create: create(2 ** 21) });
  expect((await recordAt(cut.baseUrl)).failure).toMatchObject({ cause: 'create' });
  expect(requestsIn(cut, /^POST \S+\/s1\/cancel /)).toHaveLength(1);
});

for (const streamId of ['..', '.', 'a\ud800'])
  test(`a session named ${JSON.stringify(streamId)} is refused by its name, and asked about nowhere`, async () => {
    await using target = await hostileTarget({
      words: streamAnswer(GOOD),
      create: jsonAnswer(201, { data: { stream_id: streamId } }),
    });
    const recording = await recordAt(target.baseUrl);
    expect(recording.failure?.message).toContain(JSON.stringify(streamId));
    expect(target.heads).toHaveLength(1);
  });

/** The words stream of a conforming server that lets in so many subscribers at a time. */
async function recordWith(places: number) {
  let open = 0;
  const full = () => ({
    status: 429,
    headers: { 'content-type': 'application/json', 'retry-after': '1' },
    body: '{"error":{"code":"rate_limit_exceeded","message":"Too many streams."}}',
  });
  const server = await startReference({
    speed: 2,
    accounts: ACCOUNTS,
    stages: {
      head(ctx) {
        if (ctx.kind === 'snapshot') return defaultStages.head(ctx);
        if (open >= places) return full();
        open++;
        ctx.signal.addEventListener('abort', () => open--, { once: true });
        return defaultStages.head(ctx);
      },
    },
  });
  const recording = await recordAt(server.baseUrl, { speed: 2 }).finally(() => server.close());
  return {
    recording,
    lacking: recording.unmet
      .filter(({ declared }) => !declared)
      .map(({ need }) => need)
      .sort(),
  };
}

test('with three streams at a time the concurrent one makes room, and the rest is verified', async () => {
  const { recording, lacking } = await recordWith(3);
  expect(lacking).toEqual(['concurrent-subscriber']);
  expect(exchangeOf(recording, 'concurrent').ending).toMatchObject({ kind: 'stopped', bound: 'probe' });
  for (const id of ['first', 'late', 'reconnected']) expect(exchangeOf(recording, id).response?.status).toBe(200);
});

test('with one stream at a time the run gives up the others, and its session does not wait for them', async () => {
  const { recording, lacking } = await recordWith(1);
  expect(lacking).toEqual(['concurrent-subscriber', 'late-subscriber', 'reconnection']);
  expect(exchangeOf(recording, 'first').ending.kind).toBe('complete');
  expect(recording.streams[0]?.statuses.at(-1)).toMatchObject({ status: 'completed', endReason: 'completed' });
});

test('refusals answered 429 without Retry-After for ever are asked again within the budget', async () => {
  await using target = await hostileTarget({
    words: streamAnswer(GOOD),
    unauthorized: jsonAnswer(429, { error: { code: 'rate_limit_exceeded', message: 'No.' } }),
  });
  const settings = { session: { mode: 'ids' }, completedStreamIds: ['s1'], maxRunSeconds: 20 } as const;
  const recording = await recordAt(target.baseUrl, settings);
  const limited = recording.exchanges.filter(({ response }) => response?.status === 429);
  expect(limited.length).toBeGreaterThan(0);
  expect(limited.length).toBeLessThanOrEqual(60 + 30);
});

const BROKEN_ANSWERS = [
  ['is reset', (socket: Socket) => void socket.resetAndDestroy(), 'http.status'],
  [
    'has Content-Length beside Transfer-Encoding',
    (socket: Socket) =>
      void socket.end(`${STREAM_HEAD}Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`),
    'http.head',
  ],
  ['is no HTTP/1.1', (socket: Socket) => void socket.end('220 mail.test ESMTP\r\n'), 'http.head'],
] as const;

for (const [name, answer, requirement] of BROKEN_ANSWERS)
  test(`a words answer that ${name}, where the session was created, breaks ${requirement}`, async () => {
    await using target = await hostileTarget({ words: answer });
    const { assessment } = await certifyAt(target.baseUrl);
    expect(assessment.verdict).toBe('non-conformant');
    expect(resultIn(assessment, requirement).outcome).toBe('fail');
  });

for (const [name, answer, requirement] of BROKEN_ANSWERS)
  test(`a words answer that ${name}, of a completed session, breaks ${requirement} where its sibling answers`, async () => {
    await using target = await hostileTarget({ words: answer });
    const settings = { session: { mode: 'ids' }, completedStreamIds: ['s1'] } as const;
    const { assessment } = await certifyAt(target.baseUrl, settings);
    expect(assessment.verdict).toBe('non-conformant');
    expect(resultIn(assessment, requirement).outcome).toBe('fail');
  });

test('a session of a command that the target knows, and whose words are answered 404 while it is pending, says so', async () => {
  await using target = await hostileTarget({
    words: jsonAnswer(404, { error: { code: 'not_found', message: 'Not yet.' } }),
    status: jsonAnswer(200, { data: { stream_id: 's1', status: 'pending' } }),
  });
  const command = `echo '{"stream_id":"s1","script":"Hi there."}'`;
  const session = { mode: 'command', command, env: PLAIN, named: [], maxSeconds: 10 } as const;
  const { assessment } = await certifyAt(target.baseUrl, { session });
  expect(held(assessment).join()).toMatch(/http\.status: fail .*with the status "pending"/);
});

test('a target that speaks HTTP/2 alone is named as such', async () => {
  const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
  await using target = await rawServer((socket) => void socket.end(settings));
  const { failure } = await recordAt(target.baseUrl);
  expect(failure?.message).toContain('speaks HTTP/2 only');
  expect(failure?.requirement).toBeUndefined();
});

test('a refused key does not end the run where the bearer token opens the session', async () => {
  await using target = await hostileTarget({
    words: (socket, head) =>
      (/^x-api-key/im.test(head)
        ? jsonAnswer(401, { error: { code: 'authentication_failed', message: 'No.' } })
        : streamAnswer(GOOD))(socket, head),
  });
  const settings = { session: { mode: 'ids' }, completedStreamIds: ['s1'] } as const;
  const { recording, assessment } = await certifyAt(target.baseUrl, settings);
  expect(recording.failure).toBeUndefined();
  expect(resultIn(assessment, 'auth.api-key').outcome).toBe('fail');
  expect(resultIn(assessment, 'auth.bearer').outcome).toBe('pass');
});

test('a refused bearer token leaves nothing open that the key can show', async () => {
  const accounts = ACCOUNTS.map((one) => ({ ...one, bearerTokens: [] }));
  const { recording, assessment } = await withReference({ accounts }, ({ baseUrl }) =>
    certifyAt(baseUrl, { speed: SPEED }),
  );
  expect(held(assessment).map((line) => line.split(':')[0])).toEqual(['auth.bearer']);
  for (const id of ['replay.concurrent', 'replay.reconnect', 'snapshot.stable'])
    expect(resultIn(assessment, id).outcome, id).toBe('pass');
  expect(exchangeOf(recording, 'concurrent')).toMatchObject({ credential: 'bearer', response: { status: 401 } });
  expect(exchangeOf(recording, 'concurrent-again').credential).toBe('api-key');
  expect(exchangeOf(recording, 'reconnected').credential).toBe('api-key');
});

test('twelve thousand content-codings are judged, on streams and refusals', async () => {
  const coded = `Content-Encoding: ${Array.from({ length: 12_000 }, () => 'br').join()}`;
  await using target = await hostileTarget({
    words: streamAnswer(GOOD, coded),
    unknown: streamAnswer('{}', coded),
  });
  const { recording, assessment } = await certifyAt(target.baseUrl, {
    session: { mode: 'ids' },
    completedStreamIds: ['s1'],
  });
  expect(exchangeOf(recording, 'completed-1').ending).toMatchObject({ kind: 'undecodable' });
  const result = resultIn(assessment, 'http.content-coding');
  expect(result.outcome).toBe('fail');
  expect(result.violations[0]?.message.length).toBeLessThan(600);
});

test('a session command is over when it exits, whatever it leaves behind', async () => {
  const left = `sleep 30 & echo '{"stream_id": "s1"}'; echo $! >&2`;
  expect(await runSessionCommand(left, never, { env: PLAIN, limitSeconds: 20 })).toEqual({ streamId: 's1' });
  const failed = await runSessionCommand('echo no >&2; sleep 30 & exit 7', never, { env: PLAIN, limitSeconds: 20 });
  expect(failed).toEqual({ problem: 'The session command exited with 7; it said: no.' });
});

test('a session command that prints for ever is ended; the id behind much output is found', async () => {
  const endless = await runSessionCommand('yes', never, { env: PLAIN });
  expect(endless).toEqual({ problem: 'The session command printed more than 16 MB and did not come to an end.' });
  const much = `head -c 3000000 /dev/zero | tr '\\0' x; echo; echo '{"stream_id": "s1"}'`;
  expect(await runSessionCommand(much, never, { env: PLAIN })).toEqual({ streamId: 's1' });
});

test('the session command gets no credential that it was not named', () => {
  const env = { PATH: '/bin', HOME: '/root', WORDS_API_KEY: 'k', WORDS_BASE_URL: 'u', CI_TOKEN: 't', https_proxy: 'p' };
  expect(commandEnvironment(env, [])).toEqual({ PATH: '/bin', HOME: '/root', WORDS_BASE_URL: 'u', https_proxy: 'p' });
  expect(commandEnvironment(env, ['CI_TOKEN', 'WORDS_API_KEY'])).toMatchObject({ CI_TOKEN: 't', WORDS_API_KEY: 'k' });
});

test('events are followed across every kind of line end, also where a chunk ends between CR and LF', () => {
  const watch = new StreamWatch();
  for (const text of ['data: {"words":[{"end":1}]}\r', '\n\r', '\nevent: end\r', 'data: {}\r', '\r'])
    watch.push(0, Buffer.from(text));
  expect([watch.batches, watch.words, watch.ended]).toEqual([1, 1, true]);
});

test('an event of another type without words is no batch to join after', () => {
  const watch = new StreamWatch();
  for (const frame of [
    'event: ping\ndata: {"ts":1}\n\n',
    'event: ping\ndata: now\n\n',
    'event: words\ndata: {"words":[{"end":1}]}\n\n',
  ])
    watch.push(1, Buffer.from(frame));
  watch.push(3, Buffer.from('data: {"words":[{"end":2}]}\n\ndata: broken\n\n'));
  expect([watch.batches, watch.words, watch.lastEventAt, watch.pauseSeconds]).toEqual([3, 2, 3, 1]);
});

test('a connection that breaks once, before an answer, is asked for once more and breaks nothing', async () => {
  const seen = new Set<string>();
  const flaky =
    (answer: RawAnswer): RawAnswer =>
    (socket, head) => {
      if (seen.has(head)) answer(socket, head);
      else socket.resetAndDestroy();
      seen.add(head);
    };
  const no = { error: { code: 'no', message: 'No.' } };
  await using target = await hostileTarget({
    words: flaky(streamAnswer(GOOD)),
    unknown: flaky(jsonAnswer(404, no)),
    unauthorized: flaky(jsonAnswer(401, no)),
  });
  const settings = { session: { mode: 'ids' }, completedStreamIds: ['s1'] } as const;
  const { recording, assessment } = await certifyAt(target.baseUrl, settings);
  const broken = recording.exchanges.filter(({ response }) => response === undefined);
  expect(broken.length).toBeGreaterThan(5);
  for (const { id, supersededBy } of broken) expect(id).toBe(`${supersededBy}/no-answer-1`);
  for (const id of ['http.status', 'auth.missing', 'auth.invalid', 'errors.not-found', 'errors.bad-request'])
    expect(resultIn(assessment, id), id).toMatchObject({ outcome: 'pass' });
  expect(resultIn(assessment, 'http.status').notes).toHaveLength(broken.length);
});

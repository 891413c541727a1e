import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import type { Settings } from '../../../helpers/settings/settings.ts';
import { rawServer } from '../support/hostile.ts';
import { certifyAt, held, withReference } from './support.ts';

const HTML = '<!doctype html><html><title>Sign in</title></html>';
const CREATED = '{"data":{"stream_id":"s1"}}';
const IDS: Settings['session'] = { mode: 'ids', liveStreamId: 'live' };
const CREATE: Settings['session'] = { mode: 'create', type: 'text_stream', avatarId: 'a', voiceId: 'v' };

function answer(status: number, body: string, type: string, ...headers: readonly string[]): string {
  const head = [`HTTP/1.1 ${status} X`, `Content-Type: ${type}`, `Content-Length: ${body.length}`, ...headers];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

const JSON_TYPE = 'application/json';
const error = (code: string) => JSON.stringify({ error: { code, message: `It says ${code}.` } });

interface Preflight {
  readonly name: string;
  readonly session: Settings['session'];
  /** To the first request of the run, and to every later one. */
  readonly answers: readonly string[];
  readonly cause: string;
  /** The one requirement that is broken; none where the target breaks nothing. */
  readonly requirement?: string;
  readonly told: RegExp;
}

const refusedToCreate: readonly (readonly [status: number, cause: string, told: RegExp])[] = [
  [400, 'create', /400.*WORDS_AVATAR_ID/],
  [401, 'credential', /credential was not accepted.*401.*It says.*WORDS_API_KEY/],
  [402, 'credit', /too little credit.*402/],
  [403, 'credential', /credential was not accepted.*403/],
  [404, 'create', /creates no sessions.*404.*WORDS_SESSION=ids/],
  [407, 'proxy', /asks for a password.*HTTPS_PROXY/],
  [410, 'create', /410.*WORDS_SESSION=ids/],
  [429, 'rate-limit', /429.*three at the same time/],
  [500, 'server-error', /The target failed.*500/],
  [503, 'server-error', /The target failed.*503/],
  [302, 'redirect', /sent the run elsewhere.*final address/],
];

const preflights: readonly Preflight[] = [
  ...refusedToCreate.map(([status, cause, told]) => ({
    name: `POST answered ${status}`,
    session: CREATE,
    answers: [answer(status, error(cause), JSON_TYPE, 'Retry-After: 3600', 'Location: http://127.0.0.1:1/')],
    cause,
    told,
  })),
  ...[200, 502].map((status) => ({
    name: `POST answered ${status} with a login page`,
    session: CREATE,
    answers: [answer(status, HTML, 'text/html')],
    cause: 'html',
    told: /HTML page answered in place of the API.*is the API itself/,
  })),
  {
    name: 'POST answered without a stream_id',
    session: CREATE,
    answers: [answer(201, '{"data":{}}', JSON_TYPE)],
    cause: 'create',
    told: /holds no data\.stream_id/,
  },
  ...([401, 402, 403, 404, 500, 503, 302, 204] as const).map((status) => ({
    name: `the words of a session that was just created answered ${status}`,
    session: CREATE,
    answers: [answer(201, CREATED, JSON_TYPE), answer(status, error('x'), JSON_TYPE)],
    cause: 'answer',
    requirement: 'http.status',
    told: new RegExp(`${status}`),
  })),
  ...[CREATE, IDS].map((session) => ({
    name: `a login page in place of the words, by ${session.mode}`,
    session,
    answers: [...(session === CREATE ? [answer(201, CREATED, JSON_TYPE)] : []), answer(200, HTML, 'text/html')],
    cause: 'answer',
    requirement: 'http.content-type',
    told: /text\/html/,
  })),
  ...(
    [
      [401, 'credential', /credential was not accepted/],
      [403, 'credential', /credential was not accepted/],
      [404, 'session', /does not know the session.*Check WORDS_LIVE_STREAM_ID, and/],
      [429, 'rate-limit', /rate limit leaves no room/],
    ] as const
  ).map(([status, cause, told]) => ({
    name: `the words of a given session answered ${status}`,
    session: IDS,
    answers: [answer(status, error('x'), JSON_TYPE, 'Retry-After: 3600')],
    cause,
    told,
  })),
  {
    name: 'the words of a given session answered 500',
    session: IDS,
    answers: [answer(500, HTML, 'text/html')],
    cause: 'answer',
    requirement: 'http.status',
    told: /500/,
  },
];

for (const { name, session, answers, cause, requirement, told } of preflights)
  test(`said once, with its cause, and the run stops: ${name}`, async () => {
    const queue = [...answers];
    await using server = await rawServer((socket: Socket) => void socket.end(queue.shift() ?? answers.at(-1) ?? ''));
    const { recording, assessment } = await certifyAt(server.baseUrl, { session });
    expect(recording.failure).toMatchObject({ cause });
    expect(`${recording.failure?.message} ${recording.failure?.remedy}`).toMatch(told);
    // What was created is closed again, and a credential that is refused may be one of two; beyond that nothing is asked.
    const asked = server.heads.filter((head) => !/\/(text|cancel) HTTP|^GET \S+realtime\/s1 HTTP/.test(head));
    expect(asked).toHaveLength(answers.length + (/answered 40[13]$/.test(name) ? 1 : 0));
    expect(assessment.verdict).toBe(requirement === undefined ? 'error' : 'non-conformant');
    expect(held(assessment).map((line) => line.split(':')[0])).toEqual(requirement === undefined ? [] : [requirement]);
    if (requirement === undefined) expect(assessment.reason).toBe(recording.failure?.message);
    const open = assessment.requirements.filter(({ outcome }) => outcome === 'inconclusive');
    expect(new Set(open.map(({ because }) => because))).toEqual(new Set([requirement]));
  });

test('an unknown completed session, and no stream of an earlier recording, name their setting and its value', async () => {
  const unknown = answer(404, error('not_found'), JSON_TYPE);
  await using server = await rawServer((socket: Socket) => void socket.end(unknown));
  const session = { mode: 'ids' } as const;
  const { recording } = await certifyAt(server.baseUrl, { session, completedStreamIds: ['done'] });
  expect(recording.failure?.remedy).toMatch(/^Check WORDS_COMPLETED_STREAM_ID, and/);
  await withReference({}, async (reference) => {
    const completed = await reference.addCompletedSession({ text: 'One two three. Four five six.' });
    const earlier = [{ streamId: 'rt_7', recordedAt: '2026-11-01T00:00:00.000Z', words: [] }];
    const settings = { session, completedStreamIds: [completed], earlierRecordingPath: 'earlier.har' };
    const run = await certifyAt(reference.baseUrl, settings, { earlier });
    expect(run.recording.unmet).toContainEqual(
      expect.objectContaining({ need: 'earlier-recording', remedy: 'Set WORDS_COMPLETED_STREAM_ID=rt_7.' }),
    );
  });
});

const file = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../probes/tls/test-only-${name}.pem`, import.meta.url)));

const unreachable: readonly (readonly [name: string, baseUrl: string, cause: string, told: RegExp])[] = [
  ['a host name that nobody knows', 'http://no-such-host.invalid', 'dns', /host name is not known/],
  ['a port where nothing listens', 'http://127.0.0.1:1', 'refused', /Nothing listens at/],
];

for (const [name, baseUrl, cause, told] of unreachable)
  test(`a target that cannot be reached is an error of the run, said once: ${name}`, async () => {
    const { recording, assessment } = await certifyAt(baseUrl);
    expect(recording.failure).toMatchObject({ cause, message: expect.stringMatching(told) });
    expect(recording.exchanges).toHaveLength(1);
    expect(assessment).toMatchObject({ verdict: 'error', reason: recording.failure?.message });
    expect(held(assessment)).toEqual([]);
  });

test('a certificate that nobody vouches for is an error of the run, with the way to trust it', async () => {
  await withReference({ tls: { key: file('key'), cert: file('certificate') } }, async ({ baseUrl }) => {
    const { recording, assessment } = await certifyAt(baseUrl);
    expect(recording.failure).toMatchObject({ cause: 'tls', remedy: expect.stringContaining('NODE_EXTRA_CA_CERTS') });
    expect(assessment.verdict).toBe('error');
    expect(held(assessment)).toEqual([]);
  });
});

test('plain HTTP where TLS is asked for is told as that', async () => {
  await using server = await rawServer((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  const { assessment } = await certifyAt(server.baseUrl.replace('http:', 'https:'), { maxSeconds: 3 });
  expect(assessment.verdict).toBe('error');
  expect(assessment.reason).toMatch(/TLS|closed the connection|gave no answer/);
  await withReference({}, async ({ baseUrl }) => {
    const { recording } = await certifyAt(baseUrl.replace('http:', 'https:'));
    expect(recording.failure).toMatchObject({ cause: 'tls', message: expect.stringContaining('speaks no TLS') });
    expect(recording.failure?.remedy).toContain('http://');
  });
});

for (const [name, bytes] of [
  ['a server of another protocol', '220 mail.example ESMTP\r\n'],
  ['a connection that closes at once', ''],
] as const)
  test(`what is no HTTP server is an error of the run: ${name}`, async () => {
    await using server = await rawServer((socket) => void socket.end(bytes));
    const { assessment } = await certifyAt(server.baseUrl);
    expect(assessment.verdict).toBe('error');
    expect(held(assessment)).toEqual([]);
  });

import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { loadContract } from '../../../helpers/contract/load.ts';
import { redactorOf } from '../../../helpers/http/redactor-of.ts';
import { record } from '../../../helpers/probes/record.ts';
import { loadRecording, saveHar } from '../../../helpers/recording/load.ts';
import type { Recording } from '../../../helpers/recording/recording.ts';
import type { Stages } from '../../../helpers/reference/pipeline.ts';
import { type ReferenceOptions, type ReferenceServer, startReference } from '../../../helpers/reference/server.ts';
import { defaultStages } from '../../../helpers/reference/stages.ts';
import { rawServer, requestTarget, STREAM_HEAD } from '../support/hostile.ts';
import { ACCOUNTS, API_KEY, BEARER, bodyOf, exchangeOf, OTHER_KEY, recordAt, suite, testSettings } from './support.ts';

const SPEED = 20;

async function withReference<T>(options: ReferenceOptions, run: (server: ReferenceServer) => Promise<T>): Promise<T> {
  const server = await startReference({ speed: SPEED, accounts: ACCOUNTS, ...options });
  try {
    return await run(server);
  } finally {
    await server.close();
  }
}

function idsOf(recording: Recording): readonly string[] {
  return recording.exchanges.map(({ id }) => id);
}

function undeclared(recording: Recording): readonly string[] {
  return recording.unmet.filter(({ declared }) => !declared).map(({ need }) => need);
}

test('a whole run: one session, every role, every refusal, within its count of requests', async () => {
  const recording = await withReference({}, ({ baseUrl }) => recordAt(baseUrl, { speed: SPEED }));
  expect(recording.failure).toBeUndefined();
  expect(recording.finishedAt).toBeDefined();
  expect(recording.exchanges.length).toBeLessThanOrEqual(60);
  const [stream] = recording.streams;
  expect(recording.streams).toHaveLength(1);
  expect(stream).toMatchObject({ origin: 'create', state: 'live', script: expect.stringMatching(/Hello.*Goodbye!$/) });
  expect(stream?.statuses.at(-1)?.status).toBe('completed');
  const words = ['first', 'concurrent', 'late', 'reconnected', 'snapshot', 'snapshot-again', 'snapshot-bearer'];
  for (const id of words) {
    expect(exchangeOf(recording, id)).toMatchObject({ ending: { kind: 'complete' }, response: { status: 200 } });
    expect(bodyOf(exchangeOf(recording, id))).toMatch(/Goodbye.*event: end\ndata: /s);
  }
  expect(exchangeOf(recording, 'dropped').ending).toMatchObject({ kind: 'stopped', bound: 'probe' });
  for (const id of ['concurrent', 'dropped', 'reconnected'])
    expect(exchangeOf(recording, id).credential).toBe('bearer');
  const [late, dropped, reconnected] = ['late', 'dropped', 'reconnected'].map((id) => exchangeOf(recording, id));
  const heardBy = (at = 0) => exchangeOf(recording, 'first').chunks.filter((chunk) => chunk.at < at).length;
  expect(heardBy(late?.startedAt)).toBeLessThan(heardBy(reconnected?.startedAt) / 2);
  expect(dropped?.ending.at).toBeLessThan(reconnected?.startedAt ?? 0);
  for (const { purpose, response, control } of recording.exchanges) {
    if (purpose.kind !== 'refusal') continue;
    expect(response?.status).toBeGreaterThanOrEqual(400);
    if (purpose.probe !== 'before-lookup') expect(exchangeOf(recording, control ?? '').response?.status).toBe(200);
  }
  expect(undeclared(recording)).toEqual([]);
  const starts = recording.exchanges.map(({ startedAt }) => startedAt);
  expect(starts).toEqual([...starts].sort((a, b) => a - b));
});

test('who dropped out of a session longer than the run listens comes back all the same', async () => {
  const script = 'We say it once more, and then again. '.repeat(200);
  const session = { mode: 'create', type: 'tts', avatarId: 'a', voiceId: 'v', script } as const;
  const recording = await withReference({ speed: 4 }, ({ baseUrl }) => recordAt(baseUrl, { session, maxSeconds: 6 }));
  expect(exchangeOf(recording, 'first').ending).toMatchObject({ kind: 'stopped', bound: 'seconds' });
  expect(exchangeOf(recording, 'reconnected').response?.status).toBe(200);
});

test('whoever is far behind when the session is over is listened to until it has caught up', async () => {
  const slow: Partial<Stages> = {
    transport(ctx, response) {
      const transport = defaultStages.transport(ctx, response);
      if (ctx.kind !== 'late') return transport;
      return { ...transport, write: (bytes) => ctx.wait(0.2).then(() => transport.write(bytes)) };
    },
  };
  const recording = await withReference({ stages: slow }, ({ baseUrl }) =>
    recordAt(baseUrl, { speed: SPEED, endCloseSeconds: 0.1 }),
  );
  const [first, ...behind] = ['first', 'late', 'reconnected'].map((id) => exchangeOf(recording, id));
  for (const { ending } of behind) {
    expect(ending.kind).toBe('complete');
    expect(ending.at).toBeGreaterThan((first?.ending.at ?? 0) + 1.2);
  }
});

test('no file holds a credential or one like it', async () => {
  const path = test.info().outputPath('recording.ndjson');
  const har = test.info().outputPath('recording.har');
  // Repeats every credential in a header and in the body, as some error pages do.
  await using server = await rawServer((socket, head) => {
    const sent = /^(?:x-api-key|authorization): *(.*)$/im.exec(head)?.[1] ?? '';
    const body = JSON.stringify({
      error: { code: 'x', message: `not: ${sent} ${encodeURIComponent(sent)} ${Buffer.from(sent).toString('base64')}` },
    });
    const status =
      requestTarget(head).endsWith('/words') && sent === API_KEY
        ? STREAM_HEAD
        : 'HTTP/1.1 401 No\r\nContent-Type: application/json\r\n';
    socket.end(
      `${status}X-Echo: ${sent}\r\nTransfer-Encoding: chunked\r\n\r\n${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n0\r\nX-Sum: ${sent}\r\n\r\n`,
    );
  });
  const settings = testSettings({ session: { mode: 'ids', liveStreamId: 'live' }, completedStreamIds: ['done'] });
  const sent: string[] = [];
  const recording = await record(settings, {
    suite,
    contract: loadContract(),
    baseUrl: server.baseUrl,
    journalPath: path,
  });
  await saveHar(redactorOf(settings).recording(recording), har);
  for (const head of server.heads) {
    const value = /^(?:x-api-key|authorization): *(?:Bearer |Basic |Digest )?(.*)$/im.exec(head)?.[1]?.trim();
    if (value) sent.push(value);
  }
  expect(new Set(sent).size).toBeGreaterThan(6);
  expect(sent).toEqual(expect.arrayContaining([API_KEY, BEARER, OTHER_KEY]));
  const written = readFileSync(path, 'utf8') + readFileSync(har, 'utf8');
  for (const value of sent) {
    expect(written).not.toContain(value);
    expect(written).not.toContain(Buffer.from(value).toString('base64').slice(2, -4));
  }
  const { echoes } = exchangeOf(recording, 'auth.invalid/near-api-key/live');
  expect(new Set(echoes.map(({ where }) => where))).toEqual(new Set(['header', 'body', 'trailer']));
  expect(new Set(echoes.map(({ credential }) => credential))).toEqual(new Set(['near-api-key']));
});

test('a session given as ids: live and completed; only the live one; only the completed one', async () => {
  await withReference({}, async (server) => {
    const text = 'One two three, four five six. '.repeat(8);
    const done = server.createSession({ text });
    await server.ended(done);
    const both = await recordAt(server.baseUrl, {
      session: { mode: 'ids', liveStreamId: server.createSession({ text }), script: text },
      completedStreamIds: [done],
    });
    expect(undeclared(both)).toEqual([]);
    expect(idsOf(both)).toEqual(
      expect.arrayContaining(['late', 'reconnected', 'snapshot', 'completed-1', 'completed-1-again']),
    );
    expect(idsOf(both).filter((id) => id.startsWith('session-'))).toEqual([]);

    const live = await recordAt(server.baseUrl, {
      session: { mode: 'ids', liveStreamId: server.createSession({ text }) },
    });
    expect(undeclared(live)).toEqual(['script']);
    expect(idsOf(live)).toContain('snapshot');

    const completed = await recordAt(server.baseUrl, { session: { mode: 'ids' }, completedStreamIds: [done] });
    expect(undeclared(completed)).toEqual([
      'script',
      'live-session',
      'late-subscriber',
      'concurrent-subscriber',
      'reconnection',
    ]);
    expect(exchangeOf(completed, 'auth.missing/completed').control).toBe('completed-1');
    expect(idsOf(completed)).toContain('errors.not-found');
  });
});

test('a session that is already over when we join leaves its needs unmet, with the figures', async () => {
  await withReference({}, async (server) => {
    const done = server.createSession({ text: 'Hi.' });
    await server.ended(done);
    const recording = await recordAt(server.baseUrl, { session: { mode: 'ids', liveStreamId: done } });
    expect(undeclared(recording)).toEqual(expect.arrayContaining(['late-subscriber', 'reconnection']));
    expect(recording.unmet.find(({ need }) => need === 'late-subscriber')?.reason).toMatch(/2 words in 1 batches/);
    expect(recording.failure).toBeUndefined();
  });
});

test('a session by a command; one that fails shows its exit code and what it said', async () => {
  await withReference({}, async (server) => {
    const streamId = server.createSession({ text: 'One two three, four five six. '.repeat(8) });
    const printed = JSON.stringify({ stream_id: streamId, script: 'One' });
    const command = `echo starting; echo '${printed}'`;
    const recording = await recordAt(server.baseUrl, {
      session: { mode: 'command', command, env: { PATH: process.env.PATH ?? '' }, named: [] },
    });
    expect(recording.streams[0]).toMatchObject({ streamId, origin: 'command', script: 'One' });
    expect(undeclared(recording)).toEqual([]);
  });
  const failed = await recordAt('http://127.0.0.1:1', {
    session: { mode: 'command', command: `echo no quota for ${API_KEY} >&2; exit 7`, env: {}, named: [] },
  });
  expect(failed.failure).toMatchObject({
    cause: 'command',
    message: expect.stringMatching(/exited with 7; it said: no quota for \$WORDS_API_KEY/),
  });
  expect(failed.exchanges).toEqual([]);
});

test('a target that allows few requests a second gets all of its requests, and no 429 is left standing', async () => {
  const rateLimit = { max: 4, windowSeconds: 1 };
  const recording = await withReference({ rateLimit, speed: 8 }, ({ baseUrl }) => recordAt(baseUrl));
  expect(recording.failure).toBeUndefined();
  const limited = recording.exchanges.filter(({ response }) => response?.status === 429);
  expect(limited.length).toBeGreaterThan(0);
  for (const { supersededBy } of limited) expect(idsOf(recording)).toContain(supersededBy);
  expect(undeclared(recording)).toEqual([]);
  expect(idsOf(recording)).toEqual(
    expect.arrayContaining(['late', 'reconnected', 'snapshot-again', 'auth.isolation/completed']),
  );
});

test('the burst stops at the first 429 and asks again after Retry-After', async () => {
  const rateLimit = { max: 55, windowSeconds: 3 };
  const recording = await withReference({ rateLimit }, ({ baseUrl }) =>
    recordAt(baseUrl, { burst: true, speed: SPEED }),
  );
  const burst = recording.exchanges.filter(({ purpose }) => purpose.kind === 'burst');
  expect(burst.length).toBeLessThanOrEqual(100);
  expect(burst.filter(({ response }) => response?.status === 429).length).toBeLessThanOrEqual(10);
  const recovery = exchangeOf(recording, 'burst-recovery');
  expect(recovery.response?.status).toBe(200);
  expect(recording.exchanges.at(-1)).toBe(recovery);
});

const preflights: readonly (readonly [name: string, answer: string, cause: string, requirement: string | undefined])[] =
  [
    ['401', 'HTTP/1.1 401 No\r\n', 'credential', undefined],
    ['403', 'HTTP/1.1 403 No\r\n', 'credential', undefined],
    ['404', 'HTTP/1.1 404 No\r\n', 'session', undefined],
    ['a 429 that asks for an hour', 'HTTP/1.1 429 No\r\nRetry-After: 3600\r\n', 'rate-limit', undefined],
    ['500', 'HTTP/1.1 500 No\r\n', 'answer', 'http.status'],
    ['a redirect', 'HTTP/1.1 302 No\r\nLocation: http://127.0.0.1:1/\r\n', 'answer', 'http.status'],
    ['a login page', 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n', 'answer', 'http.content-type'],
  ];

for (const [name, head, cause, requirement] of preflights) {
  test(`what the first request finds stops the run, said once: ${name}`, async () => {
    await using server = await rawServer((socket) => void socket.end(`${head}Content-Length: 2\r\n\r\n{}`));
    const recording = await recordAt(server.baseUrl, { session: { mode: 'ids', liveStreamId: 'live' } });
    expect(recording.failure).toMatchObject({ cause });
    expect(recording.failure?.requirement).toBe(requirement);
    // A credential that is refused may be one of two.
    expect(server.heads).toHaveLength(cause === 'credential' ? 2 : 1);
    // Nothing kept the run busy meanwhile: far from the bound of a subscription.
    expect(recording.exchanges.at(-1)?.ending.at).toBeLessThan(recording.settings.maxSeconds / 2);
  });
}

const creations: readonly (readonly [status: number, cause: string])[] = [
  [400, 'create'],
  [401, 'credential'],
  [402, 'credit'],
  [404, 'create'],
  [500, 'server-error'],
  [302, 'redirect'],
  [200, 'create'],
];

for (const [status, cause] of creations) {
  test(`a session that is not created stops the run: ${status}`, async () => {
    await using server = await rawServer(
      (socket) => void socket.end(`HTTP/1.1 ${status} X\r\nContent-Length: 2\r\n\r\n{}`),
    );
    const recording = await recordAt(server.baseUrl);
    expect(recording.failure).toMatchObject({ cause, remedy: expect.stringMatching(/\w/) });
    expect(recording.failure?.requirement).toBeUndefined();
    expect(server.heads).toHaveLength(cause === 'credential' ? 2 : 1);
  });
}

test('where nothing listens the run stops at once', async () => {
  const recording = await recordAt('http://127.0.0.1:1');
  expect(recording.failure).toMatchObject({
    cause: 'refused',
    message: expect.stringMatching(/Nothing listens at http:\/\/127\.0\.0\.1:1 /),
  });
  expect(recording.exchanges).toHaveLength(1);
});

test('an interrupted run cancels its session, and its journal is what was recorded', async () => {
  const path = test.info().outputPath('recording.ndjson');
  const stop = new AbortController();
  const recording = await withReference({ speed: 1 }, (server) =>
    recordAt(
      server.baseUrl,
      { speed: 1 },
      {
        journalPath: path,
        signal: stop.signal,
        onProgress: ({ words }) => {
          if (words > 0) stop.abort();
        },
      },
    ),
  );
  expect(recording.finishedAt).toBeUndefined();
  expect(exchangeOf(recording, 'first').ending).toMatchObject({ kind: 'stopped', bound: 'interrupt' });
  expect(recording.exchanges.at(-1)).toMatchObject({
    purpose: { kind: 'session', step: 'cancel' },
    response: { status: 200 },
  });
  const loaded = await loadRecording(path);
  expect(idsOf(loaded)).toEqual(idsOf(recording));
  expect(bodyOf(exchangeOf(loaded, 'first'))).toBe(bodyOf(exchangeOf(recording, 'first')));
});

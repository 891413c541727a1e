import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { loadRecording } from '../../../helpers/recording/load.ts';
import type { Recording } from '../../../helpers/recording/recording.ts';
import { startReference } from '../../../helpers/reference/server.ts';
import { forever, type RawAnswer, rawServer, STREAM_HEAD } from '../support/hostile.ts';
import { ACCOUNTS, API_KEY, bodyOf, exchangeOf, recordAt } from './support.ts';

const CLOSED_ENDED = `${STREAM_HEAD}Connection: close\r\n\r\n`;
const RECORD_PROCESS = fileURLToPath(new URL('./record-process.ts', import.meta.url));
const MIB = 2 ** 20;

const streams: readonly (readonly [name: string, answer: RawAnswer, bound: string])[] = [
  ['batches without end', (s) => forever(s, 'data: {"words":[]}\n\n'.repeat(3000), CLOSED_ENDED), 'bytes'],
  ['one line without end', (s) => forever(s, 'x'.repeat(65536), `${CLOSED_ENDED}data: "`), 'bytes'],
  ['an end, and a body that stays open', (s) => void s.write(`${CLOSED_ENDED}event: end\ndata: {}\n\n`), 'seconds'],
];

for (const [name, answer, bound] of streams) {
  test(`a run against a target is bounded: ${name}`, async () => {
    await using server = await rawServer(answer);
    const before = process.memoryUsage().rss;
    const recording = await recordAt(server.baseUrl, {
      session: { mode: 'ids', liveStreamId: 'live' },
      // The bound that is not meant is far away, however busy the machine is.
      maxSeconds: bound === 'seconds' ? 3 : 600,
      maxBytes: 8 * MIB,
      endCloseSeconds: 0.2,
    });
    expect(exchangeOf(recording, 'first').ending).toMatchObject({ kind: 'stopped', bound });
    const recorded = recording.exchanges.reduce((sum, exchange) => sum + bodyOf(exchange).length, 0);
    expect(recorded).toBeLessThanOrEqual(3 * 8 * MIB);
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * MIB);
    expect(recording.finishedAt).toBeDefined();
  });
}

test('a target that holds all back until the session is over is recorded, and its input is closed', async () => {
  const server = await startReference({ speed: 20, accounts: ACCOUNTS });
  // A proxy that buffers the words stream and passes on everything else.
  const { createServer, request } = await import('node:http');
  const proxy = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const passed = request(
      {
        host: '127.0.0.1',
        port: server.port,
        method,
        path: url,
        headers: { ...headers, 'accept-encoding': 'identity' },
      },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () => {
          outgoing.writeHead(answer.statusCode ?? 0, { 'content-type': answer.headers['content-type'] ?? '' });
          outgoing.end(Buffer.concat(parts));
        });
      },
    );
    incoming.pipe(passed);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const recording = await recordAt(`http://127.0.0.1:${port}`, { speed: 20 });
  proxy.close();
  await server.close();
  expect(recording.failure).toBeUndefined();
  expect(bodyOf(exchangeOf(recording, 'first'))).toContain('Goodbye');
  expect(recording.unmet.map(({ need }) => need)).toEqual(expect.arrayContaining(['late-subscriber']));
  expect(exchangeOf(recording, 'snapshot').response?.status).toBe(200);
});

for (const heartbeats of [false, true])
  test(`a session that ends in error says so${heartbeats ? ', whatever heartbeats still come' : ''}`, async () => {
    await using server = await rawServer((socket, head) => {
      const json = (value: unknown) => {
        const body = JSON.stringify(value);
        socket.end(
          `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
        );
      };
      if (/^POST \S*realtime /.test(head)) json({ data: { stream_id: 's1' } });
      else if (/^POST/.test(head)) json({ data: { ok: true } });
      else if (/\/words /.test(head)) {
        socket.write(`${CLOSED_ENDED}: hello\n\n`);
        const heart = heartbeats && setInterval(() => socket.write(': ping\n\n'), 50);
        socket.on('close', () => heart && clearInterval(heart));
      } else json({ data: { stream_id: 's1', status: 'error', end_reason: null, error_message: 'no avatar' } });
    });
    const recording = await recordAt(server.baseUrl, { speed: 20, endCloseSeconds: 0.2 });
    const unmet = recording.unmet.find(({ need }) => need === 'live-session');
    expect(unmet).toMatchObject({ declared: false, reason: 'the session ended in error (no avatar)' });
    expect(recording.unmet.find(({ need }) => need === 'completed-session')?.reason).toMatch(/no avatar/);
  });

test('an HTTP proxy is used, and NO_PROXY goes round it', async () => {
  await using target = await rawServer((socket) => void socket.end('HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n'));
  await using proxy = await rawServer((socket) => void socket.end('HTTP/1.1 403 Proxy\r\nContent-Length: 0\r\n\r\n'));
  const through = async (environment: Record<string, string>) => {
    const { HTTP_PROXY, NO_PROXY } = process.env;
    Object.assign(process.env, environment);
    try {
      return await recordAt(target.baseUrl, { session: { mode: 'ids', liveStreamId: 'live' } });
    } finally {
      for (const [name, value] of Object.entries({ HTTP_PROXY, NO_PROXY }))
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
    }
  };
  const proxied = await through({ HTTP_PROXY: proxy.baseUrl, NO_PROXY: '' });
  expect(exchangeOf(proxied, 'first').response?.status).toBe(403);
  expect(proxy.heads[0]).toMatch(`GET ${target.baseUrl}/v3/avatar-realtime/live/words HTTP/1.1`);
  const direct = await through({ HTTP_PROXY: proxy.baseUrl, NO_PROXY: '127.0.0.1' });
  expect(exchangeOf(direct, 'first').response?.status).toBe(401);
  const dead = await through({ HTTP_PROXY: 'http://user:proxypassword@127.0.0.1:1', NO_PROXY: '' });
  expect(dead.failure).toMatchObject({ cause: 'proxy', remedy: expect.stringContaining('HTTP_PROXY') });
  expect(JSON.stringify(dead)).not.toContain('proxypassword');
});

/** Records in a process of its own; resolves with the journal that it left. */
async function recordApart(baseUrl: string, environment: Record<string, string>): Promise<Recording> {
  const path = test.info().outputPath(`${Object.keys(environment).length}.ndjson`);
  const child = spawn(process.execPath, ['--import', 'tsx', RECORD_PROCESS, baseUrl, path], {
    stdio: 'ignore',
    env: { ...process.env, ...environment },
  });
  await once(child, 'exit');
  return loadRecording(path);
}

test('a certificate of a private authority: refused with a remedy, accepted with NODE_EXTRA_CA_CERTS', async () => {
  const file = (name: string) => fileURLToPath(new URL(`./tls/test-only-${name}.pem`, import.meta.url));
  const tls = { key: readFileSync(file('key')), cert: readFileSync(file('certificate')) };
  const server = await startReference({ speed: 20, accounts: ACCOUNTS, tls });
  const refused = await recordApart(server.baseUrl, {});
  expect(refused.failure).toMatchObject({ cause: 'tls', remedy: expect.stringContaining('NODE_EXTRA_CA_CERTS') });
  const trusted = await recordApart(server.baseUrl, { NODE_EXTRA_CA_CERTS: file('certificate') });
  await server.close();
  expect(trusted.failure).toBeUndefined();
  expect(exchangeOf(trusted, 'snapshot').response?.status).toBe(200);
});

test('kill -9 loses nothing of what was recorded', async () => {
  const path = test.info().outputPath('recording.ndjson');
  const server = await startReference({ speed: 1, accounts: ACCOUNTS });
  const child = spawn(process.execPath, ['--import', 'tsx', RECORD_PROCESS, server.baseUrl, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // The child prints the number of words each time that it has heard more.
  let heard = 0;
  for await (const printed of child.stdout) {
    heard = Number(String(printed).trim().split('\n').at(-1));
    if (heard > 3) break;
  }
  child.kill('SIGKILL');
  await server.close();
  const recording = await loadRecording(path);
  expect(recording.finishedAt).toBeUndefined();
  const words = bodyOf(exchangeOf(recording, 'first')).match(/"word":/g) ?? [];
  expect(words.length).toBeGreaterThanOrEqual(heard);
  expect(existsSync(path) && readFileSync(path, 'utf8')).not.toContain(API_KEY);
});

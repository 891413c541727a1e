import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, createServer as createSocketServer, type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { loadRecording } from '../../../helpers/recording/load.ts';
import type { Recording } from '../../../helpers/recording/recording.ts';
import { negotiatedCoding } from '../../../helpers/reference/coding.ts';
import { type ReferenceOptions, startReference } from '../../../helpers/reference/server.ts';
import { closeDelimitedTransport } from '../../../helpers/reference/transport.ts';
import { readSettings } from '../../../helpers/settings/read-settings.ts';
import { ACCOUNTS, API_KEY, BEARER, exchangeOf, OTHER_KEY } from '../probes/support.ts';
import { rawServer, requestTarget } from '../support/hostile.ts';
import { certifyAt, held, SPEED, withReference } from './support.ts';

const networks: readonly (readonly [name: string, options: ReferenceOptions])[] = [
  ['behind a path prefix', { pathPrefix: '/staging/api' }],
  ['on IPv6', { host: '::1' }],
  ['that closes each connection', { keepAlive: false }],
  ['whose bodies end with the connection', { keepAlive: false, stages: { transport: closeDelimitedTransport } }],
  ...(['gzip', 'br', 'deflate'] as const).map(
    (coding) =>
      [`that compresses with ${coding}`, { stages: { coding: (ctx) => negotiatedCoding(ctx, [coding]) } }] as [
        string,
        ReferenceOptions,
      ],
  ),
];

for (const [name, options] of networks)
  test(`a target ${name} is certified`, async () => {
    await withReference(options, async ({ baseUrl }) => {
      const { assessment } = await certifyAt(baseUrl, { speed: SPEED });
      expect(held(assessment)).toEqual([]);
      expect(assessment.verdict).toBe('conformant');
    });
  });

test('a base URL is good with or without its trailing slash', async () => {
  await withReference({ pathPrefix: '/staging' }, async ({ baseUrl }) => {
    for (const given of [baseUrl, `${baseUrl}/`]) {
      const env = { WORDS_BASE_URL: given, WORDS_API_KEY: API_KEY, WORDS_AVATAR_ID: 'a', WORDS_VOICE_ID: 'v' };
      const settings = readSettings(env, test.info().outputPath());
      const { recording } = await certifyAt(settings.baseUrl ?? '', { ...settings, burst: false });
      expect(recording.failure).toBeUndefined();
      expect(new URL(exchangeOf(recording, 'session-create').request.url).pathname).toBe('/staging/v3/avatar-realtime');
    }
  });
});

test('a target that speaks HTTP/1.0 is certified', async () => {
  await withReference({}, async ({ port }) => {
    await using front = await listening(
      createSocketServer((client) => {
        const target = connect(port, '127.0.0.1');
        link(client, target);
        client.once('data', (head) => {
          target.write(head.toString('latin1').replace(' HTTP/1.1\r\n', ' HTTP/1.0\r\n'), 'latin1');
          client.pipe(target);
        });
        target.once('data', (head) => {
          client.write(head.toString('latin1').replace(/^HTTP\/1\.1/, 'HTTP/1.0'), 'latin1');
          target.pipe(client);
        });
      }),
    );
    const { recording, assessment } = await certifyAt(front.baseUrl, { speed: SPEED });
    expect(exchangeOf(recording, 'first').response?.httpVersion).toBe('1.0');
    expect(held(assessment)).toEqual([]);
    expect(assessment.verdict).toBe('conformant');
  });
});

test('a redirect is recorded and judged, never followed, and no credential reaches another origin', async () => {
  await using elsewhere = await rawServer((socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
  for (const status of [301, 302, 303, 307, 308])
    for (const session of [
      { mode: 'ids', liveStreamId: 'live' },
      { mode: 'create', type: 'tts', avatarId: 'a', voiceId: 'v' },
    ] as const) {
      await using server = await rawServer(
        (socket, head) =>
          void socket.end(
            `HTTP/1.1 ${status} Moved\r\nLocation: ${elsewhere.baseUrl}${requestTarget(head)}\r\nContent-Length: 0\r\n\r\n`,
          ),
      );
      const { recording, assessment } = await certifyAt(server.baseUrl, { session });
      expect(recording.exchanges.map(({ response }) => response?.status)).toEqual([status]);
      const broken = session.mode === 'ids' ? ['http.status'] : [];
      expect(held(assessment).map((line) => line.split(':')[0])).toEqual(broken);
    }
  expect(elsewhere.heads).toEqual([]);
});

interface Listening extends AsyncDisposable {
  readonly baseUrl: string;
}

async function listening(server: Server, scheme = 'http'): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    baseUrl: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Each goes when the other does. */
function link(one: Socket, other: Socket): void {
  for (const [socket, peer] of [
    [one, other],
    [other, one],
  ] as const) {
    socket.on('error', () => {});
    socket.on('close', () => peer.destroy());
  }
}

const file = (name: string) => fileURLToPath(new URL(`../probes/tls/test-only-${name}.pem`, import.meta.url));
const TLS = { key: readFileSync(file('key')), cert: readFileSync(file('certificate')) };

/** Records in a process of its own, for what Node reads when it starts; resolves with the journal that it left. */
async function recordApart(baseUrl: string, environment: Record<string, string>): Promise<Recording> {
  const path = test.info().outputPath('recording.ndjson');
  const entry = fileURLToPath(new URL('../probes/record-process.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', entry, baseUrl, path], {
    stdio: 'ignore',
    env: { ...process.env, ...environment },
  });
  await once(child, 'exit');
  return loadRecording(path);
}

for (const scheme of ['http', 'https'] as const)
  test(`a target behind TLS is reached through a proxy that is asked by ${scheme} to CONNECT, and that sees no credential`, async () => {
    const server = await startReference({ speed: SPEED, accounts: ACCOUNTS, tls: TLS });
    const seen: string[] = [];
    const proxy = scheme === 'http' ? createServer() : createTlsServer(TLS);
    proxy.on('connect', (request: IncomingMessage, client: Socket) => {
      seen.push(`CONNECT ${request.url} ${JSON.stringify(request.headers)}`);
      const { hostname, port } = new URL(`http://${request.url}`);
      const target = connect(Number(port), hostname, () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        target.pipe(client);
        client.pipe(target);
      });
      link(client, target);
    });
    proxy.on('request', (request: IncomingMessage) => seen.push(`${request.method} ${request.url}`));
    await using front = await listening(proxy, scheme);
    const environment = { NODE_EXTRA_CA_CERTS: file('certificate'), HTTPS_PROXY: front.baseUrl, NO_PROXY: '' };
    const proxied = await recordApart(server.baseUrl, environment);
    expect(proxied.failure).toBeUndefined();
    expect(exchangeOf(proxied, 'snapshot')).toMatchObject({ response: { status: 200 }, ending: { kind: 'complete' } });
    const asked = seen.length;
    // One of them follows another on its connection.
    expect(asked).toBeGreaterThanOrEqual(proxied.exchanges.length - 1);
    for (const line of seen) expect(line).toContain(`CONNECT 127.0.0.1:${server.port} `);
    for (const secret of [API_KEY, BEARER, OTHER_KEY]) expect(seen.join()).not.toContain(secret);

    const direct = await recordApart(server.baseUrl, { ...environment, NO_PROXY: '127.0.0.1' });
    expect(direct.failure).toBeUndefined();
    expect(seen).toHaveLength(asked);
    await server.close();
  });

test('a proxy that refuses to CONNECT is told as the proxy, not as the target', async () => {
  await using proxy = await rawServer(
    (socket) => void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n'),
  );
  const { HTTPS_PROXY, NO_PROXY } = process.env;
  Object.assign(process.env, { HTTPS_PROXY: proxy.baseUrl, NO_PROXY: '' });
  try {
    const { recording, assessment } = await certifyAt('https://target.invalid');
    expect(recording.failure).toMatchObject({ cause: 'proxy', remedy: expect.stringContaining('HTTPS_PROXY') });
    expect(assessment.verdict).toBe('error');
  } finally {
    for (const [name, value] of Object.entries({ HTTPS_PROXY, NO_PROXY }))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  }
});

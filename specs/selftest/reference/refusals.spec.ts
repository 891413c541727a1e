import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from '@playwright/test';
import type { ReferenceServer } from '../../../helpers/reference/server.ts';
import {
  ask,
  createSession,
  KEY,
  listenToEnd,
  type RawResponse,
  rawExchange,
  rawGet,
  TOKEN,
  withReference,
  wordsOf,
  wordsUrl,
} from './support.ts';

const UNKNOWN = 'a'.repeat(24);

function paramOf(body: unknown): unknown {
  const { param } = (body as { error: { param: unknown } }).error;
  return param === null || typeof param === 'string' ? param : 'a string or null';
}

/** The envelope of the contract, and nothing of the machine in it. */
function expectRefusal(
  answer: Pick<RawResponse, 'status' | 'headers' | 'body' | 'text'>,
  status: number,
  code: string,
): void {
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(answer.body).toEqual({
    error: {
      code,
      message: expect.stringMatching(/\S/),
      param: paramOf(answer.body),
      doc_url: null,
    },
  });
  expect(answer.text).not.toMatch(/node_modules|\.ts|\bat \w|Error:|FST_|ECONN|ENOENT/);
}

function parse(raw: string): RawResponse {
  const [head = '', text = ''] = raw.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = new Headers(lines.map((line) => line.split(/: (.*)/s, 2) as [string, string]));
  return {
    status: Number(statusLine.split(' ')[1]),
    headers,
    text,
    body: text.startsWith('{') ? JSON.parse(text) : text,
  };
}

const BAD_CREDENTIALS: readonly (readonly [name: string, headers: Record<string, string>])[] = [
  ['none', {}],
  ['a wrong key', { 'x-api-key': 'wrong-key-that-no-one-has' }],
  ['a key but for its last character', { 'x-api-key': 'demo-kez' }],
  ['a key and one more character', { 'x-api-key': 'demo-keyy' }],
  ['the beginning of a key', { 'x-api-key': 'demo-ke' }],
  ['a key in capitals', { 'x-api-key': 'DEMO-KEY' }],
  ['an empty key', { 'x-api-key': '' }],
  ['a bearer token as a key', { 'x-api-key': 'demo-token' }],
  ['a wrong token', { authorization: 'Bearer wrong-token-that-no-one-has' }],
  ['a token but for its last character', { authorization: 'Bearer demo-tokem' }],
  ['an empty token', { authorization: 'Bearer ' }],
  ['a key as a bearer token', { authorization: 'Bearer demo-key' }],
  ['another scheme', { authorization: 'Basic demo-token' }],
  ['a token without a scheme', { authorization: 'demo-token' }],
  ['two tokens', { authorization: 'Bearer demo-token demo-token' }],
  ['a good key and a wrong token', { ...KEY, authorization: 'Bearer wrong-token-that-no-one-has' }],
  ['a key and the token of another account', { ...KEY, authorization: 'Bearer other-token' }],
];

for (const [name, headers] of BAD_CREDENTIALS)
  test(`401 for ${name}, whatever the id, and the credential is not repeated`, async () => {
    await withReference({ startDelaySeconds: 600 }, async (server) => {
      const live = await createSession(server);
      const completed = await server.addCompletedSession({ text: 'Hello.' });
      const answers: RawResponse[] = [];
      for (const id of [live, completed, UNKNOWN, 'a'.repeat(129), '%00'])
        answers.push(await ask('GET', wordsUrl(server, id), { headers }));
      for (const target of [`/v3/avatar-realtime/%zz/words`, `/v3/avatar-realtime/../words`, '/v3/nothing'])
        answers.push(parse(await rawGet(server, target, headers)));
      for (const answer of answers) {
        expectRefusal(answer, 401, 'authentication_failed');
        expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="avatar-realtime"');
        expect(answer.text).toBe(answers[0]?.text);
        const everything = `${answer.text}${JSON.stringify([...answer.headers])}`;
        for (const secret of ['demo-ke', 'demo-toke', 'wrong-key', 'wrong-token', 'other-token'])
          expect(everything).not.toContain(secret);
      }
      // The control: the same URL with a good credential.
      expect((await ask('HEAD', wordsUrl(server, live))).status).toBe(200);
    });
  });

test('the scheme of a bearer token is compared without case', async () => {
  await withReference({}, async (server) => {
    const id = await server.addCompletedSession({ text: 'Hello.' });
    for (const scheme of ['bearer', 'BEARER', 'Bearer ']) {
      const answer = await ask('HEAD', wordsUrl(server, id), { headers: { authorization: `${scheme} demo-token` } });
      expect(answer.status).toBe(200);
    }
    expect((await ask('HEAD', wordsUrl(server, id), { headers: { ...KEY, ...TOKEN } })).status).toBe(200);
  });
});

test('404 for a session that never was', async () => {
  await withReference({}, async (server) => {
    for (const id of [UNKNOWN, 'unknown', 'no.such~session_1-2', '00000000-0000-4000-8000-000000000000']) {
      const answer = await ask('GET', wordsUrl(server, id));
      expectRefusal(answer, 404, 'not_found');
      expect(answer.body).toMatchObject({ error: { message: 'Streaming session not found.' } });
    }
  });
});

const MALFORMED: readonly (readonly [name: string, segment: string])[] = [
  ['over-long', 'a'.repeat(129)],
  ['ten thousand characters', 'a'.repeat(10_000)],
  ['forty thousand characters', 'a'.repeat(40_000)],
  ['a control character', '%07'],
  ['a line break', 'a%0d%0aset-cookie:x'],
  ['NUL', '%00'],
  ['NUL after a known id', `${UNKNOWN}%00`],
  ['percent-encoding that does not decode', '%zz'],
  ['percent-encoding that stops', 'a%'],
  ['bytes that are not UTF-8', '%ff%fe'],
  ['an over-long encoding of a slash', '%c0%af'],
  ['a dot', '.'],
  ['two dots', '..'],
  ['two dots, encoded', '%2e%2e'],
  ['two dots, encoded twice', '%252e%252e'],
  ['an encoded slash', 'a%2fb'],
  ['a way out', '..%2f..%2fetc%2fpasswd'],
  ['a way out with backslashes', '..%5c..%5cwindows'],
  ['an encoded question mark', 'a%3fb'],
  ['a space', 'a%20b'],
  ['nothing', ''],
  ['a byte beyond ASCII', '\u00e9'],
  ['white space in the request line', 'a b'],
  ['markup', '%3Cscript%3E'],
];

for (const [name, segment] of MALFORMED)
  test(`400 or 404 for an id of ${name}`, async () => {
    await withReference({}, async (server) => {
      const answer = parse(await rawGet(server, `/v3/avatar-realtime/${segment}/words`));
      expect([400, 404]).toContain(answer.status);
      expectRefusal(answer, answer.status, answer.status === 400 ? 'invalid_parameter' : 'not_found');
      expect(answer.headers.get('set-cookie')).toBeNull();
    });
  });

test('paths beside the documented ones are 404', async () => {
  await withReference({}, async (server) => {
    const id = await server.addCompletedSession({ text: 'Hello.' });
    for (const path of [
      '',
      '/v3',
      `/v3/avatar-realtime/${id}/words/`,
      `/V3/avatar-realtime/${id}/words`,
      `/v3/avatar-realtime/${id}/Words`,
    ])
      expectRefusal(parse(await rawGet(server, path === '' ? '/' : path)), 404, 'not_found');
    expect(parse(await rawGet(server, `/v3/avatar-realtime/${id}/words?x=1`)).status).toBe(200);
  });
});

test('405 for other methods, with those that would do', async () => {
  await withReference({}, async (server) => {
    const id = await server.addCompletedSession({ text: 'Hello.' });
    const item = `${server.baseUrl}/v3/avatar-realtime/${id}`;
    for (const [url, methods, allow] of [
      [`${item}/words`, ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'], 'GET, HEAD'],
      [item, ['POST', 'PUT', 'DELETE'], 'GET, HEAD'],
      [`${item}/text`, ['GET', 'PUT', 'DELETE'], 'POST'],
      [`${item}/cancel`, ['GET', 'PUT', 'DELETE'], 'POST'],
      [`${server.baseUrl}/v3/avatar-realtime`, ['GET', 'PUT', 'DELETE'], 'POST'],
    ] as const)
      for (const method of methods) {
        const answer = await ask(method, url);
        expectRefusal(answer, 405, 'method_not_allowed');
        expect(answer.headers.get('allow')).toBe(allow);
      }
  });
});

const BAD_BODIES: readonly (readonly [name: string, body: string, param: string | null])[] = [
  ['no JSON', '{"type":', null],
  ['nothing', '', null],
  ['an array', '[]', null],
  ['no type', '{"text":"Hello."}', 'type'],
  ['an unknown type', '{"type":"video"}', 'type'],
  ['audio', '{"type":"audio","audio_asset_id":"a"}', 'type'],
  ['no text to speak', '{"type":"tts"}', 'text'],
  ['a number for text', '{"type":"tts","text":1}', 'text'],
  ['a text too long', JSON.stringify({ type: 'tts', text: 'a'.repeat(200_001) }), 'text'],
  ['a prototype', '{"type":"tts","text":"Hello.","__proto__":{"x":1}}', null],
];

for (const [name, body, param] of BAD_BODIES)
  test(`400 for the creation of a session with ${name}`, async () => {
    await withReference({}, async (server) => {
      const answer = await ask('POST', `${server.baseUrl}/v3/avatar-realtime`, { body });
      expectRefusal(answer, 400, 'invalid_parameter');
      expect(answer.body).toMatchObject({ error: { param } });
    });
  });

test('413 for a body over the limit, 415 for one that is not JSON, and 401 before either', async () => {
  await withReference({ maxBodyBytes: 1000 }, async (server) => {
    const url = `${server.baseUrl}/v3/avatar-realtime`;
    const body = { type: 'tts', text: 'a'.repeat(1000) };
    expectRefusal(await ask('POST', url, { body }), 413, 'payload_too_large');
    const text = { ...KEY, 'content-type': 'application/xml' };
    const answer = await fetch(url, { method: 'POST', headers: text, body: '<tts/>' });
    expect(answer.status).toBe(415);
    expect(await answer.json()).toMatchObject({ error: { code: 'invalid_parameter' } });
    expectRefusal(await ask('POST', url, { headers: {}, body }), 401, 'authentication_failed');
  });
});

const UNREADABLE: readonly (readonly [name: string, request: string])[] = [
  ['no HTTP at all', 'HELO there\r\n\r\n'],
  ['a header without a colon', 'GET / HTTP/1.1\r\nhost: localhost\r\nnonsense\r\n\r\n'],
  ['a control character in the target', 'GET /\x01 HTTP/1.1\r\nhost: localhost\r\n\r\n'],
  ['two lengths', 'POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
  ['headers of a megabyte', `GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'a'.repeat(1_000_000)}\r\n\r\n`],
];

for (const [name, request] of UNREADABLE)
  test(`a request with ${name} is refused as a document, and harms no one else`, async () => {
    await withReference({}, async (server) => {
      expectRefusal(parse(await rawExchange(server, request)), 400, 'invalid_parameter');
      expect(wordsOf(await listenToEnd(wordsUrl(server, await createSession(server)))).length).toBeGreaterThan(0);
    });
  });

for (const [name, request] of [
  ['headers', 'GET /v3/avatar-realtime/a/words HTTP/1.1\r\nhost: localhost\r\nx-api-key: demo-key\r\n'],
  [
    'a body',
    'POST /v3/avatar-realtime HTTP/1.1\r\nhost: localhost\r\nx-api-key: demo-key\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{',
  ],
] as const)
  test(`a request whose ${name} never arrive is given up`, async () => {
    await withReference({ requestTimeoutSeconds: 0.2 }, async (server) => {
      expectRefusal(parse(await rawExchange(server, request)), 408, 'invalid_parameter');
    });
  });

test('a request that a proxy sends in absolute form is understood', async () => {
  await withReference({}, async (server) => {
    const id = await server.addCompletedSession({ text: 'Hello.' });
    expect(parse(await rawGet(server, wordsUrl(server, id))).status).toBe(200);
  });
});

test('a client of HTTP/1.0 gets a body that ends where the connection does', async () => {
  await withReference({}, async (server) => {
    const id = await server.addCompletedSession({ text: 'Hello.' });
    const raw = await rawExchange(
      server,
      `GET /v3/avatar-realtime/${id}/words HTTP/1.0\r\nx-api-key: demo-key\r\n\r\n`,
    );
    expect(raw).not.toMatch(/transfer-encoding/i);
    expect(raw.endsWith('event: end\ndata: {"reason":"completed"}\n\n')).toBe(true);
  });
});

test('a failure inside is a 500 without its reasons, which the operator is told', async () => {
  const errors: unknown[] = [];
  const find = () => Promise.reject(new Error('ENOENT: /var/lib/secret.ts'));
  await withReference({ stages: { find }, onError: (error) => errors.push(error) }, async (server: ReferenceServer) => {
    expectRefusal(await ask('GET', wordsUrl(server, UNKNOWN)), 500, 'internal_error');
    expect(errors).toEqual([new Error('ENOENT: /var/lib/secret.ts')]);
  });
});

test('a client that hangs up in the middle of its request is no failure', async () => {
  await withReference({}, async (server) => {
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write('POST /v3/avatar-realtime HTTP/1.1\r\nhost: localhost\r\ncontent-le');
    socket.resetAndDestroy();
    await once(socket, 'close');
    expect((await ask('GET', wordsUrl(server, UNKNOWN))).status).toBe(404);
  });
});

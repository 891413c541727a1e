import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import zlib from 'node:zlib';
import { expect, test } from '@playwright/test';
import { type ExchangeBounds, type RunningExchange, startExchange } from '../../../helpers/http/client.ts';
import type { Chunk, Ending, RecordedResponse } from '../../../helpers/recording/recording.ts';
import { drip, forever, type RawAnswer, rawServer, requestTarget, STREAM_HEAD } from '../support/hostile.ts';

const BOUNDS: ExchangeBounds = { headSeconds: 10, maxSeconds: 10, maxBytes: 2 ** 20, maxHeaderBytes: 2 ** 16 };

interface Seen {
  readonly head: RecordedResponse | undefined;
  readonly chunks: readonly Chunk[];
  readonly text: string;
  readonly ending: Ending;
  readonly wireBytes: number;
}

async function exchangeWith(
  url: string,
  bounds: Partial<ExchangeBounds> = {},
  during: (exchange: RunningExchange, chunk: number) => void = () => {},
): Promise<Seen> {
  const zero = performance.now();
  const chunks: Chunk[] = [];
  let head: RecordedResponse | undefined;
  let wire = 0;
  const exchange = startExchange(
    { method: 'GET', url, headers: [['accept', 'text/event-stream']] },
    { ...BOUNDS, ...bounds },
    () => (performance.now() - zero) / 1000,
    {
      head: (response) => {
        head = response;
      },
      chunk: (at, bytes) => {
        chunks.push({ at, bytes });
        during(exchange, chunks.length);
      },
      end: (_, wireBytes) => {
        wire = wireBytes;
      },
    },
  );
  const ending = await exchange.ended;
  const text = Buffer.concat(chunks.map(({ bytes }) => bytes)).toString('latin1');
  return { head, chunks, text, ending, wireBytes: wire };
}

const CHUNKED = `${STREAM_HEAD}Transfer-Encoding: chunked\r\n\r\n`;

const endings: readonly (readonly [name: string, answer: RawAnswer, ending: Partial<Ending>, text: string])[] = [
  ['a body by chunks', (socket) => void socket.end(`${CHUNKED}3\r\nabc\r\n0\r\n\r\n`), { kind: 'complete' }, 'abc'],
  [
    'a body by its length',
    (socket) => void socket.end(`${STREAM_HEAD}Content-Length: 3\r\n\r\nabc`),
    { kind: 'complete' },
    'abc',
  ],
  [
    'HTTP/1.0, ended by the close',
    (socket) => void socket.end('HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\nabc'),
    { kind: 'complete' },
    'abc',
  ],
  [
    'early hints first',
    (socket) => void socket.end(`HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n${STREAM_HEAD}Content-Length: 1\r\n\r\na`),
    { kind: 'complete' },
    'a',
  ],
  [
    '100 Continue that nobody asked for, in pieces and more than once',
    (socket) => {
      socket.setNoDelay(true);
      const pieces = ['HTTP/1.1 1', '00 Continue\r\nX: y\r', '\n\r\nHTTP/1.1 100 Continue\r\n\r\n', `${STREAM_HEAD}`];
      const write = () => {
        const piece = pieces.shift();
        if (piece === undefined) socket.end('Content-Length: 1\r\n\r\na');
        else socket.write(piece, () => setTimeout(write, 10));
      };
      write();
    },
    { kind: 'complete' },
    'a',
  ],
  [
    '100 Continue and nothing more',
    (socket) => void socket.end('HTTP/1.1 100 Continue\r\n\r\n'),
    { kind: 'no-response' },
    '',
  ],
  [
    'a length not reached',
    (socket) => void socket.end(`${STREAM_HEAD}Content-Length: 9\r\n\r\nabc`),
    { kind: 'short' },
    'abc',
  ],
  [
    'a length not reached, closing',
    (socket) => void socket.end(`${STREAM_HEAD}Connection: close\r\nContent-Length: 9\r\n\r\nabc`),
    { kind: 'short' },
    'abc',
  ],
  [
    'more than its length',
    (socket) => void socket.end(`${STREAM_HEAD}Content-Length: 1\r\n\r\nabc`),
    { kind: 'surplus', detail: '2 bytes more than its Content-Length of 1, at the end "bc"' },
    'a',
  ],
  [
    'more than its length, behind a head in pieces, closing',
    (socket) => {
      socket.setNoDelay(true);
      socket.write('HTTP/1.1 103 Early Hints\r\n\r', () =>
        setTimeout(() => socket.end(`\n${STREAM_HEAD}Connection: close\r\nContent-Length: 2\r\n\r\nab\n\n`), 10),
      );
    },
    { kind: 'surplus', detail: '2 bytes more than its Content-Length of 2, at the end "\\n\\n"' },
    'ab',
  ],
  ['no last chunk', (socket) => void socket.end(`${CHUNKED}3\r\nabc\r\n`), { kind: 'short' }, 'abc'],
  [
    'no last chunk, closing',
    (socket) => void socket.end(`${STREAM_HEAD}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`),
    { kind: 'short' },
    'abc',
  ],
  ['a malformed chunk', (socket) => void socket.end(`${CHUNKED}3\r\nabc\r\nzz\r\n`), { kind: 'short' }, 'abc'],
  [
    'a reset inside chunks',
    (socket) => void socket.write(`${CHUNKED}3\r\nabc\r\n`, () => setTimeout(() => socket.resetAndDestroy(), 50)),
    { kind: 'reset' },
    'abc',
  ],
  [
    'a reset of a body that ends by the close',
    (socket) => void socket.write('HTTP/1.0 200 OK\r\n\r\nabc', () => setTimeout(() => socket.resetAndDestroy(), 50)),
    { kind: 'reset' },
    'abc',
  ],
  ['a close before the head', (socket) => void socket.end(), { kind: 'no-response', fault: 'reset' }, ''],
  [
    'another protocol',
    (socket) => void socket.end('SSH-2.0-OpenSSH\r\n'),
    { kind: 'no-response', fault: 'malformed' },
    '',
  ],
  [
    'half a head',
    (socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-'),
    { kind: 'no-response', fault: 'reset' },
    '',
  ],
];

for (const [name, answer, ending, text] of endings) {
  test(`the ending of an exchange is told: ${name}`, async () => {
    await using server = await rawServer(answer);
    const seen = await exchangeWith(`${server.baseUrl}/`);
    expect(seen.ending).toMatchObject(ending);
    expect(seen.text).toBe(text);
  });
}

test('a path is sent as it is written, and the head recorded as it came', async () => {
  await using server = await rawServer(
    (socket) => void socket.end('HTTP/1.1 404 Not  Here\r\nX-Twice: a\r\nx-twice: b\r\nContent-Length: 0\r\n\r\n'),
  );
  const path = '/v3/..%2f%2e%2e/%zz%00%ff/words';
  const seen = await exchangeWith(`${server.baseUrl}${path}`);
  expect(requestTarget(server.heads[0] ?? '')).toBe(path);
  expect(seen.head).toMatchObject({ status: 404, httpVersion: '1.1' });
  expect(seen.head?.headers.slice(0, 2)).toEqual([
    ['X-Twice', 'a'],
    ['x-twice', 'b'],
  ]);
});

test('a redirect is recorded, not followed', async () => {
  await using server = await rawServer(
    (socket) => void socket.end('HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n'),
  );
  expect((await exchangeWith(`${server.baseUrl}/`)).head?.status).toBe(302);
  expect(server.heads).toHaveLength(1);
});

test('IPv6 addresses are reached', async () => {
  await using server = await rawServer((socket) => void socket.end(`${STREAM_HEAD}Content-Length: 1\r\n\r\na`), '::1');
  expect((await exchangeWith(`${server.baseUrl}/`)).text).toBe('a');
});

const hostile: readonly (readonly [
  name: string,
  answer: RawAnswer,
  bounds: Partial<ExchangeBounds>,
  ending: Partial<Ending>,
])[] = [
  [
    'a stream without end',
    (s) => forever(s, 'x'.repeat(65536), `${STREAM_HEAD}\r\n`),
    {},
    { kind: 'stopped', bound: 'bytes' },
  ],
  [
    'headers without end',
    (s) => forever(s, 'X-Header: value\r\n', 'HTTP/1.1 200 OK\r\n'),
    {},
    { kind: 'stopped', bound: 'header-bytes' },
  ],
  [
    'a megabyte in one header',
    (s) => void s.write(`HTTP/1.1 200 OK\r\nX: ${'y'.repeat(2 ** 20)}\r\n\r\n`),
    {},
    { kind: 'stopped', bound: 'header-bytes' },
  ],
  ['no head at all', () => {}, { headSeconds: 0.3 }, { kind: 'no-response', fault: 'timeout' }],
  [
    'a head that drips',
    (s) => drip(s, `${STREAM_HEAD}\r\n`, 50),
    { headSeconds: 0.4 },
    { kind: 'no-response', fault: 'timeout' },
  ],
  [
    'a body that stops',
    (s) => void s.write(`${STREAM_HEAD}\r\ndata: x`),
    { maxSeconds: 0.4 },
    { kind: 'stopped', bound: 'seconds' },
  ],
];

for (const [name, answer, bounds, ending] of hostile) {
  test(`a hostile answer is bounded: ${name}`, async () => {
    await using server = await rawServer(answer);
    expect((await exchangeWith(`${server.baseUrl}/`, bounds)).ending).toMatchObject(ending);
  });
}

const compressors = {
  gzip: () => zlib.createGzip(),
  deflate: () => zlib.createDeflate(),
  'raw deflate': () => zlib.createDeflateRaw(),
  br: () => zlib.createBrotliCompress(),
};

for (const [name, compressor] of Object.entries(compressors)) {
  test(`${name} is decoded as it arrives, each piece at the time of its bytes`, async () => {
    let writeNext: (() => void) | undefined;
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-encoding': name.replace('raw ', '') });
      const coded = compressor();
      coded.pipe(response);
      const pieces = ['one ', 'two ', 'three'];
      writeNext = () => {
        const piece = pieces.shift();
        if (piece === undefined) coded.end();
        else {
          coded.write(piece);
          coded.flush();
        }
      };
      writeNext();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    // Each piece is sent only when the one before it has been handed over: nothing waits for the end.
    const seen = await exchangeWith(`http://127.0.0.1:${port}/`, {}, () => writeNext?.());
    server.close();
    expect(seen.ending.kind).toBe('complete');
    expect(seen.chunks.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['one ', 'two ', 'three']);
    expect(seen.wireBytes).toBeGreaterThan(0);
  });
}

async function codedAnswer(coding: string, body: Uint8Array, bounds: Partial<ExchangeBounds> = {}): Promise<Seen> {
  await using server = await rawServer((socket) => {
    socket.write(`${STREAM_HEAD}Content-Encoding: ${coding}\r\nContent-Length: ${body.length}\r\n\r\n`);
    socket.end(body);
  });
  return await exchangeWith(`${server.baseUrl}/`, bounds);
}

test('a compressed body that inflates without end is stopped at the bound of decoded bytes', async () => {
  const before = process.memoryUsage().rss;
  const seen = await codedAnswer('gzip', zlib.gzipSync(Buffer.alloc(2 ** 28)));
  expect(seen.ending).toMatchObject({ kind: 'stopped', bound: 'bytes' });
  expect(seen.text.length).toBe(BOUNDS.maxBytes);
  expect(process.memoryUsage().rss - before).toBeLessThan(400 * 2 ** 20);
});

test('codings that cannot be decoded are told', async () => {
  const coded = zlib.gzipSync('hello '.repeat(100));
  expect((await codedAnswer('zstd', coded)).ending).toMatchObject({
    kind: 'undecodable',
    detail: expect.stringMatching(/not offered/),
  });
  expect((await codedAnswer('gzip', Buffer.from('plain'))).ending).toMatchObject({ kind: 'undecodable' });
  expect((await codedAnswer('gzip', coded.subarray(0, -4))).ending).toMatchObject({ kind: 'undecodable' });
  const twice = await codedAnswer('gzip, br', zlib.brotliCompressSync(coded));
  expect([twice.ending.kind, twice.text]).toEqual(['complete', 'hello '.repeat(100)]);
});

test('a hundred thousand chunks of one byte cost little', async () => {
  await using server = await rawServer((socket) => {
    socket.write(CHUNKED);
    socket.end(`${'1\r\nx\r\n'.repeat(100_000)}0\r\n\r\n`);
  });
  const seen = await exchangeWith(`${server.baseUrl}/`);
  expect(seen.text.length).toBe(100_000);
  expect(seen.chunks.length).toBeLessThan(5000);
});

test('why there is no connection is told', async () => {
  const gone = await rawServer(() => {});
  await gone[Symbol.asyncDispose]();
  expect((await exchangeWith(`${gone.baseUrl}/`)).ending).toMatchObject({ kind: 'no-response', fault: 'refused' });
  const dns = (await exchangeWith('http://no-such-host.invalid/')).ending;
  expect(dns).toMatchObject({ kind: 'no-response', fault: 'dns' });
  await using plain = await rawServer((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  const tls = (await exchangeWith(`${plain.baseUrl.replace('http:', 'https:')}/`, { headSeconds: 2 })).ending;
  expect(tls.kind).toBe('no-response');
});

test('stopped before a head came, it says for how long it had waited', async () => {
  await using server = await rawServer(() => undefined);
  const request = { method: 'GET', url: `${server.baseUrl}/`, headers: [] };
  const exchange = startExchange(request, BOUNDS, () => performance.now() / 1000, {
    head: () => undefined,
    chunk: () => undefined,
    end: () => undefined,
  });
  exchange.stop('seconds');
  expect(await exchange.ended).toMatchObject({
    kind: 'no-response',
    fault: 'timeout',
    detail: expect.stringContaining('no response head within 0'),
  });
});

test('stopping keeps what has arrived', async () => {
  await using server = await rawServer((socket) => void socket.write(`${STREAM_HEAD}\r\ndata: x\n\n`));
  const seen = await exchangeWith(`${server.baseUrl}/`, {}, (exchange) => exchange.stop('probe'));
  expect(seen.ending).toMatchObject({ kind: 'stopped', bound: 'probe' });
  expect(seen.text).toBe('data: x\n\n');
});

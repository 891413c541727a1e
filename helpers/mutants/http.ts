import type { ServerResponse } from 'node:http';
import { constants, createGzip } from 'node:zlib';
import { compressed, negotiatedCoding } from '../reference/coding.ts';
import { closeDelimitedTransport, lengthDelimitedTransport } from '../reference/transport.ts';
import { type Fault, faultsOf, type Variant, variantsNear } from './cases.ts';
import {
  atTheStart,
  delivered,
  everywhere,
  frames,
  heads,
  type Override,
  onFirstSubscription,
  only,
  onReplay,
  onSecondSubscription,
  onSnapshot,
  stacked,
  type Where,
  withHeaders,
  withTransport,
} from './overrides.ts';

const PROXY_PAGE = '<!doctype html><html><body><h1>502 Bad Gateway</h1></body></html>';

/** A head that the server writes by hand, and the body beneath it. */
function handWritten(lines: readonly string[], where: Where, body: 'chunked' | 'until close' = 'chunked'): Override {
  const head = ['HTTP/1.1 200', 'content-type: text/event-stream', ...lines, 'connection: close'].join('\r\n');
  const chunk = (bytes: Uint8Array) =>
    Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
  return withTransport(
    (_, { socket }) => ({
      head: () => void socket?.write(`${head}\r\n\r\n`, 'latin1'),
      write: (bytes) => void socket?.write(body === 'chunked' ? chunk(bytes) : bytes),
      end: () => void socket?.end(body === 'chunked' ? '0\r\n\r\n' : ''),
    }),
    where,
  );
}

/** Breaks the connection before the head. */
const reset = (where: Where): Override =>
  withTransport((_, { socket }) => ({ head: () => void socket?.resetAndDestroy() }), where);

/** Drops the connection when what was written has left. */
const dropped = (_: unknown, { socket }: ServerResponse) => ({
  end: () => void setTimeout(() => socket?.destroy(), 20),
});

const offering = (...codings: ('gzip' | 'br' | 'deflate')[]): Override => {
  return () => ({ coding: (ctx) => negotiatedCoding(ctx, codings) });
};

export const faults: readonly Fault[] = [
  ...faultsOf('http.status', 'fail', {
    'stream-answered-202': ['It answers 202 Accepted and then streams.', heads((head) => ({ ...head, status: 202 }))],
    'stream-redirected': [
      'It redirects every subscription to a host near the client.',
      heads(() => ({ status: 307, headers: { location: 'https://edge.example.com/words' }, body: '' })),
    ],
    'late-subscription-redirected': [
      'A subscriber that joins late is redirected to another node.',
      heads(() => ({ status: 302, headers: { location: '/moved' }, body: '' }), onReplay),
    ],
    'late-subscription-204': [
      'It answers a late subscriber 204, which tells an EventSource to go away for good.',
      heads(() => ({ status: 204, headers: {}, body: '' }), onReplay),
    ],
    'late-subscription-reset': ['It resets the connection of whoever joins late, each time.', reset(onReplay)],
    'second-subscription-500': [
      'It fails with 500 for the second of two subscribers that come at once.',
      heads(() => ({ status: 500, headers: { 'content-type': 'application/json' }, body: '{}' }), onSecondSubscription),
    ],
  }),
  ...faultsOf('http.content-type', 'fail', {
    'stream-declared-json': [
      'Its stream says that it is application/json.',
      withHeaders({ 'content-type': 'application/json' }),
    ],
    'snapshot-declared-plain-text': [
      'Its snapshots are files, and served as text/plain.',
      withHeaders({ 'content-type': 'text/plain; charset=utf-8' }, onSnapshot),
    ],
    'replay-without-content-type': [
      'What it replays has no Content-Type.',
      withHeaders({ 'content-type': undefined }, onReplay),
    ],
    'stream-declared-latin-1': [
      'It says charset=iso-8859-1 of a body that is UTF-8.',
      withHeaders({ 'content-type': 'text/event-stream; charset=iso-8859-1' }),
    ],
    'snapshot-declared-utf-16': [
      'It says charset=utf-16 of its snapshots, which are UTF-8.',
      withHeaders({ 'content-type': 'text/event-stream; charset=utf-16' }, onSnapshot),
    ],
    'proxy-page-to-late-subscriber': [
      'The proxy before it answers a late subscriber with an HTML page, and status 200.',
      heads(
        () => ({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: PROXY_PAGE }),
        onReplay,
      ),
    ],
  }),
  ...faultsOf('http.complete-body', 'fail', {
    'connection-dropped-after-end': [
      'It closes the connection after the end without the last chunk.',
      withTransport(dropped),
    ],
    'proxy-idle-timeout': [
      'The proxy before it cuts the first subscription off in its middle.',
      withTransport(
        (transport, { socket }, { sent }) => ({
          write: (bytes) => (sent.batches < 4 ? transport.write(bytes) : void socket?.destroy()),
        }),
        onFirstSubscription,
      ),
    ],
    'snapshot-shorter-than-its-length': [
      'Its snapshots promise more bytes in Content-Length than they have.',
      stacked(withHeaders({ 'content-length': 1_000_000 }, onSnapshot), withTransport(dropped, onSnapshot)),
    ],
    'snapshot-longer-than-its-length': [
      'It counts the characters of a snapshot, not its bytes, for Content-Length.',
      stacked(
        frames(
          'any',
          (frame) => `: “caf\u00e9”\n\n${frame}`,
          (ctx) => onSnapshot(ctx) && atTheStart(ctx),
        ),
        only(onSnapshot, () => ({
          transport: (ctx, response) => lengthDelimitedTransport(ctx, response, (body) => body.toString().length),
        })),
      ),
    ],
    'replay-with-broken-chunk': [
      'It writes a chunk without its length into what it replays.',
      withTransport((_, { socket }) => ({ end: () => void socket?.end('not a chunk\r\n') }), onReplay),
    ],
  }),
  ...faultsOf('http.content-coding', 'fail', {
    'gzip-to-everyone': [
      'It compresses for clients that did not offer gzip.',
      () => ({ coding: () => compressed('gzip') }),
      { alone: true },
    ],
    'unknown-coding': ['It compresses with zstd, which nobody offered.', withHeaders({ 'content-encoding': 'zstd' })],
    'plain-body-called-gzip': [
      'It says gzip of a snapshot that is not compressed.',
      withHeaders({ 'content-encoding': 'gzip' }, onSnapshot),
    ],
    'gzip-corrupted': [
      'A byte of its gzip is wrong from the third batch on, on replay.',
      stacked(
        only(onReplay, () => ({ coding: () => compressed('gzip') })),
        withTransport(
          (transport, _, { sent }) => ({
            write: (bytes) => transport.write(sent.batches < 2 ? bytes : bytes.map((byte) => byte ^ 0xa5)),
          }),
          onReplay,
        ),
      ),
      { alone: true },
    ],
    'gzip-without-its-trailer': [
      'It ends its compressed snapshots before gzip has ended.',
      stacked(
        only(onSnapshot, () => ({
          coding: () => ({
            name: 'gzip',
            encoder: createGzip({ flush: constants.Z_SYNC_FLUSH }),
            flushEachFrame: true,
          }),
        })),
        // What comes after the flush that brought the end event is the trailer.
        withTransport((transport, _, { scratch }) => ({
          write: (bytes) => (scratch.has('end sent') ? undefined : transport.write(bytes)),
        })),
        delivered(async function* (items, { scratch }) {
          for await (const item of items) {
            yield item;
            if (item.kind === 'end') scratch.set('end sent', true);
          }
        }),
      ),
      { alone: true },
    ],
  }),
  ...faultsOf('http.head', 'fail', {
    'length-beside-chunks': [
      'The gateway before it adds a Content-Length to every stream, which stays chunked.',
      handWritten(['transfer-encoding: chunked', 'content-length: 0'], everywhere),
    ],
    'length-beside-chunks-of-snapshots': [
      'It gives a Content-Length for snapshots that it sends in chunks.',
      handWritten(['content-length: 100000', 'transfer-encoding: chunked'], onSnapshot),
    ],
    'identity-as-transfer-coding': [
      'It names what it replays Transfer-Encoding: identity.',
      handWritten(['transfer-encoding: identity'], onReplay, 'until close'),
    ],
    'chunked-named-twice': [
      'The framework and the proxy before it each name snapshots chunked; one of them cuts them so.',
      handWritten(['transfer-encoding: chunked', 'transfer-encoding: chunked'], onSnapshot),
    ],
    'control-character-in-a-header': [
      'It repeats a raw control character in a header of its snapshots.',
      handWritten(['x-trace: a\u0001b', 'transfer-encoding: chunked'], onSnapshot),
    ],
  }),
  ...faultsOf('http.cache', 'note', {
    'stream-may-be-cached': [
      'It lets caches keep its streams for an hour.',
      withHeaders({ 'cache-control': 'public, max-age=3600' }),
      { noted: /max-age=3600/ },
    ],
  }),
];

export const variants: readonly Variant[] = [
  ...variantsNear('http.content-type', {
    'media-type-in-capitals': [
      'Names the media type in capitals, with an upper-case charset.',
      withHeaders({ 'content-type': 'Text/Event-Stream;Charset=UTF-8' }),
    ],
    'media-type-without-charset': ['Names the media type alone.', withHeaders({ 'content-type': 'text/event-stream' })],
    'charset-in-quotes': [
      'Quotes the charset parameter, after a space.',
      withHeaders({ 'content-type': 'text/event-stream; charset="utf-8"' }),
    ],
  }),
  ...variantsNear('http.complete-body', {
    'close-delimited-body': [
      'Ends the body by closing the connection, as HTTP/1.0 does.',
      () => ({ transport: closeDelimitedTransport }),
    ],
    'length-delimited-snapshot': [
      'Sends snapshots with a Content-Length and live streams in chunks.',
      only(onSnapshot, () => ({ transport: lengthDelimitedTransport })),
    ],
    'connection-closed-each-time': ['Closes the connection after every response.', { server: { keepAlive: false } }],
    'connection-closed-unannounced': [
      'Closes the connection behind every stream, and has not said so in its head.',
      withTransport((transport, response) => ({
        end() {
          const { socket } = response;
          response.on('finish', () => socket?.end());
          return transport.end();
        },
      })),
    ],
  }),
  ...variantsNear('http.content-coding', {
    'gzip-when-offered': [
      'Compresses with gzip where the request offers it, and flushes after each event.',
      offering('gzip'),
      { alone: true },
    ],
    'brotli-when-offered': ['Compresses with br where the request offers it.', offering('br'), { alone: true }],
    'deflate-when-offered': [
      'Compresses with deflate where the request offers it.',
      offering('deflate'),
      { alone: true },
    ],
    'compressed-snapshots-only': [
      'Compresses snapshots and leaves live streams as they are.',
      only(onSnapshot, offering('br', 'gzip', 'deflate')),
      { alone: true },
    ],
    'identity-named': ['Says Content-Encoding: identity.', withHeaders({ 'content-encoding': 'identity' })],
  }),
  ...variantsNear('http.head', {
    'head-written-by-hand': [
      'Writes its heads by hand: no reason phrase, names in small letters, white space around values.',
      handWritten(['transfer-encoding:\tChunked ', 'x-empty:'], everywhere),
    ],
  }),
  ...variantsNear('http.status', {
    'connections-that-break-once': [
      'Stands behind a network that breaks the first connection with each credential, while the session runs and when it is over.',
      (defaults) => {
        const asked = new Set<string>();
        return reset(({ kind, request }) => {
          const before = asked.size;
          return asked.add(`${kind === 'snapshot'} ${request.identity?.credential}`).size > before;
        })(defaults);
      },
    ],
    'path-prefix': ['Stands behind a path prefix.', { server: { pathPrefix: '/staging/api' } }],
  }),
  ...variantsNear('http.cache', {
    'headers-of-proxies': [
      'Comes through proxies that add Via, Server-Timing, Set-Cookie and an ETag.',
      withHeaders({
        via: '1.1 edge, 1.1 origin',
        'server-timing': 'edge;dur=3',
        'set-cookie': ['affinity=a1; Path=/', 'lane=2; Path=/'],
        etag: 'W/"1"',
        'cache-control': 'no-store',
      }),
    ],
  }),
];

import type { OutgoingHttpHeaders } from 'node:http';
import { constants, createGzip } from 'node:zlib';
import { compressed, negotiatedCoding } from '../reference/coding.ts';
import type { Stages, StreamHead, SubscriptionContext } from '../reference/pipeline.ts';
import { closeDelimitedTransport, lengthDelimitedTransport, streamingTransport } from '../reference/transport.ts';
import { everywhere, onFirstSubscription, onReplay, onSnapshot, type Where, withHeaders } from './overrides.ts';
import type { Fault, Variant } from './types.ts';

const PROXY_PAGE = '<!doctype html><html><body><h1>502 Bad Gateway</h1></body></html>';

/** Another head, on the subscriptions that `where` holds for. */
function heads(change: (head: StreamHead, ctx: SubscriptionContext) => StreamHead, where: Where = everywhere) {
  return (defaults: Stages) => ({
    async head(ctx: SubscriptionContext) {
      const head = await defaults.head(ctx);
      return where(ctx) ? change(head, ctx) : head;
    },
  });
}

function contentType(value: string | undefined, where: Where = everywhere) {
  return heads(({ headers: { 'content-type': _, ...headers }, ...head }) => {
    const others: OutgoingHttpHeaders = headers;
    return { ...head, headers: value === undefined ? others : { ...others, 'content-type': value } };
  }, where);
}

/** A head that the server writes by hand, on the subscriptions that `where` holds for, and the body beneath it. */
function handWritten(lines: readonly string[], where: Where, body: 'chunked' | 'until close' = 'chunked') {
  return (): Partial<Stages> => ({
    transport(ctx, response) {
      if (!where(ctx)) return streamingTransport(ctx, response);
      const { socket } = response;
      const head = ['HTTP/1.1 200', 'content-type: text/event-stream', ...lines, 'connection: close'].join('\r\n');
      const chunk = (bytes: Uint8Array) =>
        Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
      return {
        head: () => void socket?.write(`${head}\r\n\r\n`, 'latin1'),
        write: (bytes) => void socket?.write(body === 'chunked' ? chunk(bytes) : bytes),
        end: () => void socket?.end(body === 'chunked' ? '0\r\n\r\n' : ''),
      };
    },
  });
}

/** The connection breaks before the head, on the subscriptions that `where` holds for. */
function resetting(where: Where) {
  return (): Partial<Stages> => ({
    transport(ctx, response) {
      const transport = streamingTransport(ctx, response);
      return where(ctx) ? { ...transport, head: () => void response.socket?.resetAndDestroy() } : transport;
    },
  });
}

const second: Where = ({ ordinal }) => ordinal === 2;

export const httpFaults: readonly Fault[] = [
  {
    id: 'stream-answered-202',
    sentence: 'It answers 202 Accepted and then streams.',
    stages: heads((head) => ({ ...head, status: 202 })),
    turns: { 'http.status': 'fail' },
  },
  {
    id: 'stream-redirected',
    sentence: 'It redirects every subscription to a host near the client.',
    stages: heads(() => ({ status: 307, headers: { location: 'https://edge.example.com/words' }, body: '' })),
    turns: { 'http.status': 'fail' },
  },
  {
    id: 'late-subscription-redirected',
    sentence: 'A subscriber that joins late is redirected to another node.',
    stages: heads(() => ({ status: 302, headers: { location: '/moved' }, body: '' }), onReplay),
    turns: { 'http.status': 'fail' },
  },
  {
    id: 'late-subscription-204',
    sentence: 'It answers a late subscriber 204, which tells an EventSource to go away for good.',
    stages: heads(() => ({ status: 204, headers: {}, body: '' }), onReplay),
    turns: { 'http.status': 'fail' },
  },
  {
    id: 'second-subscription-500',
    sentence: 'It fails with 500 for the second of two subscribers that come at once.',
    stages: heads(() => ({ status: 500, headers: { 'content-type': 'application/json' }, body: '{}' }), second),
    turns: { 'http.status': 'fail' },
  },
  {
    id: 'late-subscription-reset',
    sentence: 'It resets the connection of whoever joins late, each time.',
    stages: resetting(onReplay),
    turns: { 'http.status': 'fail' },
  },
  {
    id: 'stream-declared-json',
    sentence: 'Its stream says that it is application/json.',
    stages: contentType('application/json'),
    turns: { 'http.content-type': 'fail' },
  },
  {
    id: 'snapshot-declared-plain-text',
    sentence: 'Its snapshots are files, and served as text/plain.',
    stages: contentType('text/plain; charset=utf-8', onSnapshot),
    turns: { 'http.content-type': 'fail' },
  },
  {
    id: 'replay-without-content-type',
    sentence: 'What it replays has no Content-Type.',
    stages: contentType(undefined, onReplay),
    turns: { 'http.content-type': 'fail' },
  },
  {
    id: 'stream-declared-latin-1',
    sentence: 'It says charset=iso-8859-1 of a body that is UTF-8.',
    stages: contentType('text/event-stream; charset=iso-8859-1'),
    turns: { 'http.content-type': 'fail' },
  },
  {
    id: 'snapshot-declared-utf-16',
    sentence: 'It says charset=utf-16 of its snapshots, which are UTF-8.',
    stages: contentType('text/event-stream; charset=utf-16', onSnapshot),
    turns: { 'http.content-type': 'fail' },
  },
  {
    id: 'proxy-page-to-late-subscriber',
    sentence: 'The proxy before it answers a late subscriber with an HTML page, and status 200.',
    stages: heads(
      () => ({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: PROXY_PAGE }),
      onReplay,
    ),
    turns: { 'http.content-type': 'fail' },
  },
  {
    id: 'connection-dropped-after-end',
    sentence: 'It closes the connection after the end without the last chunk.',
    stages: () => ({
      transport: (ctx, response) => ({
        ...streamingTransport(ctx, response),
        end: () => void setTimeout(() => response.socket?.destroy(), 20),
      }),
    }),
    turns: { 'http.complete-body': 'fail' },
  },
  {
    id: 'proxy-idle-timeout',
    sentence: 'The proxy before it cuts the first subscription off in its middle.',
    stages: () => ({
      transport(ctx, response) {
        const transport = streamingTransport(ctx, response);
        return {
          ...transport,
          write(bytes) {
            if (!onFirstSubscription(ctx) || ctx.sent.batches < 4) return transport.write(bytes);
            response.socket?.destroy();
          },
        };
      },
    }),
    turns: { 'http.complete-body': 'fail' },
  },
  {
    id: 'snapshot-shorter-than-its-length',
    sentence: 'Its snapshots promise more bytes in Content-Length than they have.',
    stages: () => ({
      transport(ctx, response) {
        const transport = streamingTransport(ctx, response);
        if (!onSnapshot(ctx)) return transport;
        return {
          head: (status, headers) => transport.head(status, { ...headers, 'content-length': 1_000_000 }),
          write: transport.write,
          end: () => void setTimeout(() => response.socket?.destroy(), 20),
        };
      },
    }),
    turns: { 'http.complete-body': 'fail' },
  },
  {
    id: 'replay-with-broken-chunk',
    sentence: 'It writes a chunk without its length into what it replays.',
    stages: () => ({
      transport(ctx, response) {
        const transport = streamingTransport(ctx, response);
        if (!onReplay(ctx)) return transport;
        return { ...transport, end: () => void response.socket?.end('not a chunk\r\n') };
      },
    }),
    turns: { 'http.complete-body': 'fail' },
  },
  {
    id: 'gzip-to-everyone',
    sentence: 'It compresses for clients that did not offer gzip.',
    stages: () => ({ coding: () => compressed('gzip') }),
    alone: true,
    turns: { 'http.content-coding': 'fail' },
  },
  {
    id: 'unknown-coding',
    sentence: 'It compresses with zstd, which nobody offered.',
    stages: heads((head) => ({ ...head, headers: { ...head.headers, 'content-encoding': 'zstd' } })),
    turns: { 'http.content-coding': 'fail' },
  },
  {
    id: 'plain-body-called-gzip',
    sentence: 'It says gzip of a snapshot that is not compressed.',
    stages: heads((head) => ({ ...head, headers: { ...head.headers, 'content-encoding': 'gzip' } }), onSnapshot),
    turns: { 'http.content-coding': 'fail' },
  },
  {
    id: 'gzip-corrupted',
    sentence: 'A byte of its gzip is wrong from the third batch on, on replay.',
    stages: () => ({
      coding: (ctx) => (onReplay(ctx) ? compressed('gzip') : {}),
      transport(ctx, response) {
        const transport = streamingTransport(ctx, response);
        if (!onReplay(ctx)) return transport;
        const write = (bytes: Uint8Array) =>
          transport.write(ctx.sent.batches < 2 ? bytes : bytes.map((byte) => byte ^ 0xa5));
        return { ...transport, write };
      },
    }),
    alone: true,
    turns: { 'http.content-coding': 'fail' },
  },
  {
    id: 'gzip-without-its-trailer',
    sentence: 'It ends its compressed snapshots before gzip has ended.',
    stages: () => ({
      coding(ctx) {
        if (!onSnapshot(ctx)) return {};
        return { name: 'gzip', encoder: createGzip({ flush: constants.Z_SYNC_FLUSH }), flushEachFrame: true };
      },
      transport(ctx, response) {
        const transport = streamingTransport(ctx, response);
        let ended = false;
        // What comes after the flush that brought the end event is the trailer.
        const write = (bytes: Uint8Array) => {
          if (ctx.scratch.get('end sent') === true) ended = true;
          return ended ? undefined : transport.write(bytes);
        };
        return { ...transport, write };
      },
      async *deliver(items, ctx) {
        for await (const item of items) {
          yield item;
          if (item.kind === 'end') ctx.scratch.set('end sent', true);
        }
      },
    }),
    alone: true,
    turns: { 'http.content-coding': 'fail' },
  },
  {
    id: 'length-beside-chunks',
    sentence: 'The gateway before it adds a Content-Length to every stream, which stays chunked.',
    stages: handWritten(['transfer-encoding: chunked', 'content-length: 0'], everywhere),
    turns: { 'http.head': 'fail' },
  },
  {
    id: 'length-beside-chunks-of-snapshots',
    sentence: 'It gives a Content-Length for snapshots that it sends in chunks.',
    stages: handWritten(['content-length: 100000', 'transfer-encoding: chunked'], onSnapshot),
    turns: { 'http.head': 'fail' },
  },
  {
    id: 'identity-as-transfer-coding',
    sentence: 'It names what it replays Transfer-Encoding: identity.',
    stages: handWritten(['transfer-encoding: identity'], onReplay, 'until close'),
    turns: { 'http.head': 'fail' },
  },
  {
    id: 'chunked-named-twice',
    sentence: 'The framework and the proxy before it each name snapshots chunked; one of them cuts them so.',
    stages: handWritten(['transfer-encoding: chunked', 'transfer-encoding: chunked'], onSnapshot),
    turns: { 'http.head': 'fail' },
  },
  {
    id: 'control-character-in-a-header',
    sentence: 'It repeats a raw control character in a header of its snapshots.',
    stages: handWritten(['x-trace: a\u0001b', 'transfer-encoding: chunked'], onSnapshot),
    turns: { 'http.head': 'fail' },
  },
  {
    id: 'stream-may-be-cached',
    sentence: 'It lets caches keep its streams for an hour.',
    stages: heads((head) => ({ ...head, headers: { ...head.headers, 'cache-control': 'public, max-age=3600' } })),
    turns: { 'http.cache': 'note' },
    noted: /max-age=3600/,
  },
];

export const httpVariants: readonly Variant[] = [
  {
    id: 'media-type-in-capitals',
    sentence: 'Names the media type in capitals, with an upper-case charset.',
    near: 'http.content-type',
    stages: (defaults) => withHeaders(defaults, { 'content-type': 'Text/Event-Stream;Charset=UTF-8' }),
  },
  {
    id: 'media-type-without-charset',
    sentence: 'Names the media type alone.',
    near: 'http.content-type',
    stages: (defaults) => withHeaders(defaults, { 'content-type': 'text/event-stream' }),
  },
  {
    id: 'charset-in-quotes',
    sentence: 'Quotes the charset parameter, after a space.',
    near: 'http.content-type',
    stages: (defaults) => withHeaders(defaults, { 'content-type': 'text/event-stream; charset="utf-8"' }),
  },
  {
    id: 'close-delimited-body',
    sentence: 'Ends the body by closing the connection, as HTTP/1.0 does.',
    near: 'http.complete-body',
    stages: () => ({ transport: closeDelimitedTransport }),
  },
  {
    id: 'length-delimited-snapshot',
    sentence: 'Sends snapshots with a Content-Length and live streams in chunks.',
    near: 'http.complete-body',
    stages: (defaults) => ({
      transport: (ctx, response) =>
        (ctx.kind === 'snapshot' ? lengthDelimitedTransport : defaults.transport)(ctx, response),
    }),
  },
  {
    id: 'connection-closed-each-time',
    sentence: 'Closes the connection after every response.',
    near: 'http.complete-body',
    server: { keepAlive: false },
  },
  {
    id: 'gzip-when-offered',
    sentence: 'Compresses with gzip where the request offers it, and flushes after each event.',
    near: 'http.content-coding',
    stages: () => ({ coding: (ctx) => negotiatedCoding(ctx, ['gzip']) }),
    alone: true,
  },
  {
    id: 'brotli-when-offered',
    sentence: 'Compresses with br where the request offers it.',
    near: 'http.content-coding',
    stages: () => ({ coding: (ctx) => negotiatedCoding(ctx, ['br']) }),
    alone: true,
  },
  {
    id: 'deflate-when-offered',
    sentence: 'Compresses with deflate where the request offers it.',
    near: 'http.content-coding',
    stages: () => ({ coding: (ctx) => negotiatedCoding(ctx, ['deflate']) }),
    alone: true,
  },
  {
    id: 'compressed-snapshots-only',
    sentence: 'Compresses snapshots and leaves live streams as they are.',
    near: 'http.content-coding',
    stages: (defaults) => ({
      coding: (ctx) => (ctx.kind === 'snapshot' ? negotiatedCoding(ctx) : defaults.coding(ctx)),
    }),
    alone: true,
  },
  {
    id: 'identity-named',
    sentence: 'Says Content-Encoding: identity.',
    near: 'http.content-coding',
    stages: (defaults) => withHeaders(defaults, { 'content-encoding': 'identity' }),
  },
  {
    id: 'head-written-by-hand',
    sentence: 'Writes its heads by hand: no reason phrase, names in small letters, white space around values.',
    near: 'http.head',
    stages: handWritten(['transfer-encoding:\tChunked ', 'x-empty:'], everywhere),
  },
  {
    id: 'connections-that-break-once',
    sentence:
      'Stands behind a network that breaks the first connection with each credential, while the session runs and when it is over.',
    near: 'http.status',
    stages() {
      const asked = new Set<string>();
      return resetting(({ kind, request }) => {
        const before = asked.size;
        return asked.add(`${kind === 'snapshot'} ${request.identity?.credential}`).size > before;
      })();
    },
  },
  {
    id: 'path-prefix',
    sentence: 'Stands behind a path prefix.',
    near: 'http.status',
    server: { pathPrefix: '/staging/api' },
  },
  {
    id: 'headers-of-proxies',
    sentence: 'Comes through proxies that add Via, Server-Timing, Set-Cookie and an ETag.',
    near: 'http.cache',
    stages: (defaults) =>
      withHeaders(defaults, {
        via: '1.1 edge, 1.1 origin',
        'server-timing': 'edge;dur=3',
        'set-cookie': ['affinity=a1; Path=/', 'lane=2; Path=/'],
        etag: 'W/"1"',
        'cache-control': 'no-store',
      }),
  },
];

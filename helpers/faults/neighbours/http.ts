import { negotiatedCoding } from '../../reference/coding.ts';
import { closeDelimitedTransport, lengthDelimitedTransport } from '../../reference/transport.ts';
import { withHeaders } from '../overrides.ts';
import type { Neighbour } from '../types.ts';

export const httpNeighbours: readonly Neighbour[] = [
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

import { once } from 'node:events';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { SubscriptionContext, Transport } from './pipeline.ts';

/** Chunked transfer coding under HTTP/1.1, delimited by close under HTTP/1.0; the head goes out at once. */
export function streamingTransport(ctx: SubscriptionContext, response: ServerResponse): Transport {
  return {
    head(status, headers) {
      response.writeHead(status, headers);
      response.flushHeaders();
    },
    write: (bytes) => (response.write(bytes) ? undefined : drained(response, ctx.signal)),
    end: () => void response.end(),
  };
}

/** A body that ends where the connection does (RFC 9112 §6.3). */
export function closeDelimitedTransport(ctx: SubscriptionContext, response: ServerResponse): Transport {
  response.useChunkedEncodingByDefault = false;
  const streaming = streamingTransport(ctx, response);
  return { ...streaming, head: (status, headers) => streaming.head(status, { ...headers, connection: 'close' }) };
}

/** A body with a Content-Length, sent when it is whole: for snapshots. */
export function lengthDelimitedTransport(
  _ctx: SubscriptionContext,
  response: ServerResponse,
  lengthOf: (body: Buffer) => number = (body) => body.length,
): Transport {
  const body: Uint8Array[] = [];
  let status = 200;
  let headers: OutgoingHttpHeaders = {};
  return {
    head(givenStatus, givenHeaders) {
      status = givenStatus;
      headers = givenHeaders;
    },
    write: (bytes) => void body.push(bytes),
    end() {
      const whole = Buffer.concat(body);
      response.writeHead(status, { ...headers, 'content-length': lengthOf(whole) });
      response.end(whole);
    },
  };
}

/** Resolves when the peer has read what was written; rejects when it has gone away. */
async function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  if (response.writableNeedDrain) await once(response, 'drain', { signal });
}

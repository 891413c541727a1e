import type { Buffer } from 'node:buffer';
import type { Dispatcher } from 'undici';
import type { Bound, Ending, HeaderList, RecordedResponse } from '../recording/recording.ts';
import { Body } from './body.ts';
import { dispatcherForOne } from './connection.ts';
import { connectFault, cutEnding } from './faults.ts';

export interface OutgoingRequest {
  readonly method: string;
  /** Absolute; sent exactly as written, odd percent-encoding included. */
  readonly url: string;
  readonly headers: HeaderList;
  readonly body?: string;
}

/** What one exchange may cost. Seconds count from its start, but `headSeconds` until its response head. */
export interface ExchangeBounds {
  readonly headSeconds: number;
  readonly maxSeconds: number;
  /** Of the body, decoded or on the wire, whichever is reached first. */
  readonly maxBytes: number;
  readonly maxHeaderBytes: number;
}

/** Is told what arrives, in order. Times are those of the clock that the exchange was given. */
export interface ExchangeSink {
  head(response: RecordedResponse): void;
  /** Decoded bytes, at the arrival time of the bytes they were decoded from. @param wireBytes of the whole body so far. */
  chunk(at: number, bytes: Uint8Array, wireBytes: number): void;
  /** Fields behind the body (RFC 9110 §6.5). */
  trailers?(trailers: HeaderList): void;
  end(ending: Ending, wireBytes: number): void;
}

export interface RunningExchange {
  /** Resolves when the exchange has ended; never rejects for what the target does. */
  readonly ended: Promise<Ending>;
  stop(bound: Bound): void;
}

/** Sends one request on a connection of its own and tells `sink` all that comes back. Follows no redirect. */
export function startExchange(
  request: OutgoingRequest,
  bounds: ExchangeBounds,
  now: () => number,
  sink: ExchangeSink,
): RunningExchange {
  const exchange = new ExchangeReader(request, bounds, now, sink);
  return { ended: exchange.ended, stop: (bound) => exchange.stop(bound) };
}

class ExchangeReader implements Dispatcher.DispatchHandler {
  readonly ended: Promise<Ending>;
  readonly #target: URL;
  readonly #bounds: ExchangeBounds;
  readonly #now: () => number;
  readonly #sink: ExchangeSink;
  readonly #connection: ReturnType<typeof dispatcherForOne>;
  readonly #headTimer: NodeJS.Timeout;
  readonly #timer: NodeJS.Timeout;
  #resolve: (ending: Ending) => void = () => {};
  #response: RecordedResponse | undefined;
  #body: Body | undefined;
  #settled = false;
  /** The body has been read to its end, or broke off: what is left is to decode what came. */
  #closing = false;

  constructor(request: OutgoingRequest, bounds: ExchangeBounds, now: () => number, sink: ExchangeSink) {
    const { origin, path } = splitUrl(request.url);
    this.#target = new URL(origin);
    this.#bounds = bounds;
    this.#now = now;
    this.#sink = sink;
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#connection = dispatcherForOne(bounds.maxHeaderBytes, bounds.headSeconds);
    this.#headTimer = setTimeout(() => this.#headTimeout(), bounds.headSeconds * 1000);
    this.#timer = setTimeout(() => this.stop('seconds'), bounds.maxSeconds * 1000);
    const headers: Record<string, string> = Object.fromEntries(request.headers);
    try {
      this.#connection.dispatcher.dispatch(
        { origin, path, method: request.method as Dispatcher.HttpMethod, headers, body: request.body ?? null },
        this,
      );
    } catch (error) {
      this.onResponseError(undefined, error as Error);
    }
  }

  /** Ends the exchange now; what has arrived is kept. */
  stop(bound: Bound): void {
    this.#body?.flush();
    const isBehind = bound === 'seconds' && this.#body?.isBehind === true;
    this.#settle({ kind: 'stopped', at: this.#now(), bound: isBehind ? 'bytes' : bound });
  }

  /** Its presence tells undici which of its two handler interfaces this is. */
  onRequestStart(): void {}

  onResponseStart(controller: Dispatcher.DispatchController, status: number, _: unknown, statusText = ''): void {
    if (this.#settled || status < 200) return;
    clearTimeout(this.#headTimer);
    const headers = pairs(controller.rawHeaders);
    const httpVersion = this.#connection.view.httpVersion ?? '1.1';
    this.#response = { at: this.#now(), status, statusText, httpVersion, headers };
    this.#sink.head(this.#response);
    const codings = headers.filter(([name]) => name.toLowerCase() === 'content-encoding').map(([, value]) => value);
    try {
      this.#body = new Body(codings.join(','), this.#bounds.maxBytes, this.#now, {
        deliver: (at, bytes, wireBytes) => this.#sink.chunk(at, bytes, wireBytes),
        overflow: () => this.stop('bytes'),
        undecodable: (at, detail) => this.#settle({ kind: 'undecodable', at, detail }),
        pause: () => controller.pause(),
        resume: () => controller.resume(),
      });
    } catch (error) {
      this.#settle({ kind: 'undecodable', at: this.#now(), detail: (error as Error).message });
    }
  }

  onResponseData(_: Dispatcher.DispatchController, bytes: Buffer): void {
    if (!this.#settled) this.#body?.push(bytes);
  }

  onResponseEnd(_: unknown, trailers: Record<string, string | string[] | undefined> = {}): void {
    const at = this.#now();
    const fields = Object.entries(trailers).map(([name, value]) => [name, String(value)] as const);
    if (!this.#settled && fields.length > 0) this.#sink.trailers?.(fields);
    const detail = 'the connection was reset (ECONNRESET)';
    this.#close(this.#connection.view.wasReset ? { kind: 'reset', at, detail } : { kind: 'complete', at });
  }

  onResponseError(_: unknown, error: Error): void {
    const at = this.#now();
    if (this.#settled) return;
    if ((error as { code?: string }).code === 'UND_ERR_HEADERS_OVERFLOW') {
      this.#settle({ kind: 'stopped', at, bound: 'header-bytes' });
      return;
    }
    const response = this.#response;
    if (!response) {
      this.#settle({ kind: 'no-response', at, ...connectFault(error, this.#target, this.#connection.view.head) });
      return;
    }
    const counted = response.headers.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name));
    this.#close(cutEnding(error, counted, at));
  }

  #headTimeout(): void {
    const detail = `no response head within ${this.#bounds.headSeconds} s`;
    if (!this.#response) this.#settle({ kind: 'no-response', at: this.#now(), fault: 'timeout', detail });
  }

  /** No more will arrive: decode what is left, then end. */
  #close(ending: Ending): void {
    if (this.#settled || this.#closing) return;
    this.#closing = true;
    const drained = this.#body?.drain(ending.kind === 'complete') ?? Promise.resolve();
    drained.then(
      () => this.#settle(ending),
      (error: Error) => this.#settle({ kind: 'undecodable', at: ending.at, detail: error.message }),
    );
  }

  #settle(ending: Ending): void {
    if (this.#settled) return;
    this.#settled = true;
    clearTimeout(this.#headTimer);
    clearTimeout(this.#timer);
    this.#body?.close();
    this.#sink.end(ending, this.#body?.wireBytes ?? 0);
    this.#resolve(ending);
    // Frees the connection whatever state it is in; its errors concern no one any more.
    void this.#connection.dispatcher.destroy().catch(() => {});
  }
}

function splitUrl(url: string): { origin: string; path: string } {
  const match = /^(https?:\/\/[^/?#]+)(.*)$/i.exec(url);
  if (!match) throw new TypeError(`not an absolute http URL: ${url}`);
  return { origin: match[1] ?? '', path: match[2] || '/' };
}

/** Header fields in the order in which they came. Bytes beyond ASCII are read as Latin-1, as RFC 9110 §5.5 allows. */
function pairs(rawHeaders: Dispatcher.DispatchController['rawHeaders']): HeaderList {
  if (!Array.isArray(rawHeaders)) return [];
  const texts = rawHeaders.map((field) => (typeof field === 'string' ? field : field.toString('latin1')));
  return texts.flatMap((name, index) => (index % 2 === 0 ? [[name, texts[index + 1] ?? ''] as const] : []));
}

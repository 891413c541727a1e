import { Buffer } from 'node:buffer';
import type { Dispatcher } from 'undici';
import type { Bound, Ending, HeaderList, RecordedResponse } from '../recording/recording.ts';
import { dispatcherForOne } from './connection.ts';
import { type ContentDecoder, contentDecoder } from './decode.ts';
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
  end(ending: Ending, wireBytes: number): void;
}

export interface RunningExchange {
  /** Resolves when the exchange has ended; never rejects for what the target does. */
  readonly ended: Promise<Ending>;
  stop(bound: Bound): void;
}

/** Undecoded bytes that wait for the decoder before reading stops for a while. */
const MOST_WAITING_BYTES = 2 ** 20;
/** From this many chunks on, those that arrive within a hundredth of a second are written as one. */
const MANY_CHUNKS = 20_000;

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
  #controller: Dispatcher.DispatchController | undefined;
  #response: RecordedResponse | undefined;
  #decoder: ContentDecoder | null = null;
  #settled = false;
  /** The body has been read to its end, or broke off: what is left is to decode what came. */
  #draining = false;
  #wireBytes = 0;
  #decodedBytes = 0;
  #chunks = 0;
  /** Pieces that arrived in this turn of the event loop. */
  #pieces: Uint8Array[] = [];
  #piecesAt = 0;
  #flushScheduled = false;
  /** Decoding runs behind arrival, one piece at a time. */
  #decoding: Promise<void> = Promise.resolve();
  #waitingBytes = 0;

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
    if (this.#settled) return;
    if (!this.#response && bound === 'seconds') {
      this.#headTimeout();
      return;
    }
    this.#flush();
    this.#settle({ kind: 'stopped', at: this.#now(), bound });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, _: unknown, statusText = ''): void {
    if (this.#settled || status < 200) return;
    clearTimeout(this.#headTimer);
    const headers = pairs(controller.rawHeaders);
    const httpVersion = this.#connection.view.httpVersion ?? '1.1';
    this.#response = { at: this.#now(), status, statusText, httpVersion, headers };
    this.#sink.head(this.#response);
    const coding = headers.filter(([name]) => name.toLowerCase() === 'content-encoding').map(([, value]) => value);
    try {
      this.#decoder = contentDecoder(coding.join(','), (bytes) => this.#decoded(bytes));
    } catch (error) {
      this.#settle({ kind: 'undecodable', at: this.#now(), detail: (error as Error).message });
    }
  }

  onResponseData(_: Dispatcher.DispatchController, bytes: Buffer): void {
    if (this.#settled) return;
    if (this.#pieces.length === 0) this.#piecesAt = this.#now();
    const room = this.#bounds.maxBytes - this.#wireBytes;
    // The bytes are a view of the connection's buffer, which a kept view would keep whole.
    if (room > 0) this.#pieces.push(Buffer.from(bytes.subarray(0, room)));
    this.#wireBytes += Math.min(bytes.length, Math.max(0, room));
    if (bytes.length > room) {
      this.stop('bytes');
      return;
    }
    if (this.#flushScheduled) return;
    this.#flushScheduled = true;
    const flush = () => {
      this.#flushScheduled = false;
      this.#flush();
    };
    if (this.#chunks < MANY_CHUNKS) setImmediate(flush);
    else setTimeout(flush, 10);
  }

  onResponseEnd(): void {
    const at = this.#now();
    const reset = this.#connection.view.wasReset;
    this.#close(() =>
      reset ? { kind: 'reset', at, detail: 'the connection was reset (ECONNRESET)' } : { kind: 'complete', at },
    );
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
      this.#settle({ kind: 'no-response', at, ...connectFault(error, this.#target) });
      return;
    }
    const counted = response.headers.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name));
    this.#close(() => cutEnding(error, counted, at));
  }

  #headTimeout(): void {
    if (this.#settled || this.#response) return;
    const seconds = Math.min(this.#bounds.headSeconds, this.#bounds.maxSeconds);
    const detail = `no response head within ${seconds} s`;
    this.#settle({ kind: 'no-response', at: this.#now(), fault: 'timeout', detail });
  }

  /** Hands on what arrived since the last time as one chunk: to the sink, or to the decoder. */
  #flush(): void {
    if (this.#pieces.length === 0 || this.#settled) return;
    const bytes = this.#pieces.length === 1 ? (this.#pieces[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#pieces);
    const at = this.#piecesAt;
    this.#pieces = [];
    const decoder = this.#decoder;
    if (!decoder) {
      this.#deliver(at, bytes);
      return;
    }
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes > MOST_WAITING_BYTES) this.#controller?.pause();
    this.#decoding = this.#decoding.then(async () => {
      if (this.#settled) return;
      this.#decodingAt = at;
      try {
        await decoder.push(bytes);
      } catch (error) {
        this.#settle({ kind: 'undecodable', at, detail: (error as Error).message });
      }
      this.#waitingBytes -= bytes.length;
      if (this.#waitingBytes <= MOST_WAITING_BYTES && !this.#draining) this.#controller?.resume();
    });
  }

  #decodingAt = 0;

  #decoded(bytes: Uint8Array): boolean {
    if (!this.#settled) this.#deliver(this.#decodingAt, bytes);
    return !this.#settled;
  }

  #deliver(at: number, bytes: Uint8Array): void {
    const room = this.#bounds.maxBytes - this.#decodedBytes;
    const kept = bytes.length > room ? bytes.subarray(0, room) : bytes;
    this.#decodedBytes += kept.length;
    this.#chunks++;
    if (kept.length > 0) this.#sink.chunk(at, kept, this.#wireBytes);
    if (kept.length < bytes.length) this.#settle({ kind: 'stopped', at: this.#now(), bound: 'bytes' });
  }

  /** No more will arrive: decode what is left, then end. */
  #close(ending: () => Ending): void {
    if (this.#settled || this.#draining) return;
    this.#flush();
    this.#draining = true;
    void this.#decoding.then(async () => {
      const final = ending();
      try {
        if (final.kind === 'complete') await this.#decoder?.end();
        this.#settle(final);
      } catch (error) {
        this.#settle({ kind: 'undecodable', at: final.at, detail: (error as Error).message });
      }
    });
  }

  #settle(ending: Ending): void {
    if (this.#settled) return;
    this.#settled = true;
    clearTimeout(this.#headTimer);
    clearTimeout(this.#timer);
    this.#pieces = [];
    this.#decoder?.destroy();
    this.#sink.end(ending, this.#wireBytes);
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

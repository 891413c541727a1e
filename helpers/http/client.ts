import type { Dispatcher } from 'undici';
import type { Bound, Ending, HeaderList, RecordedResponse } from '../recording/recording.ts';
import { Body } from './body.ts';
import { Connection } from './connection.ts';
import { connectFault, cutEnding, readEnding } from './faults.ts';

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

/**
 * Sends one request and tells `sink` all that comes back. Follows no redirect.
 * @param kept left open behind a complete response, for the next exchange; without it the exchange has one of its own.
 */
export function startExchange(
  { url, method, headers, body: sent }: OutgoingRequest,
  { headSeconds, maxSeconds, maxBytes, maxHeaderBytes }: ExchangeBounds,
  now: () => number,
  sink: ExchangeSink,
  kept?: Connection,
): RunningExchange {
  const { origin, path } = splitUrl(url);
  const connection = kept ?? new Connection();
  const { dispatcher, view } = connection.open(maxHeaderBytes, headSeconds);
  let resolveEnded: (ending: Ending) => void = () => {};
  const ended = new Promise<Ending>((resolve) => {
    resolveEnded = resolve;
  });
  let response: RecordedResponse | undefined;
  let body: Body | undefined;
  let settled = false;
  /** The body has been read to its end, or broke off: what is left is to decode what came. */
  let closing = false;

  const settle = (ending: Ending): void => {
    if (settled) return;
    settled = true;
    clearTimeout(headTimer);
    clearTimeout(timer);
    body?.close();
    sink.end(ending, body?.wireBytes ?? 0);
    resolveEnded(ending);
    if (kept === undefined || ending.kind !== 'complete') connection.close();
  };
  const startedAt = now();
  const unanswered = (seconds: number): void => {
    const detail = `no response head within ${Math.round(seconds * 10) / 10} s`;
    if (!response) settle({ kind: 'no-response', at: now(), fault: 'timeout', detail });
  };
  const stop = (bound: Bound): void => {
    body?.flush();
    const isBehind = bound === 'seconds' && body?.isBehind === true;
    // How long a head was waited for tells whose doing it is that none came.
    if (bound === 'seconds') unanswered(now() - startedAt);
    settle({ kind: 'stopped', at: now(), bound: isBehind ? 'bytes' : bound });
  };
  /** No more will arrive: decodes what is left, then ends. */
  const close = (ending: Ending): void => {
    if (settled || closing) return;
    closing = true;
    const drained = body?.drain(ending.kind === 'complete') ?? Promise.resolve();
    drained.then(
      () => settle(ending),
      (error: Error) => settle({ kind: 'undecodable', at: ending.at, detail: error.message }),
    );
  };
  const fail = (error: Error): void => {
    const at = now();
    if (settled) return;
    if ((error as { code?: string }).code === 'UND_ERR_HEADERS_OVERFLOW')
      settle({ kind: 'stopped', at, bound: 'header-bytes' });
    else if (response) {
      const counted = response.headers.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name));
      close(cutEnding(error, counted, at));
    } else settle({ kind: 'no-response', at, ...connectFault(error, new URL(origin), view.head) });
  };

  const handler: Dispatcher.DispatchHandler = {
    /** Its presence tells undici which of its two handler interfaces this is. */
    onRequestStart() {},
    onResponseStart(controller, status, _, statusText = '') {
      if (settled || status < 200) return;
      clearTimeout(headTimer);
      const received = pairs(controller.rawHeaders);
      response = { at: now(), status, statusText, httpVersion: view.httpVersion ?? '1.1', headers: received };
      sink.head(response);
      const codings = received.filter(([name]) => name.toLowerCase() === 'content-encoding').map(([, value]) => value);
      try {
        body = new Body(codings.join(','), maxBytes, now, {
          deliver: (at, bytes, wireBytes) => sink.chunk(at, bytes, wireBytes),
          overflow: () => stop('bytes'),
          undecodable: (at, detail) => settle({ kind: 'undecodable', at, detail }),
          pause: () => controller.pause(),
          resume: () => controller.resume(),
        });
      } catch (error) {
        settle({ kind: 'undecodable', at: now(), detail: (error as Error).message });
      }
    },
    onResponseData(_, bytes) {
      if (!settled) body?.push(bytes);
    },
    onResponseEnd(_, trailers = {}) {
      const at = now();
      const fields = Object.entries(trailers).map(([name, value]) => [name, String(value)] as const);
      if (!settled && fields.length > 0) sink.trailers?.(fields);
      const detail = 'the connection was reset (ECONNRESET)';
      close(view.wasReset ? { kind: 'reset', at, detail } : readEnding(response?.headers ?? [], view.body, at));
    },
    onResponseError: (_, error) => fail(error),
  };
  const headTimer = setTimeout(() => unanswered(headSeconds), headSeconds * 1000);
  const timer = setTimeout(() => stop('seconds'), maxSeconds * 1000);
  try {
    const fields: Record<string, string> = Object.fromEntries(headers);
    dispatcher.dispatch(
      { origin, path, method: method as Dispatcher.HttpMethod, headers: fields, body: sent ?? null },
      handler,
    );
  } catch (error) {
    fail(error as Error);
  }
  return { ended, stop };
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

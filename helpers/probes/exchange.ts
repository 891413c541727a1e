import { Buffer } from 'node:buffer';
import { type ExchangeBounds, type RunningExchange, startExchange } from '../http/client.ts';
import { OFFERED_CODINGS } from '../http/decode.ts';
import type { Journal } from '../recording/journal.ts';
import type { RecordedResponse } from '../recording/recording.ts';
import type { Settings } from '../settings/settings.ts';
import type { Clock } from './clock.ts';
import type { Probe, ProbeOutcome } from './probe.ts';

const KEPT_TEXT_BYTES = 2 ** 16;
const MAX_HEADER_BYTES = 2 ** 16;
const HEAD_SECONDS = 30;
/** Of an answer that is no stream. */
const MAX_ANSWER_BYTES = 2 ** 20;
const REFUSAL_SECONDS = 30;

/** What an exchange needs of the run that it belongs to. */
interface ExchangeOf {
  readonly settings: Settings;
  readonly baseUrl: string;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly userAgent: string;
  readonly bytesLeft: number;
  takeBytes(received: Uint8Array): Uint8Array;
  exchanged(answered: boolean): void;
}

/** Sends one request, once, and writes down in the journal what comes back. */
export async function exchange(
  run: ExchangeOf,
  probe: Probe,
  on: { head?(response: RecordedResponse): void; started?(exchange: RunningExchange): void } = {},
): Promise<ProbeOutcome> {
  const { id, purpose, credential, streamId, control, method = 'GET', body } = probe;
  const url = `${run.baseUrl}${probe.path}`;
  const own = headersOf(run, probe);
  const startedAt = run.clock.now();
  const journal = run.journal.start({
    id,
    purpose,
    ...(streamId === undefined ? {} : { streamId }),
    credential: credential.kind,
    ...(control === undefined ? {} : { control }),
    request: { method, url, headers: [...own, ...credential.recorded], ...(body === undefined ? {} : { body }) },
    startedAt,
  });
  let response: RecordedResponse | undefined;
  const kept: Uint8Array[] = [];
  let keptBytes = 0;
  const mostKept = purpose.kind === 'session' ? MAX_ANSWER_BYTES : KEPT_TEXT_BYTES;
  const sent = { method, url, headers: [...own, ...credential.headers], ...(body === undefined ? {} : { body }) };
  const running = startExchange(
    sent,
    boundsOf(run, probe),
    () => run.clock.now(),
    {
      head: (received) => {
        response = received;
        journal.head(received);
        on.head?.(received);
      },
      chunk: (at, received, wireBytes) => {
        const bytes = run.takeBytes(received);
        journal.chunk(at, bytes, wireBytes);
        if (keptBytes < mostKept) kept.push(bytes);
        keptBytes += bytes.length;
        probe.onBytes?.(at, bytes);
        if (run.bytesLeft <= 0) running.stop('bytes');
      },
      trailers: (trailers) => journal.trailers(trailers),
      end: (ending, wireBytes) => journal.end(ending, wireBytes),
    },
    probe.connection,
  );
  on.started?.(running);
  const ending = await running.ended;
  run.exchanged(response !== undefined);
  return { id, startedAt, response, ending, text: Buffer.concat(kept).toString('utf8') };
}

function headersOf(run: ExchangeOf, { purpose, codings, body }: Probe): (readonly [string, string])[] {
  return [
    ['accept', purpose.kind === 'session' ? 'application/json' : 'text/event-stream'],
    ['accept-encoding', codings ?? OFFERED_CODINGS],
    ['user-agent', run.userAgent],
    ...(body === undefined ? [] : [['content-type', 'application/json'] as const]),
  ];
}

function boundsOf(
  { settings, bytesLeft }: ExchangeOf,
  { purpose, maxSeconds: most, headSeconds }: Probe,
): ExchangeBounds {
  const stream = purpose.kind === 'subscription';
  const maxSeconds = Math.min(settings.maxSeconds, most ?? (stream ? Infinity : REFUSAL_SECONDS));
  return {
    headSeconds: Math.min(headSeconds ?? HEAD_SECONDS, maxSeconds),
    maxSeconds,
    maxBytes: Math.min(settings.maxBytes, bytesLeft, stream ? Infinity : MAX_ANSWER_BYTES),
    maxHeaderBytes: MAX_HEADER_BYTES,
  };
}

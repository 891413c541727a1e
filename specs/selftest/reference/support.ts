import { once } from 'node:events';
import { connect } from 'node:net';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { TimedWord } from '../../../helpers/reference/pipeline.ts';
import { type ReferenceOptions, type ReferenceServer, startReference } from '../../../helpers/reference/server.ts';

export const KEY = { 'x-api-key': 'demo-key' };
export const TOKEN = { authorization: 'Bearer demo-token' };
export const OTHER_KEY = { 'x-api-key': 'other-key' };

/** About ten seconds of speech with every kind of pause. */
export const SCRIPT =
  'Hello, world! This is the reference voice: it says "good morning", counts to 1,000, and costs $5. Is that well-known? Yes, of course it is.';

/** Runs `use` against a server of its own, fast unless told otherwise, and closes it whatever happens. */
export async function withReference(
  options: ReferenceOptions,
  use: (server: ReferenceServer) => Promise<void>,
): Promise<void> {
  const errors: unknown[] = [];
  const server = await startReference({
    speed: 60,
    startDelaySeconds: 0.05,
    onError: (error) => errors.push(error),
    ...options,
  });
  try {
    await use(server);
  } finally {
    await server.close();
  }
  if (options.onError === undefined && errors.length > 0) throw errors[0];
}

export function wordsUrl(server: ReferenceServer, streamId: string): string {
  return `${server.baseUrl}/v3/avatar-realtime/${streamId}/words`;
}

/** A stream that is read as it comes. */
export interface HeardStream {
  readonly response: Response;
  /** Events so far. */
  readonly events: readonly EventSourceMessage[];
  readonly comments: readonly string[];
  /** The next event that has not been taken; undefined when the body has ended. */
  next(): Promise<EventSourceMessage | undefined>;
  /** Everything to the end of the body; rejects where it was cut. */
  rest(): Promise<void>;
  hangUp(): void;
}

export async function listen(url: string, headers: Record<string, string> = KEY): Promise<HeardStream> {
  const abort = new AbortController();
  const response = await fetch(url, { headers, signal: abort.signal, redirect: 'manual' });
  const events: EventSourceMessage[] = [];
  const comments: string[] = [];
  const parser = createParser({
    onEvent: (event) => void events.push(event),
    onComment: (comment) => void comments.push(comment),
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let taken = 0;
  const more = async (): Promise<boolean> => {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (value !== undefined) parser.feed(value);
    return !done;
  };
  return {
    response,
    events,
    comments,
    async next() {
      while (events.length <= taken && (await more()));
      taken += 1;
      return events[taken - 1];
    },
    async rest() {
      while (await more());
    },
    hangUp: () => abort.abort(),
  };
}

export function wordsOf(listener: Pick<HeardStream, 'events'>): TimedWord[] {
  return batchesOf(listener).flat();
}

export function batchesOf({ events }: Pick<HeardStream, 'events'>): TimedWord[][] {
  return events.flatMap(({ event, data }) =>
    event === undefined ? [(JSON.parse(data) as { words: TimedWord[] }).words] : [],
  );
}

export async function listenToEnd(url: string, headers?: Record<string, string>): Promise<HeardStream> {
  const listener = await listen(url, headers);
  await listener.rest();
  return listener;
}

export interface RawResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: unknown;
}

export async function ask(
  method: string,
  url: string,
  { headers = KEY, body }: { headers?: Record<string, string>; body?: unknown } = {},
): Promise<RawResponse> {
  const response = await fetch(url, {
    method,
    headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    redirect: 'manual',
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: text.startsWith('{') ? JSON.parse(text) : text,
  };
}

export async function createSession(
  server: ReferenceServer,
  body: unknown = { type: 'tts', text: SCRIPT },
  headers: Record<string, string> = KEY,
): Promise<string> {
  const answer = await ask('POST', `${server.baseUrl}/v3/avatar-realtime`, { headers, body });
  return (answer.body as { data: { stream_id: string } }).data.stream_id;
}

/** Sends bytes as they are and gives everything that comes back until the connection closes. */
export async function rawExchange(server: ReferenceServer, request: string): Promise<string> {
  const socket = connect(server.port, '127.0.0.1');
  const received: Buffer[] = [];
  socket.on('data', (bytes) => received.push(bytes));
  socket.on('error', () => {});
  socket.write(request, 'latin1');
  await once(socket, 'close');
  return Buffer.concat(received).toString('latin1');
}

/** A GET whose target is sent exactly so, percent-encoding and dots untouched. */
export function rawGet(
  server: ReferenceServer,
  target: string,
  headers: Record<string, string> = KEY,
): Promise<string> {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return rawExchange(server, `GET ${target} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n${lines.join('')}\r\n`);
}

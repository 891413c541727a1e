import type { ServerResponse } from 'node:http';
import type { Transform } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type {
  Frameable,
  Item,
  RequestContext,
  Stages,
  StreamView,
  SubscriptionContext,
  TimedWord,
  Transport,
} from './pipeline.ts';

export interface SubscriptionSettings {
  readonly speed: number;
  /** Wall seconds between heartbeats while nothing else is sent. */
  readonly heartbeatSeconds: number;
}

/** Subscriptions of one stream: open now, and ever. `scratch`: what overrides keep for the stream. */
export interface SubscriberCounts {
  open: number;
  ever: number;
  readonly scratch: Map<string, unknown>;
}

/**
 * Answers one subscriber from the session's shared history, at the pace at which the peer reads: a slow one costs one frame
 * of memory and delays no one. Resolves when the answer is over.
 */
export async function subscribe(
  stream: StreamView,
  request: RequestContext,
  response: ServerResponse,
  stages: Stages,
  subscribers: SubscriberCounts,
  settings: SubscriptionSettings,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const sent = { words: 0, batches: 0, frames: 0, bytes: 0 };
  subscribers.ever += 1;
  subscribers.open += 1;
  const ctx: SubscriptionContext = {
    request,
    stream,
    kind: stream.ended ? 'snapshot' : stream.words.length > 0 ? 'late' : 'live',
    ordinal: subscribers.ever,
    get concurrent() {
      return subscribers.open;
    },
    historyLength: stream.words.length,
    sent,
    speed: settings.speed,
    scratch: new Map(),
    signal: gone.signal,
    wait: async (seconds) => void (await delay(seconds * 1000, undefined, { signal: gone.signal })),
  };
  try {
    await answer(ctx, stream, sent, response, stages, settings);
  } catch (error) {
    // A peer that goes away aborts every wait.
    if (!gone.signal.aborted) {
      response.destroy();
      throw error;
    }
  } finally {
    subscribers.open -= 1;
  }
}

async function answer(
  ctx: SubscriptionContext,
  stream: StreamView,
  sent: { words: number; batches: number; frames: number; bytes: number },
  response: ServerResponse,
  stages: Stages,
  settings: SubscriptionSettings,
): Promise<void> {
  const head = await stages.head(ctx);
  if (head.body !== undefined || ctx.request.method === 'HEAD') {
    response.writeHead(head.status, head.headers);
    response.end(head.body);
    return;
  }
  const coding = stages.coding(ctx);
  const transport = stages.transport(ctx, response);
  transport.head(head.status, coding.name ? { ...head.headers, 'content-encoding': coding.name } : head.headers);
  const output = coding.encoder ? encoded(transport, coding.encoder, coding.flushEachFrame ?? true) : transport;
  for await (const item of stages.deliver(items(ctx, stream, stages, settings), ctx)) {
    ctx.signal.throwIfAborted();
    const frame = stages.frame(frameable(item, stages, ctx), ctx);
    if (frame !== '') {
      for (const bytes of stages.bytes(frame, ctx)) {
        await output.write(bytes);
        sent.bytes += bytes.length;
      }
      if ('flush' in output) await output.flush();
      sent.frames += 1;
    }
    if (item.kind === 'batch') {
      sent.batches += 1;
      sent.words += item.words.length;
    }
  }
  await output.end();
}

function frameable(item: Item, stages: Stages, ctx: SubscriptionContext): Frameable {
  if (item.kind === 'batch') return { kind: 'batch', payload: stages.payload(item.words, ctx), phase: item.phase };
  return item.kind === 'end' ? { kind: 'end', payload: stages.endPayload(ctx) } : item;
}

async function* items(
  ctx: SubscriptionContext,
  stream: StreamView,
  stages: Stages,
  settings: SubscriptionSettings,
): AsyncGenerator<Item> {
  let taken = 0;
  let pending: readonly TimedWord[] = [];
  let phase: 'history' | 'live' = ctx.historyLength > 0 || ctx.kind === 'snapshot' ? 'history' : 'live';
  for (;;) {
    ctx.signal.throwIfAborted();
    const until = phase === 'history' ? ctx.historyLength : stream.words.length;
    // Taken before yielding: a session that goes on meanwhile is seen on the next round.
    const last = stream.ended && until === stream.words.length;
    const { changed, upcoming } = stream;
    if (until > taken || last) {
      const viewed = stages.view({ words: stream.words.slice(taken, until), phase, from: taken, last }, ctx);
      const next = last ? null : (stream.words[until] ?? upcoming);
      const { batches, rest } = stages.batches([...pending, ...viewed], next, ctx);
      taken = until;
      pending = rest;
      for (const words of batches) yield { kind: 'batch', words, phase };
      phase = 'live';
    }
    if (last) break;
    if (stream.words.length > taken || stream.ended) continue;
    if (!(await changedInTime(changed, settings.heartbeatSeconds, ctx.signal))) yield { kind: 'heartbeat' };
  }
  yield { kind: 'end' };
}

/** False when nothing changed for so long; rejects when the subscription is over. */
function changedInTime(changed: Promise<void>, seconds: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const settle = (outcome: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      outcome();
    };
    const onAbort = () => settle(() => reject(signal.reason));
    const timer = setTimeout(() => settle(() => resolve(false)), seconds * 1000);
    signal.addEventListener('abort', onAbort, { once: true });
    void changed.then(() => settle(() => resolve(true)));
  });
}

/** Writes through an encoder, at the pace of the peer. */
function encoded(
  transport: Transport,
  encoder: Transform & { flush?: (callback: () => void) => void },
  flushEachFrame: boolean,
): Omit<Transport, 'head'> & { flush(): Promise<void> } {
  const written: Uint8Array[] = [];
  encoder.on('data', (bytes: Uint8Array) => written.push(bytes));
  // Reported by the callback of the write that failed.
  encoder.on('error', () => {});
  const passOn = async () => {
    for (let bytes = written.shift(); bytes !== undefined; bytes = written.shift()) await transport.write(bytes);
  };
  return {
    write: (bytes) =>
      new Promise((resolve, reject) => encoder.write(bytes, (error) => (error ? reject(error) : resolve()))),
    async flush() {
      if (flushEachFrame && encoder.flush) await new Promise<void>((resolve) => encoder.flush?.(resolve));
      await passOn();
    },
    async end() {
      const finished = new Promise<void>((resolve, reject) => encoder.once('end', resolve).once('error', reject));
      encoder.end();
      await finished;
      await passOn();
      await transport.end();
    },
  };
}

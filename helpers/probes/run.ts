import { Buffer } from 'node:buffer';
import { setTimeout as delay } from 'node:timers/promises';
import { type ExchangeBounds, type RunningExchange, startExchange } from '../http/client.ts';
import type { Credentials, SentCredential } from '../http/credentials.ts';
import { OFFERED_CODINGS } from '../http/decode.ts';
import type { Journal } from '../recording/journal.ts';
import type { Bound, EarlierWords, RecordedResponse } from '../recording/recording.ts';
import type { Settings } from '../settings/settings.ts';
import type { Clock } from './clock.ts';
import { Gate, type Priority } from './gate.ts';
import { Interrupted, type Outcome, type Probe, type RunningProbe } from './probe.ts';
import { secondsToWait } from './retry-after.ts';

const KEPT_TEXT_BYTES = 2 ** 16;
const MAX_HEADER_BYTES = 2 ** 16;
const HEAD_SECONDS = 30;
/** Of an answer that is no stream. */
const MAX_ANSWER_BYTES = 2 ** 20;
const REFUSAL_SECONDS = 30;
/** All bodies of a run together: two at the bound of one, or so many small ones. */
const BODIES_AT_THE_BOUND = 2;
const SMALL_BODIES = 8;
const SMALL_BODIES_BYTES = 24 * 2 ** 20;
/** Of one request: all that it spends waiting because of 429. */
const PATIENCE_SECONDS = 60;
const INTERRUPTION_GRACE_SECONDS = 3;

/** What all probes of one run share: the target, the journal, the pace, and the stop. */
export class Run {
  readonly settings: Settings;
  readonly baseUrl: string;
  readonly credentials: Credentials;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly userAgent: string;
  readonly earlier: readonly EarlierWords[];
  exchangesDone = 0;
  onExchange: () => void = () => {};
  readonly #gate: Gate;
  readonly #signal: AbortSignal;
  readonly #running = new Map<RunningProbe, Probe>();
  readonly #aborted: Promise<never>;
  #bytesLeft: number;

  constructor(parts: {
    settings: Settings;
    baseUrl: string;
    credentials: Credentials;
    journal: Journal;
    clock: Clock;
    userAgent: string;
    signal: AbortSignal;
    earlier?: readonly EarlierWords[];
  }) {
    this.earlier = parts.earlier ?? [];
    this.settings = parts.settings;
    this.baseUrl = parts.baseUrl;
    this.credentials = parts.credentials;
    this.journal = parts.journal;
    this.clock = parts.clock;
    this.userAgent = parts.userAgent;
    this.#signal = parts.signal;
    this.#gate = new Gate(() => this.clock.now());
    const { maxBytes } = parts.settings;
    this.#bytesLeft = Math.max(maxBytes * BODIES_AT_THE_BOUND, Math.min(maxBytes * SMALL_BODIES, SMALL_BODIES_BYTES));
    this.#aborted = new Promise((_, reject) => {
      const abort = () => {
        reject(new Interrupted());
        this.stopAll();
      };
      if (this.#signal.aborted) abort();
      else this.#signal.addEventListener('abort', abort, { once: true });
    });
    this.#aborted.catch(() => {});
  }

  get interrupted(): boolean {
    return this.#signal.aborted;
  }

  get primary(): SentCredential {
    const credential = this.credentials.get(this.credentials.primary);
    if (!credential) throw new Error('a run needs a credential');
    return credential;
  }

  /** What may be told of an answer. */
  shown(outcome: Outcome): Outcome {
    return { ...outcome, text: this.journal.redactor.text(outcome.text) };
  }

  wordsPath(segment: string): string {
    return `/v3/avatar-realtime/${segment}/words`;
  }

  /** @throws Interrupted */
  async sleep(seconds: number): Promise<void> {
    try {
      await delay(seconds * 1000, undefined, { signal: this.#signal });
    } catch {
      throw new Interrupted();
    }
  }

  /** Like `sleep`, and ends early with `event`. @throws Interrupted */
  async sleepUntil(seconds: number, event: Promise<unknown>): Promise<void> {
    const awake = new AbortController();
    const slept = delay(seconds * 1000, undefined, { signal: AbortSignal.any([this.#signal, awake.signal]) });
    await Promise.race([slept, event]).catch(() => {});
    awake.abort();
    if (this.interrupted) throw new Interrupted();
  }

  stopAll(): void {
    this.#gate.close();
    for (const [running, { outlivesInterruption }] of [...this.#running]) {
      if (!outlivesInterruption) running.stop('interrupt');
      else setTimeout(() => running.stop('interrupt'), INTERRUPTION_GRACE_SECONDS * 1000).unref();
    }
  }

  /** Sends and waits for the end. @throws Interrupted where it never got its turn. */
  async send(probe: Probe): Promise<Outcome> {
    return this.open(probe).outcome;
  }

  /** Sends when it is its turn, waits out 429, and lets the caller follow the answer. */
  open(probe: Probe): RunningProbe {
    let announce: (head: RecordedResponse | null) => void = () => {};
    const head = new Promise<RecordedResponse | null>((resolve) => {
      announce = resolve;
    });
    let current: RunningExchange | undefined;
    let stopped: Bound | undefined;
    const stop = (bound: Bound) => {
      stopped ??= bound;
      current?.stop(bound);
    };
    const outcome = this.#attempt(probe, announce, stop, (exchange) => {
      current = exchange;
      if (stopped) exchange.stop(stopped);
    });
    const running: RunningProbe = { head, outcome, stop };
    this.#running.set(running, probe);
    const settled = () => {
      this.#running.delete(running);
      announce(null);
    };
    outcome.then(settled, settled);
    return running;
  }

  /** From now on this many requests at once. */
  widen(atOnce: number): void {
    this.#gate.widen(atOnce);
  }

  /** Outside the pace and after an interruption too: to close what bills on. */
  async sendNow(probe: Probe): Promise<Outcome> {
    return this.#exchange(
      probe,
      () => {},
      () => {},
    );
  }

  async #attempt(
    probe: Probe,
    announce: (head: RecordedResponse | null) => void,
    stop: (bound: Bound) => void,
    started: (exchange: RunningExchange) => void,
  ): Promise<Outcome> {
    let patience = PATIENCE_SECONDS;
    for (let attempt = 1; ; attempt++) {
      const leave = await this.#turn(probe.priority ?? 2);
      if (attempt > 1) this.journal.waitedOut(probe.id, `${probe.id}/waited-out-${attempt - 1}`);
      let outcome: Outcome;
      try {
        const announceHead = (response: RecordedResponse) => {
          if (response.status !== 429) this.#gate.granted();
          // A stream goes on for as long as its session: the next request does not wait for that.
          if (probe.purpose.kind === 'subscription') leave();
          if (response.status === 429 && !probe.takes429) return;
          probe.onHead?.(response, stop);
          announce(response);
        };
        outcome = await this.#exchange(probe, announceHead, started);
      } finally {
        leave();
      }
      if (outcome.response?.status !== 429 || probe.takes429) return outcome;
      const seconds = secondsToWait(outcome.response.headers);
      if (seconds > patience || this.interrupted) {
        announce(outcome.response);
        return outcome;
      }
      patience -= Math.max(seconds, 0.5);
      this.#gate.refused(seconds);
    }
  }

  async #turn(priority: Priority): Promise<() => void> {
    if (this.interrupted) throw new Interrupted();
    return Promise.race([this.#gate.enter(priority), this.#aborted]);
  }

  async #exchange(
    probe: Probe,
    announce: (head: RecordedResponse) => void,
    started: (exchange: RunningExchange) => void,
  ): Promise<Outcome> {
    const { id, purpose, credential, streamId, control, method = 'GET', body } = probe;
    const url = `${this.baseUrl}${probe.path}`;
    const own = this.#headers(probe);
    const startedAt = this.clock.now();
    const journal = this.journal.start({
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
    const sent = { method, url, headers: [...own, ...credential.headers], ...(body === undefined ? {} : { body }) };
    const exchange = startExchange(sent, this.#bounds(probe), () => this.clock.now(), {
      head: (received) => {
        response = received;
        journal.head(received);
        announce(received);
      },
      chunk: (at, received, wireBytes) => {
        const bytes = received.subarray(0, this.#bytesLeft);
        this.#bytesLeft -= bytes.length;
        journal.chunk(at, bytes, wireBytes);
        if (keptBytes < KEPT_TEXT_BYTES) kept.push(bytes);
        keptBytes += bytes.length;
        probe.onBytes?.(at, bytes);
        if (this.#bytesLeft <= 0) exchange.stop('bytes');
      },
      end: (ending, wireBytes) => journal.end(ending, wireBytes),
    });
    started(exchange);
    const ending = await exchange.ended;
    this.exchangesDone++;
    this.onExchange();
    return { id, startedAt, response, ending, text: Buffer.concat(kept).toString('utf8') };
  }

  #headers(probe: Probe): (readonly [string, string])[] {
    const json = probe.purpose.kind === 'session';
    return [
      ['accept', json ? 'application/json' : 'text/event-stream'],
      ['accept-encoding', probe.codings ?? OFFERED_CODINGS],
      ['user-agent', this.userAgent],
      ...(probe.body === undefined ? [] : [['content-type', 'application/json'] as const]),
    ];
  }

  #bounds(probe: Probe): ExchangeBounds {
    const stream = probe.purpose.kind === 'subscription';
    const maxSeconds = Math.min(this.settings.maxSeconds, probe.maxSeconds ?? (stream ? Infinity : REFUSAL_SECONDS));
    return {
      headSeconds: Math.min(probe.headSeconds ?? HEAD_SECONDS, maxSeconds),
      maxSeconds,
      maxBytes: Math.min(this.settings.maxBytes, this.#bytesLeft, stream ? Infinity : MAX_ANSWER_BYTES),
      maxHeaderBytes: MAX_HEADER_BYTES,
    };
  }
}

import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunningExchange } from '../http/client.ts';
import type { Credentials, SentCredential } from '../http/credentials.ts';
import type { Journal } from '../recording/journal.ts';
import type { Bound, CredentialKind, EarlierWords, RecordedResponse } from '../recording/recording.ts';
import type { Settings } from '../settings/settings.ts';
import type { Clock } from './clock.ts';
import { exchange } from './exchange.ts';
import { Gate, type Priority } from './gate.ts';
import { Patience } from './patience.ts';
import { Interrupted, type Probe, type ProbeOutcome, type RunningProbe } from './probe.ts';
import { secondsToWait } from './retry-after.ts';

/** All bodies of a run together: two at the bound of one, or so many small ones. */
const BODIES_AT_THE_BOUND = 2;
const SMALL_BODIES = 8;
const SMALL_BODIES_BYTES = 24 * 2 ** 20;
const INTERRUPTION_GRACE_SECONDS = 3;
/** Before a request is sent again whose connection broke. */
const BROKEN_PAUSE_SECONDS = 0.25;

export interface RunParts {
  readonly settings: Settings;
  readonly baseUrl: string;
  readonly credentials: Credentials;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly userAgent: string;
  readonly signal: AbortSignal;
  /** The bound of the whole run, in seconds. */
  readonly seconds: number;
  readonly earlier?: readonly EarlierWords[];
}

interface Attempting {
  announce(head: RecordedResponse | null): void;
  stop(bound: Bound): void;
  isStopped(): boolean;
  started(exchange: RunningExchange): void;
}

interface Underway {
  readonly probe: Probe;
  readonly running: RunningProbe;
  hasHead(): boolean;
}

/** What all probes of one run share: the target, the journal, the pace, the budget, and the stop. */
export class Run {
  readonly settings: Settings;
  readonly baseUrl: string;
  readonly credentials: Credentials;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly userAgent: string;
  readonly earlier: readonly EarlierWords[];
  exchangesDone = 0;
  answered = false;
  timeIsUp = false;
  #primary: CredentialKind;
  #refused: SentCredential | undefined;
  readonly #gate: Gate;
  readonly #patience = new Patience();
  readonly #stop = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #running = new Set<Underway>();
  readonly #stopped: Promise<never>;
  #bytesLeft: number;

  constructor({ settings, baseUrl, credentials, journal, clock, userAgent, signal, seconds, earlier = [] }: RunParts) {
    this.earlier = earlier;
    this.settings = settings;
    this.baseUrl = baseUrl;
    this.credentials = credentials;
    this.#primary = credentials.primary;
    this.journal = journal;
    this.clock = clock;
    this.userAgent = userAgent;
    this.#gate = new Gate(() => clock.now());
    const { maxBytes } = settings;
    this.#bytesLeft = Math.max(maxBytes * BODIES_AT_THE_BOUND, Math.min(maxBytes * SMALL_BODIES, SMALL_BODIES_BYTES));
    // As many requests as wait at the same time.
    setMaxListeners(0, this.#stop.signal);
    this.#stopped = new Promise((_, reject) => {
      this.#stop.signal.addEventListener('abort', () => reject(new Interrupted()), { once: true });
    });
    this.#stopped.catch(() => {});
    this.#timer = setTimeout(() => {
      this.timeIsUp = true;
      this.end('seconds');
    }, seconds * 1000);
    const interrupt = () => this.end('interrupt');
    if (signal.aborted) interrupt();
    else signal.addEventListener('abort', interrupt, { once: true });
  }

  /** By the operator, or by the bound of the run. */
  get interrupted(): boolean {
    return this.#stop.signal.aborted;
  }

  get bytesLeft(): number {
    return this.#bytesLeft;
  }

  /** The bytes that the bound of all bodies together leaves room for. */
  takeBytes(received: Uint8Array): Uint8Array {
    const bytes = received.subarray(0, this.#bytesLeft);
    this.#bytesLeft -= bytes.length;
    return bytes;
  }

  exchanged(answered: boolean): void {
    this.exchangesDone++;
    this.answered ||= answered;
  }

  get primary(): SentCredential {
    const credential = this.credentials.get(this.#primary);
    if (!credential) throw new Error('a run needs a credential');
    return credential;
  }

  /** The other credential, for what holds with one must hold with both; undefined where there is none, or it was refused. */
  get secondary(): SentCredential | undefined {
    return this.#refused === undefined ? this.credentials.get(other(this.#primary)) : undefined;
  }

  /** The credential that the target did not accept, where the run went on with the other one. */
  get refused(): SentCredential | undefined {
    return this.#refused;
  }

  /** The target does not accept this credential: from now on requests carry the other one. */
  refuse(refused: SentCredential = this.primary): void {
    this.#refused = refused;
    if (refused.kind === this.#primary) this.#primary = other(this.#primary);
  }

  shown(outcome: ProbeOutcome): ProbeOutcome {
    return { ...outcome, text: this.journal.redactor.text(outcome.text) };
  }

  wordsPath(segment: string): string {
    return `/v3/avatar-realtime/${segment}/words`;
  }

  /** @throws Interrupted */
  async sleep(seconds: number): Promise<void> {
    try {
      await delay(seconds * 1000, undefined, { signal: this.#stop.signal });
    } catch {
      throw new Interrupted();
    }
  }

  /** Like `sleep`, and ends early with `event`. @throws Interrupted */
  async sleepUntil(seconds: number, event: Promise<unknown>): Promise<void> {
    const awake = new AbortController();
    const slept = delay(seconds * 1000, undefined, { signal: AbortSignal.any([this.#stop.signal, awake.signal]) });
    await Promise.race([slept, event]).catch(() => {});
    awake.abort();
    if (this.interrupted) throw new Interrupted();
  }

  /** Ends all that is under way; nothing more gets its turn. */
  end(bound: 'interrupt' | 'seconds'): void {
    clearTimeout(this.#timer);
    if (!this.interrupted) this.#stop.abort();
    this.#gate.close();
    for (const { probe, running, hasHead } of [...this.#running]) {
      // That no head came in time would be the target's doing; here it is the run's.
      const stop = () => running.stop(hasHead() ? bound : 'interrupt');
      if (!probe.outlivesInterruption) stop();
      else setTimeout(stop, INTERRUPTION_GRACE_SECONDS * 1000).unref();
    }
  }

  /** Sends and waits for the end. @throws Interrupted where it never got its turn. */
  async send(probe: Probe): Promise<ProbeOutcome> {
    return this.open(probe).outcome;
  }

  /** Sends when it is its turn, waits out 429, asks once more after a broken connection; the caller follows the answer. */
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
    const outcome = this.#attempt(probe, {
      announce,
      stop,
      isStopped: () => stopped !== undefined,
      started: (exchange) => {
        current = exchange;
      },
    });
    const running: RunningProbe = { id: probe.id, head, outcome, stop };
    let hasHead = false;
    const underway: Underway = { probe, running, hasHead: () => hasHead };
    void head.then((received) => {
      hasHead = received !== null;
    });
    this.#running.add(underway);
    const settled = () => {
      this.#running.delete(underway);
      announce(null);
    };
    outcome.then(settled, settled);
    return running;
  }

  widen(atOnce: number): void {
    this.#gate.widen(atOnce);
  }

  /** Sends at once, whatever else waits, even after the run has been stopped: for what ends a session that bills. */
  async sendNow(probe: Probe): Promise<ProbeOutcome> {
    return exchange(this, probe);
  }

  async #attempt(probe: Probe, { announce, stop, isStopped, started }: Attempting): Promise<ProbeOutcome> {
    let why: 'waited-out' | 'no-answer' = 'waited-out';
    for (let attempt = 1; ; attempt++) {
      const leave = await this.#turn(probe.priority ?? 2);
      // The caller lost interest before its turn came.
      if (isStopped()) {
        leave();
        throw new Interrupted();
      }
      if (attempt > 1) this.journal.add({ type: 'waited-out', id: probe.id, as: `${probe.id}/${why}-${attempt - 1}` });
      let outcome: ProbeOutcome;
      try {
        const head = (response: RecordedResponse) => {
          if (response.status !== 429) this.#gate.granted();
          // A stream goes on for as long as its session: the next request does not wait for that.
          if (probe.purpose.kind === 'subscription') leave();
          if (response.status === 429 && !probe.takes429) return;
          probe.onHead?.(response, stop);
          announce(response);
        };
        outcome = await exchange(this, probe, { head, started });
      } finally {
        leave();
      }
      if (isBroken(outcome) && why !== 'no-answer' && mayRepeat(probe) && !this.interrupted) {
        why = 'no-answer';
        await this.sleep(BROKEN_PAUSE_SECONDS);
        continue;
      }
      if (outcome.response?.status !== 429 || probe.takes429) return outcome;
      const asked = secondsToWait(outcome.response.headers) ?? 0;
      const again = !this.interrupted && (probe.asksAgain?.(attempt) ?? true);
      const seconds = again ? this.#patience.grant(asked, attempt, this.clock.now()) : undefined;
      if (seconds === undefined) {
        announce(outcome.response);
        return outcome;
      }
      this.#gate.refused(seconds);
    }
  }

  async #turn(priority: Priority): Promise<() => void> {
    if (this.interrupted) throw new Interrupted();
    return Promise.race([this.#gate.enter(priority), this.#stopped]);
  }
}

/** Once may be the network's doing; RFC 9110 §9.2.2 lets clients repeat a GET then. */
function isBroken({ ending }: ProbeOutcome): boolean {
  return ending.kind === 'no-response' && ['reset', 'refused', 'other'].includes(ending.fault);
}

function mayRepeat({ method = 'GET', takes429 = false }: Probe): boolean {
  return method === 'GET' && !takes429;
}

function other(kind: CredentialKind): CredentialKind {
  return kind === 'api-key' ? 'bearer' : 'api-key';
}

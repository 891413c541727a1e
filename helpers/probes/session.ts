import type { SessionStatus } from '../recording/recording.ts';
import type { Probe, ProbeOutcome } from './probe.ts';
import type { Run } from './run.ts';

/** A session that the run listens to, and how its text comes to it. */
export interface LiveInput {
  readonly streamId: string;
  readonly origin: 'create' | 'ids' | 'command';
  /** Text may be appended: the input is open until `closeInput`. */
  readonly open: boolean;
  /** Text to send with the close of the input. */
  readonly closing: string;
  /** Text to append where the probes need more time; none for a script of the operator's. */
  readonly extensions: readonly string[];
  /** What the ids of exchanges about it begin with; absent: `session`. */
  readonly name?: string;
}

/** A second apart and more: about a quarter of a minute in all. */
const MOST_POLLS_AFTER_END = 6;
export const SESSIONS = '/v3/avatar-realtime';

export class SpokenSession {
  readonly streamId: string;
  readonly origin: LiveInput['origin'];
  /** As the session was given it so far; undefined where the run does not know. */
  script: string | undefined;
  /** The last status that the target told; undefined where none was asked for or it tells none. */
  status: string | undefined;
  endReason: string | undefined;
  tellsStatus: boolean;
  /** It is known to have ended, or has been cancelled. */
  isOver = false;
  readonly #run: Run;
  readonly #closing: string;
  readonly #extensions: string[];
  readonly #createdAt: number | undefined;
  readonly #name: string;
  #inputOpen: boolean;
  /** The member that text is sent in: the public reference says `delta`, the public guide `text`. */
  #textMember: 'delta' | 'text' = 'delta';
  #appends = 0;
  #statuses = 0;

  constructor(run: Run, input: LiveInput, script: string | undefined) {
    this.#run = run;
    this.streamId = input.streamId;
    this.origin = input.origin;
    this.script = script;
    this.tellsStatus = input.origin === 'create';
    this.#name = input.name ?? 'session';
    this.#closing = input.closing;
    this.#extensions = [...input.extensions];
    this.#inputOpen = input.open;
    this.#createdAt = input.origin === 'ids' ? undefined : run.clock.now();
    this.#takeDown();
  }

  get inputOpen(): boolean {
    return this.#inputOpen;
  }

  get canExtend(): boolean {
    return this.#inputOpen && this.#extensions.length > 0;
  }

  async extend(): Promise<void> {
    const text = this.#extensions.shift();
    if (text !== undefined) await this.#append(text, false);
  }

  get speaks(): boolean {
    // The public reference says "streaming", the public guide "ready".
    return this.status === 'streaming' || this.status === 'ready';
  }

  /** What went wrong with a session whose status is `error`. */
  get troubled(): string {
    return `the session ended in error${this.endReason === undefined ? '' : ` (${this.endReason})`}`;
  }

  /** Sends what is left of the script and closes the input, so that the session ends when it has spoken. */
  async closeInput(): Promise<void> {
    if (!this.#inputOpen) return;
    await this.#append(this.#closing, true);
    this.#inputOpen = false;
  }

  /**
   * Ends a session of the run's own that it needs no more, so that it bills no longer: cancels it, and closes its input
   * where the target offers no cancelling (404, 405, 501) or does not answer.
   */
  async cancel(): Promise<void> {
    if (this.origin !== 'create' || this.isOver) return;
    this.isOver = true;
    const { response } = await this.#run.sendNow(this.#probe(`${this.#name}-cancel`, 'cancel', '/cancel', {}, 3));
    const cancelled = response !== undefined && response.status < 300;
    if (this.#inputOpen && !cancelled) await this.#run.sendNow(this.#textProbe('', true, 3));
    this.#inputOpen = false;
  }

  /** @param anyway also of a session that the run did not create, to see whether the target answers at all. */
  async pollStatus(anyway = false): Promise<void> {
    if (!this.tellsStatus && !anyway) return;
    this.#statuses++;
    const outcome = await askStatus(this.#run, `${this.#name}-status-${this.#statuses}`, this.streamId);
    const data = dataOf(outcome);
    if (outcome.response?.status !== 200 || typeof data?.status !== 'string') {
      if (outcome.ending.kind === 'complete') this.tellsStatus = false;
      return;
    }
    const endReason = textOrNull(data.end_reason);
    const errorMessage = textOrNull(data.error_message);
    this.status = data.status;
    this.isOver ||= this.status === 'completed' || this.status === 'error';
    this.endReason = errorMessage ?? endReason ?? undefined;
    const status: SessionStatus = {
      at: outcome.ending.at,
      status: this.status,
      ...(endReason === undefined ? {} : { endReason }),
      ...(errorMessage === undefined ? {} : { errorMessage }),
    };
    this.#run.journal.add({ type: 'status', streamId: this.streamId, status });
  }

  /** Resolves when the status is `completed`, or when it has had ample time to become so. */
  async waitCompleted(): Promise<void> {
    let pause = 0.25;
    for (let asked = 0; asked < MOST_POLLS_AFTER_END && this.tellsStatus && this.status !== 'completed'; asked++) {
      if (asked > 0) await this.#run.sleep(pause);
      if (asked > 0) pause *= 2;
      await this.pollStatus();
      if (this.status === 'error') return;
    }
  }

  async #append(text: string, final: boolean): Promise<void> {
    let status = (await this.#run.send(this.#textProbe(text, final))).response?.status ?? 0;
    if ((status === 400 || status === 422) && this.#textMember === 'delta') {
      this.#textMember = 'text';
      status = (await this.#run.send(this.#textProbe(text, final))).response?.status ?? 0;
    }
    if (status >= 200 && status <= 299) {
      this.script = `${this.script ?? ''}${text}`;
      this.#takeDown();
    } else if (status === 410 || status === 404) this.#inputOpen = false;
  }

  #textProbe(text: string, final: boolean, maxSeconds = 15): Probe {
    this.#appends++;
    const body = { [this.#textMember]: text, final };
    return this.#probe(`${this.#name}-append-${this.#appends}`, 'append', '/text', body, maxSeconds);
  }

  #probe(id: string, step: 'append' | 'cancel', path: string, body: object, maxSeconds: number): Probe {
    return {
      id,
      purpose: { kind: 'session', step },
      credential: this.#run.primary,
      path: `${SESSIONS}/${encodeURIComponent(this.streamId)}${path}`,
      streamId: this.streamId,
      method: 'POST',
      body: JSON.stringify(body),
      priority: 0,
      maxSeconds,
      outlivesInterruption: true,
    };
  }

  #takeDown(): void {
    const { streamId, origin } = this;
    const script = this.script === undefined ? {} : { script: this.script };
    const createdAt = this.#createdAt === undefined ? {} : { createdAt: this.#createdAt };
    this.#run.journal.add({ type: 'stream', stream: { streamId, origin, state: 'live', ...script, ...createdAt } });
  }
}

/** Asks a sibling of the certified operation. */
export function askStatus(run: Run, id: string, streamId: string): Promise<ProbeOutcome> {
  return run.send({
    id,
    purpose: { kind: 'session', step: 'status' },
    credential: run.primary,
    path: `${SESSIONS}/${encodeURIComponent(streamId)}`,
    streamId,
    priority: 1,
  });
}

export function dataOf(outcome: ProbeOutcome): Record<string, unknown> | undefined {
  try {
    const data: unknown = JSON.parse(outcome.text)?.data;
    return data !== null && typeof data === 'object' ? (data as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function textOrNull(value: unknown): string | null | undefined {
  return typeof value === 'string' || value === null ? value : undefined;
}

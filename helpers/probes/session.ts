import type { SessionStatus } from '../recording/recording.ts';
import { createFailure, RunStopped } from './preflight.ts';
import type { Outcome } from './probe.ts';
import type { Run } from './run.ts';
import { BUILT_IN_SCRIPT, splitScript, withChallenge } from './script.ts';
import { runSessionCommand } from './session-command.ts';

/** A session that speaks while the run listens. */
export interface LiveInput {
  readonly streamId: string;
  readonly origin: 'create' | 'ids' | 'command';
  /** Text may be appended: the input is open until `closeInput`. */
  readonly open: boolean;
  /** Text to send with the close of the input. */
  readonly closing: string;
  /** Text to append where the probes need more time; none for a script of the operator's. */
  readonly extensions: readonly string[];
}

/** A second apart and more: about a quarter of a minute in all. */
const MOST_POLLS_AFTER_END = 6;
const SESSIONS = '/v3/avatar-realtime';

/** The live session as the settings say; null where they name none. @throws RunStopped, Interrupted */
export async function openSession(run: Run, signal: AbortSignal): Promise<SpokenSession | null> {
  const { session } = run.settings;
  if (session.mode === 'create') return createSession(run);
  if (session.mode === 'ids') {
    if (session.liveStreamId === undefined) return null;
    return new SpokenSession(run, fixed(session.liveStreamId, 'ids'), session.script);
  }
  const { challenge } = run.settings;
  const redact = (text: string) => run.journal.redactor.text(text);
  const printed = await runSessionCommand(session.command, signal, { challenge, redact });
  if ('problem' in printed)
    throw new RunStopped({
      cause: 'command',
      message: printed.problem,
      remedy: 'Run the command of WORDS_SESSION_COMMAND by hand: it must print {"stream_id": "…"} and exit with 0.',
    });
  return new SpokenSession(run, fixed(printed.streamId, 'command'), printed.script ?? session.script);
}

async function createSession(run: Run): Promise<SpokenSession> {
  const { session } = run.settings;
  if (session.mode !== 'create') throw new Error('not a session to create');
  const { type, avatarId, voiceId, script } = session;
  const { challenge } = run.settings;
  const given =
    script === undefined
      ? ([BUILT_IN_SCRIPT.opening, withChallenge(BUILT_IN_SCRIPT.closing, challenge)] as const)
      : splitScript(withChallenge(script, challenge));
  const [opening, closing] = type === 'tts' ? [given.join(''), ''] : given;
  const outcome = await run.send({
    id: 'session-create',
    purpose: { kind: 'session', step: 'create' },
    credential: run.primary,
    path: SESSIONS,
    method: 'POST',
    body: JSON.stringify({ type, avatar_id: avatarId || 'embedded', voice_id: voiceId || 'embedded', text: opening }),
    priority: 0,
    outlivesInterruption: true,
  });
  const streamId = dataOf(outcome)?.stream_id;
  const status = outcome.response?.status ?? 0;
  if (status < 200 || status > 299 || typeof streamId !== 'string' || streamId === '')
    throw new RunStopped(createFailure(run.shown(outcome), run.baseUrl));
  const open = type === 'text_stream';
  const extensions = open && script === undefined ? BUILT_IN_SCRIPT.extensions : [];
  return new SpokenSession(run, { streamId, origin: 'create', open, closing, extensions }, opening);
}

function fixed(streamId: string, origin: LiveInput['origin']): LiveInput {
  return { streamId, origin, open: false, closing: '', extensions: [] };
}

/** The live session's input and status. */
export class SpokenSession {
  readonly streamId: string;
  readonly origin: LiveInput['origin'];
  /** As the session was given it so far; undefined where the run does not know. */
  script: string | undefined;
  /** The last status that the target told; undefined where none was asked for or it tells none. */
  status: string | undefined;
  endReason: string | undefined;
  tellsStatus: boolean;
  readonly #run: Run;
  readonly #closing: string;
  readonly #extensions: string[];
  readonly #createdAt: number | undefined;
  #inputOpen: boolean;
  #appends = 0;
  #statuses = 0;

  constructor(run: Run, input: LiveInput, script: string | undefined) {
    this.#run = run;
    this.streamId = input.streamId;
    this.origin = input.origin;
    this.script = script;
    this.tellsStatus = input.origin === 'create';
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

  /** The run is interrupted: closes the input at once, so that the session bills no longer than it must. */
  async abandon(): Promise<void> {
    if (!this.#inputOpen) return;
    this.#inputOpen = false;
    await this.#run.sendNow(this.#textProbe('', true, 3));
  }

  async pollStatus(): Promise<void> {
    if (!this.tellsStatus) return;
    this.#statuses++;
    const outcome = await this.#run.send({
      id: `session-status-${this.#statuses}`,
      purpose: { kind: 'session', step: 'status' },
      credential: this.#run.primary,
      path: `${SESSIONS}/${encodeURIComponent(this.streamId)}`,
      streamId: this.streamId,
      priority: 1,
    });
    const data = dataOf(outcome);
    if (outcome.response?.status !== 200 || typeof data?.status !== 'string') {
      if (outcome.ending.kind === 'complete') this.tellsStatus = false;
      return;
    }
    const endReason = textOrNull(data.end_reason);
    const errorMessage = textOrNull(data.error_message);
    this.status = data.status;
    this.endReason = errorMessage ?? endReason ?? undefined;
    const status: SessionStatus = {
      at: outcome.ending.at,
      status: this.status,
      ...(endReason === undefined ? {} : { endReason }),
      ...(errorMessage === undefined ? {} : { errorMessage }),
    };
    this.#run.journal.status(this.streamId, status);
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

  async #append(delta: string, final: boolean): Promise<void> {
    const outcome = await this.#run.send(this.#textProbe(delta, final));
    const status = outcome.response?.status ?? 0;
    if (status >= 200 && status <= 299) {
      this.script = `${this.script ?? ''}${delta}`;
      this.#takeDown();
    } else if (status === 410 || status === 404) this.#inputOpen = false;
  }

  #textProbe(delta: string, final: boolean, maxSeconds = 15) {
    this.#appends++;
    return {
      id: `session-append-${this.#appends}`,
      purpose: { kind: 'session', step: 'append' },
      credential: this.#run.primary,
      path: `${SESSIONS}/${encodeURIComponent(this.streamId)}/text`,
      streamId: this.streamId,
      method: 'POST',
      body: JSON.stringify({ delta, final }),
      priority: 0,
      maxSeconds,
      outlivesInterruption: true,
    } as const;
  }

  #takeDown(): void {
    this.#run.journal.stream({
      streamId: this.streamId,
      origin: this.origin,
      state: 'live',
      ...(this.script === undefined ? {} : { script: this.script }),
      ...(this.#createdAt === undefined ? {} : { createdAt: this.#createdAt }),
    });
  }
}

function dataOf(outcome: Outcome): Record<string, unknown> | undefined {
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

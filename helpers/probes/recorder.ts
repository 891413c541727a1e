import { NEED_TEXTS } from '../contract/needs.ts';
import type { RunFailure } from '../recording/recording.ts';
import { askRefusals } from './ask-refusals.ts';
import { provokeRateLimit } from './burst.ts';
import { LiveListening } from './live.ts';
import { openSession } from './open-session.ts';
import type { Plan } from './plan.ts';
import { RunStopped } from './preflight.ts';
import { Interrupted } from './probe.ts';
import type { Run } from './run.ts';
import type { SpokenSession } from './session.ts';
import { readSnapshots } from './snapshots.ts';
import { Unwatched } from './unwatched.ts';

type Phase = 'session' | 'listening' | 'completed' | 'burst' | 'done';

/** How far a recording is. */
export interface RecordingProgress {
  readonly phase: Phase;
  /** Since the start of the recording. */
  readonly seconds: number;
  /** Length that the plan gives the session, in seconds of wall time; zero where it gives none. */
  readonly expectedSeconds: number;
  readonly requests: number;
  readonly requestsPlanned: number;
  /** Heard by the first subscriber. */
  readonly batches: number;
  readonly words: number;
  readonly audioSeconds: number;
}

/** A session whose words were not granted, and why. */
interface Unserved {
  readonly streamId: string;
  readonly failure: RunFailure;
  readonly error: unknown;
}

const PROGRESS_MILLISECONDS = 200;
/** Each is read three times. */
const EARLIER_SESSIONS_READ = 3;

/** Conducts one run: its session and those that listen to it, completed sessions, refusals, and the burst. */
export class Recorder {
  readonly #run: Run;
  readonly #plan: Plan;
  readonly #signal: AbortSignal;
  readonly #onProgress: ((progress: RecordingProgress) => void) | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  #phase: Phase = 'session';
  #session: SpokenSession | null = null;
  #listening: LiveListening | undefined;
  #unwatched: Unwatched | undefined;
  #unknownAsked: Promise<void> | undefined;
  readonly #unserved: Unserved[] = [];

  constructor(
    run: Run,
    plan: Plan,
    signal: AbortSignal,
    onProgress: ((progress: RecordingProgress) => void) | undefined,
  ) {
    this.#run = run;
    this.#plan = plan;
    this.#signal = signal;
    this.#onProgress = onProgress;
    if (onProgress === undefined) return;
    this.#timer = setInterval(() => this.#report(), PROGRESS_MILLISECONDS).unref();
    this.#report();
  }

  /** @throws RunStopped, Interrupted */
  async conduct(): Promise<void> {
    const run = this.#run;
    this.#session = await openSession(run, this.#signal);
    const granted: { streamId: string; control: string }[] = [];
    const session = this.#session;
    if (session) granted.push(...(await this.#listenTo(session).catch((error) => this.#passOverLive(session, error))));
    await this.#unwatched?.read();
    this.#enter('completed');
    for (const [index, streamId] of this.#completedIds().entries()) {
      run.journal.add({ type: 'stream', stream: { streamId, origin: 'ids', state: 'completed' } });
      const isFirst = granted.length === 0;
      const control = await readSnapshots(run, streamId, index + 1, {
        isPreflight: isFirst && (!session || this.#unserved.length > 0),
        whenServed: async (granted) => {
          this.#askUnknown({ streamId, control: granted.control });
          if (isFirst) await askRefusals(run, 'completed', { streamId, ...granted });
        },
      }).catch((error) => void this.#passOver(streamId, error));
      if (control) granted.push({ streamId, control });
    }
    await this.#unknownAsked;
    if (granted.length === 0) this.#stopUnserved();
    this.#unmetEarlier(granted);
    const [target] = granted;
    if (!target) this.#unmetCompleted('no completed session could be read');
    if (target && run.settings.burst && !run.interrupted) {
      this.#enter('burst');
      await provokeRateLimit(run, target.streamId, target.control);
    }
    this.#enter('done');
  }

  /** Completed sessions to read: those that were given, else those that an earlier recording of this target holds. */
  #completedIds(): readonly string[] {
    const { settings, earlier, baseUrl } = this.#run;
    const { completedStreamIds } = settings;
    const isOnlySource = settings.session.mode === 'ids' && settings.session.liveStreamId === undefined;
    const proven = earlier.filter((one) => isOnlySource || one.baseUrl === baseUrl).map(({ streamId }) => streamId);
    const read = completedStreamIds.length > 0 ? completedStreamIds : proven.slice(0, EARLIER_SESSIONS_READ);
    // A live one that is lost was completed when it was recorded.
    const lost = this.#unserved.filter((one) => this.#isLost(one)).map(({ streamId }) => streamId);
    return [...new Set([...read, ...lost])];
  }

  /** One session that the target does not serve is no reason to leave the others unread. @throws any other error */
  #passOver(streamId: string, error: unknown): RunFailure {
    const failure = error instanceof RunStopped && 'failure' in error.stop ? error.stop.failure : undefined;
    if (failure === undefined || !['session', 'credential', 'answer'].includes(failure.cause)) throw error;
    this.#unserved.push({ streamId, failure, error });
    return failure;
  }

  async #passOverLive(session: SpokenSession, error: unknown): Promise<[]> {
    const { message, remedy } = this.#passOver(session.streamId, error);
    this.#run.journal.lacks('live-session', message, remedy);
    await session.cancel();
    return [];
  }

  /** Where no session was served: a breach, rather than an id that may be mistyped. @throws RunStopped */
  #stopUnserved(): void {
    const refused = this.#unserved.find(({ failure }) => failure.cause === 'answer') ?? this.#unserved[0];
    if (refused !== undefined && !this.#unserved.some((one) => this.#isLost(one))) throw refused.error;
  }

  /** Whether an earlier recording holds the session: that it is served no more is a finding. */
  #isLost({ streamId, failure }: Unserved): boolean {
    const { earlier, baseUrl } = this.#run;
    const isProven = earlier.some((one) => one.streamId === streamId && one.baseUrl === baseUrl);
    return isProven && failure.cause !== 'credential';
  }

  /** Closes what bills on, and stops the reports. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#listening?.settled();
    await Promise.all([this.#session?.cancel(), this.#unwatched?.close()]);
  }

  async #listenTo(session: SpokenSession): Promise<{ streamId: string; control: string }[]> {
    const run = this.#run;
    const { streamId } = session;
    if (session.script === undefined && run.settings.session.mode === 'command')
      run.journal.lacks(
        'script',
        'the session command did not print what it gave the session to speak',
        'Print it as "script" beside "stream_id".',
      );
    this.#listening = new LiveListening(run, session);
    await this.#listening.opened();
    this.#enter('listening');
    if (run.settings.unwatched) this.#unwatched = new Unwatched(run);
    const target = { streamId, control: this.#listening.first.probe.id };
    const live = await this.#listening.hear(async () => {
      this.#askUnknown(target);
      await askRefusals(run, 'live', target);
    });
    if (run.interrupted) throw new Interrupted();
    if (!live.ended) {
      await session.cancel();
      this.#unmetCompleted(live.reason);
      return [];
    }
    this.#enter('completed');
    await session.waitCompleted();
    if (session.status === 'error') {
      this.#unmetCompleted(session.troubled);
      return [];
    }
    const control = await readSnapshots(run, streamId, 'live', {
      isPreflight: false,
      whenServed: (granted) => askRefusals(run, 'completed', { streamId, ...granted }),
    });
    return control === undefined ? [] : [{ streamId, control }];
  }

  /** Ids of no session: asked once, beside whatever else goes on. */
  #askUnknown(target: { streamId: string; control: string }): void {
    this.#unknownAsked ??= askRefusals(this.#run, 'unknown', target).catch((error: unknown) => {
      if (!(error instanceof Interrupted)) throw error;
    });
  }

  #unmetEarlier(granted: readonly { readonly streamId: string }[]): void {
    const { earlier, settings, journal } = this.#run;
    if (settings.earlierRecordingPath === undefined) return;
    if (earlier.some(({ streamId }) => granted.some((read) => read.streamId === streamId))) return;
    const known = earlier.map(({ streamId }) => streamId).join(', ') || 'none that was read to its end';
    journal.lacks(
      'earlier-recording',
      `the earlier recording holds no stream that this run read (it holds ${known})`,
      earlier[0]
        ? `Set WORDS_COMPLETED_STREAM_ID=${earlier[0].streamId}.`
        : 'Give the recording of a run that read a completed session.',
    );
  }

  #unmetCompleted(reason: string): void {
    if (this.#run.interrupted || this.#run.settings.completedStreamIds.length > 0) return;
    const { remedy } = NEED_TEXTS['completed-session'];
    this.#run.journal.lacks('completed-session', reason, remedy);
  }

  #enter(phase: Phase): void {
    if (this.#run.interrupted) throw new Interrupted();
    this.#phase = phase;
    this.#report();
  }

  #report(): void {
    const { settings, clock, exchangesDone } = this.#run;
    const watch = this.#listening?.first.watch;
    const speed = settings.baseUrl === null ? settings.speed : 1;
    this.#onProgress?.({
      phase: this.#phase,
      seconds: clock.now(),
      expectedSeconds: this.#plan.sessionSeconds.usual / speed,
      requests: exchangesDone,
      requestsPlanned: this.#plan.requests,
      batches: watch?.batches ?? 0,
      words: watch?.words ?? 0,
      audioSeconds: watch?.audioSeconds ?? 0,
    });
  }
}

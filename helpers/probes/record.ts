import { randomUUID } from 'node:crypto';
import type { Contract } from '../contract/types.ts';
import { credentialsOf } from '../http/credentials.ts';
import { redactorOf } from '../http/redactor-of.ts';
import { Journal } from '../recording/journal.ts';
import {
  type EarlierWords,
  RECORDING_FORMAT,
  type Recording,
  type RecordingHeader,
  type UnmetNeed,
} from '../recording/recording.ts';
import { recordedSettings, type Settings } from '../settings/settings.ts';
import { askRefusals } from './ask-refusals.ts';
import { provokeRateLimit } from './burst.ts';
import { startClock } from './clock.ts';
import { loadEarlierWords } from './earlier.ts';
import { LiveListening } from './live.ts';
import { neverMet } from './needs.ts';
import { type Plan, planRun } from './plan.ts';
import { RunStopped } from './preflight.ts';
import { Interrupted } from './probe.ts';
import { Run } from './run.ts';
import { openSession, type SpokenSession } from './session.ts';
import { readSnapshots } from './snapshots.ts';

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

export interface RecordOptions {
  readonly suite: { readonly name: string; readonly version: string };
  readonly contract: Contract;
  /** Of the target, or of the embedded server that the caller has started. */
  readonly baseUrl: string;
  /** File to write down everything in as it happens; without it nothing is written. It is left for the caller to remove. */
  readonly journalPath?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RecordingProgress) => void;
  /** What the earlier recording of the settings holds, where the caller has read it already. */
  readonly earlier?: readonly EarlierWords[];
}

const PROGRESS_MILLISECONDS = 200;

/**
 * Brings the target into the states that the requirements need and takes down all that it says. Resolves with what was
 * recorded whatever the target does; where the run had to stop, `failure` says why. An interrupted recording has no `finishedAt`.
 * @throws OperatorError where the earlier recording cannot be read, or the journal cannot be written.
 */
export async function record(settings: Settings, options: RecordOptions): Promise<Recording> {
  const earlierPath = settings.earlierRecordingPath;
  const earlier =
    options.earlier ?? (earlierPath === undefined ? [] : await loadEarlierWords(earlierPath, options.contract));
  return takeDown(settings, { ...options, earlier }, async (run, signal) => {
    const recorder = new Recorder(run, planRun(settings), signal, options.onProgress);
    try {
      for (const words of earlier) run.journal.earlier(words);
      for (const unmet of neverMet(settings)) run.journal.unmet(unmet);
      await recorder.conduct();
    } finally {
      run.stopAll();
      await recorder.close();
    }
  });
}

/** Reads completed sessions again, and asks nothing else of the target. Where it had to stop, `failure` says why. */
export function readCompleted(
  settings: Settings,
  options: RecordOptions,
  streamIds: readonly string[],
): Promise<Recording> {
  return takeDown(settings, options, async (run) => {
    for (const [index, streamId] of streamIds.entries()) {
      run.journal.stream({ streamId, origin: 'ids', state: 'completed' });
      await readSnapshots(run, streamId, index + 1, { isPreflight: true, whenServed: async () => {} });
    }
  });
}

async function takeDown(
  settings: Settings,
  options: RecordOptions,
  conduct: (run: Run, signal: AbortSignal) => Promise<void>,
): Promise<Recording> {
  const { baseUrl, earlier = [] } = options;
  // One of the run's own: what listens to it goes when the run does.
  const broken = new AbortController();
  const signal = AbortSignal.any(options.signal === undefined ? [broken.signal] : [broken.signal, options.signal]);
  const credentials = credentialsOf(settings);
  const redactor = redactorOf(settings);
  const journal = new Journal(headerOf(settings, options), redactor, options.journalPath, (error) =>
    broken.abort(error),
  );
  const clock = startClock((stall) => journal.stall(stall));
  const userAgent = `${options.suite.name}/${options.suite.version}`;
  const run = new Run({ settings, baseUrl, credentials, journal, clock, userAgent, signal, earlier });
  try {
    await conduct(run, signal);
  } catch (error) {
    if (error instanceof RunStopped) journal.failure(error.failure);
    else if (!(error instanceof Interrupted)) throw error;
  } finally {
    run.stopAll();
    if (!signal.aborted) journal.finish(new Date().toISOString());
    clock.stop();
    journal.close();
  }
  // Stopped by a journal that could be written no further, not by the operator.
  broken.signal.throwIfAborted();
  return journal.recording();
}

class Recorder {
  readonly #run: Run;
  readonly #plan: Plan;
  readonly #signal: AbortSignal;
  readonly #onProgress: ((progress: RecordingProgress) => void) | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  #phase: Phase = 'session';
  #session: SpokenSession | null = null;
  #listening: LiveListening | undefined;
  #unknownAsked: Promise<void> | undefined;

  constructor(run: Run, plan: Plan, signal: AbortSignal, onProgress: RecordOptions['onProgress']) {
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
    if (this.#session) granted.push(...(await this.#listenTo(this.#session)));
    this.#enter('completed');
    for (const [index, streamId] of run.settings.completedStreamIds.entries()) {
      run.journal.stream({ streamId, origin: 'ids', state: 'completed' });
      const control = `completed-${index + 1}`;
      const isFirst = granted.length === 0;
      const served = await readSnapshots(run, streamId, index + 1, {
        isPreflight: isFirst && !this.#session,
        whenServed: async () => {
          this.#askUnknown({ streamId, control });
          if (isFirst) await askRefusals(run, 'completed', { streamId, control });
        },
      });
      if (served) granted.push({ streamId, control });
    }
    await this.#unknownAsked;
    this.#unmetEarlier(granted);
    const [target] = granted;
    if (!target) this.#unmetCompleted('no completed session could be read');
    if (target && run.settings.burst && !run.interrupted) {
      this.#enter('burst');
      await provokeRateLimit(run, target.streamId, target.control);
    }
    this.#enter('done');
  }

  /** Closes what bills on, and stops the reports. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#listening?.settled();
    await this.#session?.abandon();
  }

  async #listenTo(session: SpokenSession): Promise<{ streamId: string; control: string }[]> {
    const run = this.#run;
    const { streamId } = session;
    if (session.script === undefined && run.settings.session.mode === 'command')
      run.journal.unmet({
        need: 'script',
        declared: false,
        reason: 'the session command did not print what it gave the session to speak',
        remedy: 'Print it as "script" beside "stream_id".',
      });
    this.#listening = new LiveListening(run, session);
    await this.#listening.opened();
    this.#enter('listening');
    const target = { streamId, control: 'first' };
    const live = await this.#listening.listen(async () => {
      this.#askUnknown(target);
      await askRefusals(run, 'live', target);
    });
    if (run.interrupted) throw new Interrupted();
    if (!live.ended) {
      this.#unmetCompleted(live.reason);
      return [];
    }
    this.#enter('completed');
    await session.waitCompleted();
    if (session.status === 'error') {
      this.#unmetCompleted(session.troubled);
      return [];
    }
    const served = await readSnapshots(run, streamId, 'live', {
      isPreflight: false,
      whenServed: (control) => askRefusals(run, 'completed', { streamId, control }),
    });
    return served ? [{ streamId, control: 'snapshot' }] : [];
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
    journal.unmet({
      need: 'earlier-recording',
      declared: false,
      reason: `the earlier recording holds no stream that this run read (it holds ${known})`,
      remedy: 'Set WORDS_COMPLETED_STREAM_ID to a stream of the earlier recording.',
    });
  }

  #unmetCompleted(reason: string): void {
    if (this.#run.interrupted || this.#run.settings.completedStreamIds.length > 0) return;
    const unmet: UnmetNeed = {
      need: 'completed-session',
      declared: false,
      reason,
      remedy: 'Set WORDS_COMPLETED_STREAM_ID to a session that is completed, or give the run a session that ends.',
    };
    this.#run.journal.unmet(unmet);
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

function headerOf(settings: Settings, { suite, contract, baseUrl }: RecordOptions): RecordingHeader {
  const { title, version, sha256 } = contract;
  return {
    format: RECORDING_FORMAT,
    suite,
    contract: { title, version, sha256 },
    target: { baseUrl },
    runId: randomUUID(),
    ...(settings.product === undefined ? {} : { product: settings.product }),
    startedAt: new Date().toISOString(),
    settings: recordedSettings(settings),
  };
}

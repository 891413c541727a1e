import { randomUUID } from 'node:crypto';
import type { Contract } from '../contract/types.ts';
import { credentialsOf } from '../http/credentials.ts';
import { redactorOf } from '../http/redactor-of.ts';
import { Journal } from '../recording/journal.ts';
import { type EarlierWords, RECORDING_FORMAT, type Recording, type RecordingHeader } from '../recording/recording.ts';
import { recordedSettings, type Settings } from '../settings/settings.ts';
import { startClock } from './clock.ts';
import { loadEarlierWords } from './earlier.ts';
import { neverMet } from './needs.ts';
import { planRun } from './plan.ts';
import { RunStopped } from './preflight.ts';
import { Interrupted } from './probe.ts';
import { Recorder, type RecordingProgress } from './recorder.ts';
import { Run } from './run.ts';
import { readSnapshots } from './snapshots.ts';

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
      for (const words of earlier) run.journal.add({ type: 'earlier', earlier: words });
      for (const unmet of neverMet(settings)) run.journal.add({ type: 'unmet', unmet });
      await recorder.conduct();
    } finally {
      run.end('interrupt');
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
      run.journal.add({ type: 'stream', stream: { streamId, origin: 'ids', state: 'completed' } });
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
  const clock = startClock((stall) => journal.add({ type: 'stall', stall }));
  const userAgent = `${options.suite.name}/${options.suite.version}`;
  const seconds = planRun(settings).longestRunSeconds;
  const run = new Run({ settings, baseUrl, credentials, journal, clock, userAgent, signal, seconds, earlier });
  try {
    await conduct(run, signal);
  } catch (error) {
    if (error instanceof RunStopped) {
      if ('failure' in error.stop) journal.add({ type: 'failure', failure: error.stop.failure });
      else journal.add({ type: 'unmet', unmet: error.stop.unmet });
    } else if (!(error instanceof Interrupted)) throw error;
  } finally {
    run.end('interrupt');
    if (run.timeIsUp)
      journal.lacks(
        'known-session',
        `the run reached its bound of ${seconds} s before it came to this`,
        'Raise WORDS_MAX_RUN_SECONDS, or see at the target what took so long.',
      );
    if (!signal.aborted) journal.add({ type: 'finish', finishedAt: new Date().toISOString() });
    clock.stop();
    journal.close();
  }
  // Stopped by a journal that could be written no further, not by the operator.
  broken.signal.throwIfAborted();
  return journal.recording();
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

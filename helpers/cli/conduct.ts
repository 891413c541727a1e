import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { loadContract } from '../contract/load.ts';
import { loadRequirements } from '../contract/requirements.ts';
import type { Contract } from '../contract/types.ts';
import type { Evidence } from '../judging/check.ts';
import { gatherEvidence } from '../judging/evidence.ts';
import { fileSha256, loadRecording, RecordingError, saveHar } from '../recording/load.ts';
import type { EarlierWords, Recording } from '../recording/recording.ts';
import { assess } from '../results/assess.ts';
import { buildResults } from '../results/build-results.ts';
import type { Results } from '../results/results.ts';
import { loadWaivers, WaiverFileError } from '../results/waivers.ts';
import type { Environment } from '../settings/environment.ts';
import type { OptionName } from '../settings/options.ts';
import { readSettings } from '../settings/read-settings.ts';
import type { Settings } from '../settings/settings.ts';
import { checks } from './checks.ts';
import { headsOf, readSelection, writeJudged } from './handover.ts';
import { type OutFiles, outFiles } from './out-files.ts';
import { type Progress, writeProgress } from './progress.ts';
import { readSuite } from './suite.ts';

/** The run stopped before its end, by the target's state or by the operator. The message says it once, with the remedy. */
class RunError extends Error {
  override readonly name = 'RunError';
}

export interface Conduct {
  readonly env: Environment;
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** Awaited when all that the run needs is read and valid: nothing is sent before it resolves. */
  readonly begun?: () => Promise<void>;
  /** Told, in a line, what the run is about to do and cost. */
  readonly announce?: (line: string) => void;
  /** Told of the finished run, to write what people read. */
  readonly publish?: (run: {
    readonly results: Results;
    readonly evidence: Evidence;
    readonly path: string;
  }) => Promise<void>;
}

/** Records the target, or takes the given recording, judges it, and leaves recording and judgement in the out folder. */
export async function conduct({ env, cwd, signal, begun, announce, publish }: Conduct): Promise<void> {
  const settings = readSettings(env, cwd);
  const files = outFiles(settings.out);
  // Mistakes in these are the operator's, to be told before anything is sent.
  const contract = loadContract(settings.contractPath);
  const requirements = loadRequirements();
  const { waiversPath } = settings;
  const waivers = waiversPath === undefined ? [] : await asSetting('WORDS_WAIVERS', () => loadWaivers(waiversPath));
  await loadProbes(settings);
  await begun?.();
  const recording = await obtainRecording(settings, contract, files, signal, announce);
  if (signal.aborted) throw new RunError('The run was interrupted.');
  letGoOfGarbage(recording);
  const evidence = gatherEvidence(recording, contract, requirements);
  const selected = readSelection(files);
  const assessment = assess(evidence, {
    checks,
    strict: settings.strict,
    ...(settings.profile === undefined ? {} : { profile: settings.profile }),
    waivers,
    today: new Date().toISOString().slice(0, 10),
    ...(selected === undefined ? {} : { selected }),
  });
  const results = buildResults(assessment, evidence, {
    ...(settings.product === undefined ? {} : { product: settings.product }),
    recordingSha256: await fileSha256(files.recording),
    files: {
      report: 'report.html',
      recording: 'recording.har',
      playwright: 'playwright/index.html',
      junit: 'junit.xml',
      results: 'results.json',
    },
  });
  writeJudged(files, { results, heads: headsOf(recording, results) });
  await publish?.({ results, evidence, path: files.report });
  if (recording.failure !== undefined && recording.failure.requirement === undefined)
    throw new RunError(`${recording.failure.message} ${recording.failure.remedy}`);
}

/** Reads the file that a setting names. Its errors name the file and the remedy; here they get the setting's name, too. */
async function asSetting<Value>(name: OptionName, read: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof RecordingError || error instanceof WaiverFileError)
      error.message = `${name}: ${error.message}`;
    throw error;
  }
}

/** Bytes of bodies below which garbage is cleared up early enough unasked. */
const MUCH = 8 * 2 ** 20;

/** What the network or a file left behind, before judging needs memory of its own. Where node runs without --expose-gc, nothing. */
function letGoOfGarbage({ exchanges }: Recording): void {
  const bytes = exchanges.reduce(
    (sum, { chunks }) => chunks.reduce((more, chunk) => more + chunk.bytes.length, sum),
    0,
  );
  if (bytes > MUCH) globalThis.gc?.();
}

/** So that a run which waits for its turn loses no time when it comes. */
async function loadProbes({ recordingPath, baseUrl }: Settings): Promise<void> {
  if (recordingPath !== undefined) return;
  await Promise.all([
    import('../probes/record.ts'),
    import('./print-plan.ts'),
    ...(baseUrl === null ? [import('../reference/server.ts')] : []),
  ]);
}

async function obtainRecording(
  settings: Settings,
  contract: Contract,
  files: OutFiles,
  signal: AbortSignal,
  announce: Conduct['announce'],
): Promise<Recording> {
  const { recordingPath } = settings;
  if (recordingPath !== undefined) {
    const recording = await asSetting('WORDS_RECORDING', () => loadRecording(recordingPath));
    announce?.(`Judging ${recordingPath}; nothing is sent.`);
    if (recordingPath !== files.recording) await saveHar(recording, files.recording);
    return recording;
  }
  const earlier = await earlierIn(settings, contract);
  // An earlier recording must not pass for one of this run, should it break off.
  rmSync(files.recording, { force: true });
  const [{ planRun }, { planSentence }] = await Promise.all([import('../probes/plan.ts'), import('./print-plan.ts')]);
  announce?.(planSentence(planRun(settings)));
  const recording = await recordTarget(settings, contract, files, signal, earlier);
  await saveHar(recording, files.recording);
  rmSync(files.journal, { force: true });
  return recording;
}

/** Read before this run writes where it may stand. */
async function earlierIn(settings: Settings, contract: Contract): Promise<readonly EarlierWords[] | undefined> {
  const { earlierRecordingPath } = settings;
  if (earlierRecordingPath === undefined) return undefined;
  const { loadEarlierWords } = await import('../probes/earlier.ts');
  return asSetting('WORDS_EARLIER_RECORDING', () => loadEarlierWords(earlierRecordingPath, contract));
}

async function recordTarget(
  settings: Settings,
  contract: Contract,
  files: OutFiles,
  signal: AbortSignal,
  earlier: readonly EarlierWords[] | undefined,
): Promise<Recording> {
  const options = {
    suite: readSuite(),
    contract,
    ...(earlier === undefined ? {} : { earlier }),
    journalPath: files.journal,
    signal,
    onProgress: (progress: Progress) => writeProgress(files.progress, progress),
  };
  const { record } = await import('../probes/record.ts');
  if (settings.baseUrl !== null) return record(settings, { ...options, baseUrl: settings.baseUrl });
  const { startReference } = await import('../reference/server.ts');
  const credential = (): string => randomBytes(18).toString('base64url');
  const [apiKey, bearerToken, otherApiKey] = [credential(), credential(), settings.otherApiKey ?? credential()];
  const reference = await startReference({
    speed: settings.speed,
    // Above what a run asks for in that time, below what the burst adds to it.
    rateLimit: settings.burst ? { max: 50, windowSeconds: 1 } : 'off',
    accounts: [
      { name: 'certified', apiKeys: [apiKey], bearerTokens: [bearerToken] },
      { name: 'other', apiKeys: [otherApiKey], bearerTokens: [] },
    ],
  });
  try {
    return await record({ ...settings, apiKey, bearerToken, otherApiKey }, { ...options, baseUrl: reference.baseUrl });
  } finally {
    await reference.close();
  }
}

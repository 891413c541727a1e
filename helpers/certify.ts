import { randomBytes } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { loadContract } from './contract/load.ts';
import { type Demands, requirementsOf } from './contract/requirement-sets.ts';
import { loadRequirements } from './contract/requirements.ts';
import type { Contract, RequirementId } from './contract/types.ts';
import { OperatorError } from './errors.ts';
import { loadRules } from './evidence/judge-again.ts';
import { redactorOf } from './http/redactor-of.ts';
import type { Check, Evidence } from './judging/check.ts';
import { evidenceOfWritten, gatherEvidence } from './judging/evidence.ts';
import { type Plan, planRun } from './probes/plan.ts';
import type { RecordingProgress } from './probes/recorder.ts';
import { fileSha256, loadRecording, saveHar } from './recording/load.ts';
import type { EarlierWords, Recording } from './recording/recording.ts';
import type { Redactor } from './recording/redact.ts';
import { assess } from './results/assess.ts';
import { buildResults } from './results/build-results.ts';
import { type ComparedRun, compareRuns } from './results/comparison.ts';
import { errorResults } from './results/error-results.ts';
import { headsOf, writeJudged } from './results/judged.ts';
import { judgedBy } from './results/judged-by.ts';
import type { Results } from './results/results.ts';
import type { RunFolder } from './results/run-folder.ts';
import { loadWaivers, type WaiverEntry } from './results/waivers.ts';
import type { OptionName } from './settings/options.ts';
import type { Settings } from './settings/settings.ts';
import { COMMAND, readSuite } from './suite.ts';
import { writing } from './write-file.ts';

export interface CertifyOptions {
  /** The folder `settings.out`, locked for this run. */
  readonly folder: RunFolder;
  readonly checks: readonly Check[];
  /** Names this run to whoever shows what it judged. */
  readonly run?: string;
  /** The ids that the operator's filter leaves in; absent: all. Where it is empty nothing is sent. */
  readonly selection?: ReadonlySet<RequirementId> | undefined;
  /** Stops the run: it closes what bills on, keeps what it has recorded, and comes to the verdict `error`. */
  readonly signal?: AbortSignal;
  /** Called once, before anything is sent. */
  readonly onPlan?: (plan: Plan) => void;
  readonly onProgress?: (progress: RecordingProgress) => void;
  /** Called with what went wrong in the suite itself, for its stack. */
  readonly onFault?: (error: unknown) => void;
}

/**
 * Records the target, or loads a recording, judges it, and writes everything that people read. Whatever happens, it resolves
 * with what it says in `results.json`, or would have said where that could not be written: a failure is the verdict `error`.
 */
export async function certify(settings: Settings, options: CertifyOptions): Promise<Results> {
  return new Certification(settings, options).run();
}

const SUITE = readSuite();
const REPORTED_FILES = {
  report: 'report.html',
  recording: 'recording.har',
  junit: 'junit.xml',
  results: 'results.json',
};

class Certification {
  readonly #settings: Settings;
  readonly #options: CertifyOptions;
  readonly #signal: AbortSignal;
  readonly #startedAt = new Date().toISOString();
  readonly #redactor: Redactor;
  #contract: Contract | null = null;
  #baseline: ComparedRun | undefined;
  /** What is written of what was recorded: without credentials. */
  #written: Recording | null = null;
  /** The file that holds what this run has recorded so far. */
  #recordedPath: string | undefined;

  constructor(settings: Settings, options: CertifyOptions) {
    const { signal, folder } = options;
    this.#settings = settings;
    this.#options = options;
    this.#redactor = redactorOf(settings);
    this.#signal = AbortSignal.any(signal === undefined ? [folder.taken] : [signal, folder.taken]);
  }

  async run(): Promise<Results> {
    const { files } = this.#options.folder;
    try {
      // It may be what stands in this very folder.
      this.#baseline = await this.#readBaseline();
      this.#options.folder.begin(
        this.#errorResults(
          'The run did not finish.',
          `Where ${files.journal} stands, it is judged by: ${COMMAND} judge ${files.journal}`,
        ),
      );
      const { contract, demands, earlier, waivers } = await this.#readFiles();
      if (this.#options.selection?.size === 0)
        throw new OperatorError(
          'No requirement matches the filter; nothing was sent.',
          `${COMMAND} list names the requirements that --grep looks at.`,
        );
      this.#signal.throwIfAborted();
      const recording = await this.#obtainRecording(contract, earlier);
      this.#signal.throwIfAborted();
      return await this.#judge(recording, contract, demands, waivers);
    } catch (error) {
      return this.#conclude(error);
    }
  }

  async #readBaseline(): Promise<ComparedRun | undefined> {
    const { baselinePath, contractPath } = this.#settings;
    if (baselinePath === undefined) return undefined;
    const { readRun } = await import('./evidence/compared-run.ts');
    return asSetting('WORDS_BASELINE', () => readRun(baselinePath, loadRules(this.#options.checks, contractPath)));
  }

  /** What changed since the baseline; nothing where none was given. */
  async #comparison(results: Results, written: Recording): Promise<Pick<Results, 'comparison'>> {
    if (this.#baseline === undefined) return {};
    const { comparedRun } = await import('./evidence/compared-run.ts');
    const rules = loadRules(this.#options.checks, this.#settings.contractPath);
    return { comparison: compareRuns(this.#baseline, comparedRun('this run', rules, written, results)) };
  }

  /** Mistakes in these are found before anything is sent. */
  async #readFiles() {
    const { waiversPath, contractPath, earlierRecordingPath } = this.#settings;
    const contract = loadContract(contractPath);
    this.#contract = contract;
    const demands = requirementsOf(this.#settings.requirementSet, loadRequirements(), contract.sha256);
    const waivers: readonly WaiverEntry[] =
      waiversPath === undefined ? [] : await asSetting('WORDS_WAIVERS', () => loadWaivers(waiversPath));
    // Read before this run writes where it may stand.
    const earlier: readonly EarlierWords[] =
      earlierRecordingPath === undefined
        ? []
        : await asSetting('WORDS_EARLIER_RECORDING', async () =>
            (await import('./probes/earlier.ts')).loadEarlierWords(earlierRecordingPath, contract),
          );
    return { contract, demands, waivers, earlier };
  }

  async #obtainRecording(contract: Contract, earlier: readonly EarlierWords[]): Promise<Recording> {
    const { folder, onPlan } = this.#options;
    const { recordingPath } = this.#settings;
    const { recording: harPath, journal } = folder.files;
    if (recordingPath !== undefined) {
      const loaded = await asSetting('WORDS_RECORDING', () => loadRecording(recordingPath));
      const recording = judgedBy(this.#settings, loaded, { contract, requirements: loadRequirements() });
      onPlan?.(planRun(this.#settings));
      this.#written = this.#redactor.recording(recording);
      if (recordingPath !== harPath) {
        await keepEarlier(harPath);
        await this.#save({ ...this.#written, settings: loaded.settings });
      }
      return recording;
    }
    await loadBeforeSending();
    await keepEarlier(harPath);
    await keepEarlier(journal);
    onPlan?.(planRun(this.#settings));
    this.#recordedPath = journal;
    const recording = await this.#record(contract, earlier);
    this.#written = this.#redactor.recording(recording);
    await this.#save(this.#written);
    this.#recordedPath = harPath;
    rmSync(journal, { force: true });
    return recording;
  }

  async #save(written: Recording): Promise<void> {
    this.#options.folder.check();
    await saveHar(written, this.#options.folder.files.recording);
  }

  async #record(contract: Contract, earlier: readonly EarlierWords[]): Promise<Recording> {
    const settings = this.#settings;
    const { folder, onProgress } = this.#options;
    const { record } = await import('./probes/record.ts');
    const options = {
      suite: SUITE,
      contract,
      earlier,
      journalPath: folder.files.journal,
      signal: this.#signal,
      ...(onProgress === undefined ? {} : { onProgress }),
    };
    if (settings.baseUrl !== null) return record(settings, { ...options, baseUrl: settings.baseUrl });
    await using embedded = await startEmbedded(settings);
    return await record(embedded.settings, { ...options, baseUrl: embedded.baseUrl });
  }

  async #judge(
    recording: Recording,
    contract: Contract,
    demands: Demands,
    waivers: readonly WaiverEntry[],
  ): Promise<Results> {
    const { folder, checks, selection, run = '' } = this.#options;
    const { strict, profile, product, playwrightReport } = this.#settings;
    const evidence = gatherEvidence(recording, contract, demands.requirements);
    const written = this.#written ?? recording;
    const assessment = assess(evidence, {
      checks,
      strict,
      ...(profile === undefined ? {} : { profile }),
      waivers,
      today: new Date().toISOString().slice(0, 10),
      ...(selection === undefined ? {} : { selected: selection }),
      foreign: this.#settings.recordingPath !== undefined,
      written,
    });
    const judged = this.#redactor.value(
      buildResults(assessment, evidence, {
        ...(product === undefined ? {} : { product }),
        requirementSet: demands.set,
        recordingSha256: await fileSha256(folder.files.recording),
        files: { ...REPORTED_FILES, ...(playwrightReport ? { playwright: 'playwright/index.html' } : {}) },
      }),
    );
    const results = { ...judged, ...(await this.#comparison(judged, written)) };
    await this.#writeReport(results, evidenceOfWritten(evidence, written));
    await this.#writeJunit(results);
    writeJudged(folder.files.judged, { run, results, heads: headsOf(written, results) });
    folder.writeResults(results);
    return results;
  }

  async #writeReport(results: Results, { requirements, subscriptions }: Partial<Evidence> = {}): Promise<void> {
    const { report } = this.#options.folder.files;
    const [{ writeReport }] = await reportModules();
    await writeReport({
      results,
      recording: this.#written,
      contract: this.#contract,
      requirements: requirements ?? loadRequirements(),
      ...(subscriptions === undefined ? {} : { subscriptions }),
      path: report,
    });
  }

  async #writeJunit(results: Results): Promise<void> {
    const { junit } = this.#options.folder.files;
    const [, { writeJunit }] = await reportModules();
    await writeJunit(junit, results);
  }

  /** Says why the run did not come to a verdict on the target, everywhere that can be written to. */
  async #conclude(error: unknown): Promise<Results> {
    const results = this.#errorResults(...this.#explain(error));
    const { folder, run = '' } = this.#options;
    const { judged } = folder.files;
    // The first reason is the one to tell. Where this one cannot be written, what stands in results.json is `error`, too.
    for (const write of [
      // What they take up may be what the results lack.
      () => folder.removeReports(),
      () => folder.writeResults(results),
      () => this.#writeReport(results),
      () => this.#writeJunit(results),
      () => writeJudged(judged, { run, results, heads: {} }),
    ])
      try {
        folder.check();
        await write();
      } catch (another) {
        if (!(another instanceof OperatorError)) this.#options.onFault?.(another);
      }
    return results;
  }

  #explain(error: unknown): [reason: string, remedy: string | undefined] {
    const { signal, folder, onFault } = this.#options;
    const recorded = existing(this.#recordedPath);
    const judgeAgain = recorded && `What was recorded is judged by: ${COMMAND} judge ${recorded}`;
    const { taken } = folder;
    const cause = taken.aborted ? taken.reason : signal?.aborted ? signal.reason : error;
    if (cause instanceof DOMException && cause.name === 'AbortError') return ['The run was interrupted.', judgeAgain];
    if (cause instanceof OperatorError)
      return [cause.message, [cause.remedy, judgeAgain].filter(Boolean).join(' ') || undefined];
    onFault?.(cause);
    return [
      `The suite itself failed: ${cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)}`,
      `Nothing is counted against the target. Report this${recorded ? ` with ${recorded}` : ''}.`,
    ];
  }

  #errorResults(reason: string, remedy: string | undefined): Results {
    return this.#redactor.value(
      errorResults({
        reason,
        ...(remedy === undefined ? {} : { remedy }),
        suite: SUITE,
        baseUrl: this.#settings.baseUrl ?? '',
        startedAt: this.#startedAt,
        finishedAt: new Date().toISOString(),
      }),
    );
  }
}

/** An earlier run's recording must not pass for this one's, and is not lost: its new name begins its SHA-256. */
async function keepEarlier(path: string): Promise<void> {
  if (!existsSync(path)) return;
  const digest = (await fileSha256(path)).slice(0, 8);
  writing(path, () => renameSync(path, path.replace(/\.\w+$/, `-${digest}$&`)));
}

function existing(path: string | undefined): string | undefined {
  return path !== undefined && existsSync(path) ? path : undefined;
}

/** Reads the file that a setting names. Its errors name the file; here they get the setting's name, too. */
async function asSetting<Value>(name: OptionName, read: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof OperatorError) error.message = `${name}: ${error.message}`;
    throw error;
  }
}

/** Loading code takes the processor: it is done before the first request, whose answer is timed. */
async function loadBeforeSending(): Promise<void> {
  await Promise.all([import('./probes/record.ts'), reportModules()]);
}

function reportModules() {
  return Promise.all([import('../reports/page/write-report.ts'), import('../reports/junit.ts')]);
}

/** The embedded reference server, with credentials that are made up for this run. */
async function startEmbedded(settings: Settings) {
  const { startReference } = await import('./reference/server.ts');
  const credential = (): string => randomBytes(18).toString('base64url');
  const [apiKey, bearerToken, otherApiKey] = [credential(), credential(), settings.otherApiKey ?? credential()];
  const reference = await startReference({
    speed: settings.speed,
    // Above what a run asks for in that time, below what the burst adds to it.
    rateLimit: settings.burst ? { max: 55, windowSeconds: 3 } : 'off',
    accounts: [
      { name: 'certified', apiKeys: [apiKey], bearerTokens: [bearerToken] },
      { name: 'other', apiKeys: [otherApiKey], bearerTokens: [] },
    ],
  });
  return {
    baseUrl: reference.baseUrl,
    settings: { ...settings, apiKey, bearerToken, otherApiKey },
    [Symbol.asyncDispose]: () => reference.close(),
  };
}

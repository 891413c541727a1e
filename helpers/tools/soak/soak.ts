import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { certify } from '../../certify.ts';
import { checks } from '../../cli/checks.ts';
import { InternalError, OperatorError } from '../../errors.ts';
import type { RequirementResult, Results } from '../../results/results.ts';
import { RunFolder } from '../../results/run-folder.ts';
import { readSettings } from '../../settings/read-settings.ts';
import type { Settings } from '../../settings/settings.ts';

export interface SoakRun {
  readonly seconds: number;
  readonly verdict: Results['verdict'];
  readonly reason: string;
  /** All that did not pass and was not declared out of the run. */
  readonly unpassed: readonly Pick<RequirementResult, 'id' | 'outcome' | 'reason' | 'violations'>[];
}

export interface SoakOptions {
  readonly runs: number;
  /** Of the reference server: seconds of speech in a second of time. */
  readonly speed: number;
  /** Cores to keep busy with something else. */
  readonly busy: number;
  /** For failed runs: where their recordings go, for judging them again. */
  readonly keep?: string;
  readonly onRun?: (run: SoakRun, index: number) => void;
  readonly signal?: AbortSignal;
}

/** Certifies the reference server again and again, while something else keeps the cores busy. */
export async function soak({ runs, speed, busy, keep, onRun, signal }: SoakOptions): Promise<readonly SoakRun[]> {
  const done: SoakRun[] = [];
  await using _load = keepCoresBusy(busy);
  for (let index = 0; index < runs && signal?.aborted !== true; index += 1) {
    const run = await certifyOnce(speed, keep && join(keep, `run-${index + 1}`), signal);
    done.push(run);
    onRun?.(run, index);
  }
  return done;
}

/** Whether a run found a breach in a target that conforms, or failed itself. */
export function isFailed({ verdict, unpassed }: SoakRun): boolean {
  return verdict === 'non-conformant' || verdict === 'error' || unpassed.some(({ outcome }) => outcome === 'fail');
}

async function certifyOnce(speed: number, keep: string | undefined, signal: AbortSignal | undefined): Promise<SoakRun> {
  const from = performance.now();
  const out = keep ?? mkdtempSync(join(tmpdir(), 'words-soak-'));
  const env = { WORDS_OUT: out, WORDS_BASE_URL: 'embedded', WORDS_SPEED: String(speed) };
  // Not the suite's folder: its .env is for other targets.
  const settings = readSettings(env, dirname(out));
  const results = await certifyInto(settings, signal);
  const run = runOf(results, from);
  if (keep === undefined || !isFailed(run)) rmSync(out, { recursive: true, force: true });
  return run;
}

async function certifyInto(settings: Settings, signal: AbortSignal | undefined): Promise<Results> {
  using folder = new RunFolder(settings.out);
  const running = certify(settings, { folder, checks, ...(signal === undefined ? {} : { signal }) });
  if (!refusesAnother(settings.out)) throw new InternalError(`Two runs work in ${settings.out} at the same time.`);
  return await running;
}

/** Each run of the soak has a second one started in its folder. */
function refusesAnother(out: string): boolean {
  try {
    new RunFolder(out)[Symbol.dispose]();
    return false;
  } catch (error) {
    return error instanceof OperatorError;
  }
}

function runOf({ verdict, reason, requirements }: Results, from: number): SoakRun {
  return {
    seconds: Math.round(performance.now() - from) / 1000,
    verdict,
    reason,
    unpassed: requirements.filter(({ outcome }) => outcome !== 'pass' && outcome !== 'not-applicable'),
  };
}

/** Keeps every core busy until it is disposed of, or this process is gone. */
function keepCoresBusy(cores: number = availableParallelism()): AsyncDisposable {
  const workers = Array.from({ length: cores }, () => new Worker('for (;;);', { eval: true }));
  for (const worker of workers) worker.unref();
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { conduct } from '../../cli/conduct.ts';
import { readJudged } from '../../cli/handover.ts';
import { outFiles } from '../../cli/out-files.ts';
import type { RequirementResult, Results } from '../../results/results.ts';
import { keepCoresBusy } from './busy-cores.ts';

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

/** Whether a run held something against a target that conforms, or failed itself. */
export function isFailed({ verdict, unpassed }: SoakRun): boolean {
  return verdict === 'non-conformant' || verdict === 'error' || unpassed.some(({ outcome }) => outcome === 'fail');
}

async function certifyOnce(speed: number, keep: string | undefined, signal: AbortSignal | undefined): Promise<SoakRun> {
  const from = performance.now();
  const out = keep ?? mkdtempSync(join(tmpdir(), 'words-soak-'));
  const env = { WORDS_OUT: out, WORDS_BASE_URL: 'embedded', WORDS_SPEED: String(speed) };
  let told: SoakRun | undefined;
  try {
    // Not the suite's folder: its .env is for other targets.
    await conduct({ env, cwd: dirname(out), signal: signal ?? new AbortController().signal });
    told = runOf(readJudged(outFiles(out))?.results, from);
  } catch (error) {
    told = { ...runOf(undefined, from), reason: error instanceof Error ? error.message : String(error) };
  }
  if (keep === undefined || !isFailed(told)) rmSync(out, { recursive: true, force: true });
  return told;
}

function runOf(results: Results | undefined, from: number): SoakRun {
  return {
    seconds: Math.round(performance.now() - from) / 1000,
    verdict: results?.verdict ?? 'error',
    reason: results?.reason ?? 'Nothing was judged.',
    unpassed: (results?.requirements ?? []).filter(({ outcome }) => outcome !== 'pass' && outcome !== 'not-applicable'),
  };
}

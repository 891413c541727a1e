import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { EXIT_CODES, type Results, VERDICTS } from '../results/results.ts';
import type { Environment } from '../settings/environment.ts';
import type { Settings } from '../settings/settings.ts';
import type { Invocation } from './flags.ts';
import { beginUnlessBegun, judgeAgain } from './handover.ts';
import { type Interruption, listenForInterruption } from './interruption.ts';
import { type OutFiles, outFiles } from './out-files.ts';
import { startRecorder } from './start-recorder.ts';
import { writeErrorResults } from './write-error-results.ts';

export interface PlaywrightRun {
  readonly settings: Settings;
  readonly env: Environment;
  readonly invocation: Invocation;
  readonly suite: Results['suite'];
}

const MODES: Readonly<Record<Invocation['task'], readonly string[]>> = {
  certify: [],
  plan: [],
  list: ['--list'],
  ui: ['--ui'],
};

/** Runs Playwright to its end and says with which code to exit: 0 to 3, by the verdict. */
export async function runPlaywright({ settings, env, invocation, suite }: PlaywrightRun): Promise<number> {
  const { task } = invocation;
  const files = outFiles(settings.out);
  const baseUrl = settings.baseUrl ?? '';
  const argv = [...MODES[task], ...invocation.playwrightArguments];
  using interruption = listenForInterruption();
  if (task !== 'certify') {
    const { code } = await playwright(argv, env, interruption).ended;
    return code === 0 ? 0 : EXIT_CODES.error;
  }
  // Results of an earlier run must never pass for those of this one, however this one ends.
  writeErrorResults(settings.out, suite, {
    reason: UNFINISHED,
    remedy: `Where ${files.journal} stands, it is judged by: WORDS_RECORDING=${files.journal} npm run certify`,
    baseUrl,
  });
  const { code, signal } = await recordBeside(argv, files, env, interruption);
  const { verdict, reason } = resultsIn(files.results);
  const how = `Playwright ended with ${signal ?? `code ${code}`}`;
  // Its reporters, which tell everything else, came to no end.
  if (reason === UNFINISHED)
    return fail(signal === 'SIGINT' ? 'The run was interrupted.' : `The run did not finish: ${how}.`);
  if (verdict === 'conformant' && code !== 0) return fail(`${how} although nothing was found wrong.`);
  return EXIT_CODES[verdict];

  async function fail(why: string): Promise<number> {
    const remedy = judgeAgain(files);
    const results = writeErrorResults(settings.out, suite, { reason: why, baseUrl, ...(remedy && { remedy }) });
    const { writeJunit } = await import('../../reports/junit.ts');
    await writeJunit(files.junit, results);
    process.stderr.write(`${[why, remedy].filter((line) => line !== undefined).join('\n  ')}\n`);
    return EXIT_CODES.error;
  }
}

/** What results.json says until there is a verdict. */
export const UNFINISHED = 'The run did not finish.';
/** Set in a process that is to stop when the one that started it goes, and that has started the recorder. */
export const ATTENDED = 'SUITE_ATTENDED';
/** What Playwright sends when it needs the recorder no more. */
export const RELEASE = 'release';

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The recorder starts first, and records while Playwright loads. */
async function recordBeside(
  argv: readonly string[],
  files: OutFiles,
  env: Environment,
  interruption: Interruption,
): Promise<Exit> {
  const recorder = startRecorder(files, env);
  // A filter may leave nothing to judge, which only Playwright knows: no session may be opened for that.
  if (argv.length === 0) beginUnlessBegun(files);
  const { child, ended } = playwright(argv, { ...env, [ATTENDED]: '1' }, interruption);
  const interruptPlaywright = interruption.act;
  interruption.act = () => {
    interruptPlaywright();
    // Told at once, and not by way of Playwright, which may still be loading: nothing more is sent.
    void recorder.release();
  };
  child.on('message', (message) => {
    if (message === RELEASE) void recorder.release();
  });
  const exit = await ended;
  await recorder.release();
  return exit;
}

function playwright(
  argv: readonly string[],
  { SUITE_SELFTEST: _, ...env }: Environment,
  interruption: Interruption,
): { readonly child: ChildProcess; readonly ended: Promise<Exit> } {
  const cli = createRequire(import.meta.url).resolve('@playwright/test/cli');
  const child = spawn(process.execPath, [cli, 'test', ...argv], {
    // The channel tells the child when this process is gone, however it went.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env,
  });
  // Playwright winds up on SIGINT, so that what was recorded is kept; on the others it would just die.
  interruption.act = () => void child.kill('SIGINT');
  const ended = new Promise<Exit>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  return { child, ended };
}

function resultsIn(path: string): Pick<Results, 'verdict' | 'reason'> {
  try {
    const { verdict, reason } = JSON.parse(readFileSync(path, 'utf8')) as Partial<Results>;
    return { verdict: VERDICTS.find((known) => known === verdict) ?? 'error', reason: reason ?? '' };
  } catch {
    // Results that cannot be read prove nothing.
    return { verdict: 'error', reason: UNFINISHED };
  }
}

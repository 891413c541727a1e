import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { EXIT_CODES, type Results, VERDICTS } from '../results/results.ts';
import type { Environment } from '../target/environment.ts';
import type { Settings } from '../target/settings.ts';
import type { Invocation } from './flags.ts';
import { beginUnlessBegun } from './handover.ts';
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
  if (task !== 'certify') {
    const { code } = await playwright(argv, env).ended;
    return code === 0 ? 0 : EXIT_CODES.error;
  }
  // Results of an earlier run must never pass for those of this one, however this one ends.
  writeErrorResults(settings.out, suite, {
    reason: UNFINISHED,
    remedy: `What it had recorded is judged by: WORDS_RECORDING=${files.journal} npm run certify`,
    baseUrl,
  });
  const { code, signal } = await recordBeside(argv, files, env);
  const verdict = verdictIn(files.results);
  if (verdict !== 'conformant' || code === 0) return EXIT_CODES[verdict];
  const reason = `Playwright ended with ${signal ?? `code ${code}`} although nothing was found wrong.`;
  writeErrorResults(settings.out, suite, { reason, baseUrl });
  process.stderr.write(`${reason}\n`);
  return EXIT_CODES.error;
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
async function recordBeside(argv: readonly string[], files: OutFiles, env: Environment): Promise<Exit> {
  const recorder = startRecorder(files, env);
  // A filter may leave nothing to judge, which only Playwright knows: no session may be opened for that.
  if (argv.length === 0) beginUnlessBegun(files);
  const { child, ended } = playwright(argv, { ...env, [ATTENDED]: '1' });
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
): { readonly child: ChildProcess; readonly ended: Promise<Exit> } {
  const cli = createRequire(import.meta.url).resolve('@playwright/test/cli');
  const child = spawn(process.execPath, [cli, 'test', ...argv], {
    // The channel tells the child when this process is gone, however it went.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env,
  });
  // Playwright winds up on SIGINT, so that what was recorded is kept; on the others it would just die.
  const interrupt = (): void => void child.kill('SIGINT');
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, interrupt);
  const ended = new Promise<Exit>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const name of signals) process.off(name, interrupt);
      resolve({ code, signal });
    });
  });
  return { child, ended };
}

function verdictIn(path: string): Results['verdict'] {
  try {
    const results: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof results === 'object' && results !== null && 'verdict' in results)
      return VERDICTS.find((verdict) => verdict === results.verdict) ?? 'error';
  } catch {
    // Results that cannot be read prove nothing.
  }
  return 'error';
}

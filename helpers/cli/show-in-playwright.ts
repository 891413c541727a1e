import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RequirementId } from '../contract/types.ts';
import { EXIT_CODES } from '../results/results.ts';
import type { Environment } from '../settings/environment.ts';
import { readSettings } from '../settings/read-settings.ts';
import { CODE_EXTENSION } from '../suite.ts';
import type { Given } from './command.ts';
import { playwrightGrep } from './filter.ts';

const CONFIG = fileURLToPath(new URL(`../../playwright.config${CODE_EXTENSION}`, import.meta.url));

/** Lets Playwright show a finished judgement as its own report. Resolves with why it could not; undefined where it could. */
export async function showInPlaywright(given: {
  readonly out: string;
  readonly run: string;
  readonly selection: readonly RequirementId[] | undefined;
  readonly workers: unknown;
  readonly signal: AbortSignal;
}): Promise<string | undefined> {
  const { out, run, selection, workers, signal } = given;
  const argv = [
    // What the setup project does is done.
    '--project=conformance',
    '--no-deps',
    ...(selection === undefined ? [] : [`--grep=${playwrightGrep(selection)}`]),
    ...(workers === undefined ? [] : [`--workers=${workers}`]),
  ];
  // Credentials are not needed to show what was judged.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('WORDS_')));
  const how = await playwright(argv, { ...env, WORDS_OUT: out, SUITE_RUN: run, SUITE_JUDGED: '1' }, signal);
  return how === 0 ? undefined : `it ended with ${typeof how === 'number' ? `code ${how}` : how}`;
}

/** Playwright's interface, whose runs record and judge by themselves. Resolves with the exit code. */
export async function openInterface({ env, cwd, flags, signal }: Given): Promise<number> {
  const { out } = readSettings(env, cwd);
  const argv = ['--ui'];
  for (const [name, value] of [
    ['ui-host', flags.uiHost],
    ['ui-port', flags.uiPort],
    ['workers', flags.workers],
    ['grep', flags.grep],
    ['grep-invert', flags.grepInvert],
  ] as const)
    if (value !== undefined) argv.push(`--${name}=${value}`);
  const how = await playwright(argv, { ...env, WORDS_OUT: out }, signal);
  return how === 0 ? 0 : EXIT_CODES.error;
}

/** Resolves with the exit code, or with the signal that ended it. */
function playwright(
  argv: readonly string[],
  { SUITE_SELFTEST: _, ...env }: Environment,
  signal: AbortSignal,
): Promise<number | NodeJS.Signals> {
  const cli = createRequire(import.meta.url).resolve('@playwright/test/cli');
  const child = spawn(process.execPath, [cli, 'test', '--config', CONFIG, ...argv], {
    cwd: dirname(CONFIG),
    stdio: 'inherit',
    env,
  });
  const stop = (): boolean => child.kill('SIGINT');
  signal.addEventListener('abort', stop);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, by) => {
      signal.removeEventListener('abort', stop);
      resolve(code ?? by ?? EXIT_CODES.error);
    });
  });
}

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { EXIT_CODES, type Results, VERDICTS } from '../results/results.ts';
import type { Settings } from '../target/settings.ts';
import type { Invocation } from './flags.ts';
import { outFiles } from './out-files.ts';
import { writeErrorResults } from './write-error-results.ts';

export interface PlaywrightRun {
  readonly settings: Settings;
  readonly env: Readonly<Record<string, string | undefined>>;
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
  // Results of an earlier run must never pass for those of this one, however this one ends.
  if (task === 'certify')
    writeErrorResults(settings.out, suite, {
      reason: 'The run did not finish.',
      remedy: `What it had recorded is judged by: WORDS_RECORDING=${files.journal} npm run certify`,
      baseUrl,
    });
  const { code, signal } = await playwright([...MODES[task], ...invocation.playwrightArguments], env);
  if (task !== 'certify') return code === 0 ? 0 : EXIT_CODES.error;
  const verdict = verdictIn(files.results);
  if (verdict !== 'conformant' || code === 0) return EXIT_CODES[verdict];
  const reason = `Playwright ended with ${signal ?? `code ${code}`} although nothing was found wrong.`;
  writeErrorResults(settings.out, suite, { reason, baseUrl });
  process.stderr.write(`${reason}\n`);
  return EXIT_CODES.error;
}

/** Set in a process that is to stop when the one that started it goes. */
export const ATTENDED = 'SUITE_ATTENDED';

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

function playwright(
  argv: readonly string[],
  { SUITE_SELFTEST: _, ...env }: Readonly<Record<string, string | undefined>>,
): Promise<Exit> {
  const cli = createRequire(import.meta.url).resolve('@playwright/test/cli');
  const child = spawn(process.execPath, [cli, 'test', ...argv], {
    // The channel tells the child when this process is gone, however it went.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...env, [ATTENDED]: '1' },
  });
  // Playwright winds up on SIGINT, so that what was recorded is kept; on the others it would just die.
  const interrupt = (): void => void child.kill('SIGINT');
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, interrupt);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const name of signals) process.off(name, interrupt);
      resolve({ code, signal });
    });
  });
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

import { CommanderError } from 'commander';
import { EXIT_CODES } from '../results/results.ts';
import { type Environment, withDotenv } from '../settings/environment.ts';
import { mistakeLine, SettingsError } from '../settings/mistakes.ts';
import { outFolder, outMistakes } from '../settings/out-folder.ts';
import { readSettings } from '../settings/read-settings.ts';
import type { Settings } from '../settings/settings.ts';
import { type Invocation, readFlags } from './flags.ts';
import { outFiles } from './out-files.ts';
import { runPlaywright } from './run-playwright.ts';
import { readSuite } from './suite.ts';

const USAGE_ERROR = EXIT_CODES.error;
const suite = readSuite();

async function main(argv: readonly string[], cwd: string): Promise<number> {
  let invocation: Invocation;
  try {
    invocation = readFlags(argv, suite.version);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    await leaveError(process.env, cwd, { reason: error.message.replace(/^error: /, '') });
    return USAGE_ERROR;
  }
  const env = { ...withDotenv(process.env, cwd), ...invocation.settings };
  let settings: Settings;
  try {
    settings = readSettings(env, cwd);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    await refuse(error, env, cwd, invocation.task);
    return USAGE_ERROR;
  }
  if (invocation.task === 'plan') {
    const { printPlan } = await import('./print-plan.ts');
    printPlan(settings, { json: invocation.json });
    return 0;
  }
  return runPlaywright({ settings, env, invocation, suite });
}

/** Says every mistake once, on the terminal and, where that can be written, in results.json. */
async function refuse(error: SettingsError, env: Environment, cwd: string, task: Invocation['task']): Promise<void> {
  const { mistakes } = error;
  const many = mistakes.length === 1 ? 'A setting is wrong' : `${mistakes.length} settings are wrong`;
  process.stderr.write(
    `${many}; nothing was sent.\n${mistakes.map((mistake) => `  ${mistakeLine(mistake)}\n`).join('')}`,
  );
  if (task === 'certify')
    await leaveError(env, cwd, {
      reason: `${many}: ${mistakes.map(({ name, message }) => `${name} ${message}`).join('; ')}.`,
      remedy: [...new Set(mistakes.map(({ remedy }) => remedy))].join(' '),
    });
}

async function leaveError(
  env: Environment,
  cwd: string,
  why: { readonly reason: string; readonly remedy?: string },
): Promise<void> {
  const out = outFolder(env, cwd);
  if (outMistakes(env.WORDS_OUT, out, cwd).length > 0) return;
  const [{ writeErrorResults }, { writeJunit }] = await Promise.all([
    import('./write-error-results.ts'),
    import('../../reports/junit.ts'),
  ]);
  await writeJunit(outFiles(out).junit, writeErrorResults(out, suite, why));
}

process.exitCode = await main(process.argv.slice(2), process.cwd()).catch((error: unknown) => {
  process.stderr.write(`The suite itself failed: ${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
  return EXIT_CODES.error;
});

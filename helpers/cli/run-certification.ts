import { randomUUID } from 'node:crypto';
import { printableLines } from '../judging/findings.ts';
import { EXIT_CODES, type Results } from '../results/results.ts';
import { readSettings } from '../settings/read-settings.ts';
import type { Given } from './command.ts';
import { selectedBy } from './filter.ts';

/** Records or loads, judges, and shows the judgement. Resolves with the exit code. */
export async function runCertification({ env, cwd, flags, signal }: Given): Promise<number> {
  const settings = readSettings(env, cwd);
  const selection = selectedBy(flags)?.map(({ id }) => id);
  const [{ certify }, { redactorOf }, { checks }, { RunFolder }, { ProgressDisplay }, { planSentence }, { announce }] =
    await Promise.all([
      import('../certify.ts'),
      import('../http/redactor-of.ts'),
      import('./checks.ts'),
      import('../results/run-folder.ts'),
      import('./progress.ts'),
      import('./plan.ts'),
      import('../../reports/announce.ts'),
    ]);
  const redactor = redactorOf(settings);
  using folder = new RunFolder(settings.out);
  using display = new ProgressDisplay(process.stdout);
  const run = randomUUID();
  const results = await certify(settings, {
    folder,
    checks,
    run,
    selection: selection && new Set(selection),
    signal,
    onPlan: (plan) => display.line(redactor.text(planSentence(plan))),
    onProgress: (progress) => display.show(progress),
    // What stopped the run from outside has been printed by whoever stopped it.
    onFault: (error) =>
      void (error !== signal.reason && process.stderr.write(`${printableLines(redactor.text(stackOf(error)))}\n`)),
  });
  display[Symbol.dispose]();
  await announce(results, { out: settings.out, cwd, env: process.env });
  if (!settings.playwrightReport || results.requirements.length === 0) return EXIT_CODES[results.verdict];
  process.stdout.write('Writing Playwright’s report; WORDS_PLAYWRIGHT_REPORT=0 leaves it out.\n');
  const { showInPlaywright } = await import('./show-in-playwright.ts');
  const failure = await showInPlaywright({ out: settings.out, run, selection, workers: flags.workers, signal });
  if (failure === undefined) return EXIT_CODES[results.verdict];
  process.stderr.write(`${unshown(failure, results)}\n`);
  return EXIT_CODES.error;
}

function unshown(failure: string, { verdict }: Results): string {
  return `Playwright's report could not be made: ${failure}. The judgement (${verdict}) stands in results.json; WORDS_PLAYWRIGHT_REPORT=0 leaves Playwright out.`;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

import { randomUUID } from 'node:crypto';
import { defineConfig, type ReporterDescription } from '@playwright/test';
import { withDotenv } from './helpers/settings/environment.ts';
import { mistakeLine } from './helpers/settings/mistakes.ts';
import { outFiles } from './helpers/settings/out-files.ts';
import { markOutFolder, outFolder, outMistakes } from './helpers/settings/out-folder.ts';
import { CODE_EXTENSION } from './helpers/suite.ts';
import type { CertificationOptions } from './helpers/test.ts';

// A worker has other arguments than the command line: the choice is handed on by the environment.
const SELFTEST = process.argv.includes('--project=selftest') || process.env.SUITE_SELFTEST === '1';
if (SELFTEST) process.env.SUITE_SELFTEST = '1';

export default SELFTEST ? selftest() : certification();

/** Before Playwright writes there. @throws where the folder is none that a run may replace things in. */
function claim(out: string): void {
  const mistakes = outMistakes(process.env.WORDS_OUT, out);
  if (mistakes.length > 0) throw new Error(mistakes.map(mistakeLine).join('\n'));
  markOutFolder(out);
}

/** Without a project named, `npx playwright test` certifies the target that the settings name. */
function certification() {
  const root = import.meta.dirname;
  // The command line has judged already, and its judgement is only shown.
  const isJudged = process.env.SUITE_JUDGED === '1';
  if (!isJudged) {
    // Proxies and certificates may stand in .env as well as settings.
    Object.assign(process.env, withDotenv(process.env, root));
  }
  const out = outFolder(process.env, root);
  if (!isJudged && process.env.TEST_WORKER_INDEX === undefined) {
    process.env.SUITE_RUN = randomUUID();
    if (!process.argv.includes('--list')) claim(out);
  }
  const files = outFiles(out);
  // Attached for language models to every failure; a finding has its own attachments.
  process.env.PLAYWRIGHT_NO_COPY_PROMPT = '1';
  return defineConfig<object, CertificationOptions>({
    testDir: 'specs',
    retries: 0,
    // The tests take milliseconds: a second process would take longer to start than they run.
    workers: 1,
    forbidOnly: true,
    outputDir: files.artifacts,
    reporter: certificationReporters(),
    use: { out, checks: { load: async () => (await import('./specs/checks.ts')).checks } },
    projects: [
      // The first is the one that the interface (--ui) shows unasked.
      {
        name: 'conformance',
        testMatch: `*.spec${CODE_EXTENSION}`,
        testIgnore: 'selftest/**',
        dependencies: ['record'],
      },
      { name: 'record', testMatch: `record.setup${CODE_EXTENSION}`, timeout: 0 },
    ],
  });

  function certificationReporters(): ReporterDescription[] {
    if (process.argv.includes('--list')) return [['list']];
    const own: ReporterDescription = [`./reports/playwright-reporter${CODE_EXTENSION}`, { out, root, isJudged }];
    if (process.argv.includes('--ui')) return [own];
    return [own, ['html', { outputFolder: files.playwright, open: 'never', title: 'words-conformance' }]];
  }
}

function selftest() {
  return defineConfig({
    testDir: 'specs',
    fullyParallel: true,
    retries: 0,
    forbidOnly: process.env.CI !== undefined,
    outputDir: 'reports/out/selftest',
    reporter: [['list'], ['json', { outputFile: 'reports/out/selftest.json' }]],
    // No measure of speed: they end a test that hangs, and a wait for what never comes.
    timeout: 10 * 60_000,
    expect: { timeout: 60_000 },
    // More than the two processors of a small machine: most of them wait for sessions that speak.
    workers: 3,
    projects: [
      { name: 'selftest', testDir: 'specs/selftest', dependencies: ['compile'] },
      { name: 'compile', testDir: 'specs/selftest', testMatch: 'compile.setup.ts' },
    ],
  });
}

import { defineConfig, type ReporterDescription } from '@playwright/test';
import { outFiles } from './helpers/cli/out-files.ts';
import { setReported } from './helpers/cli/reported.ts';
import { withDotenv } from './helpers/settings/environment.ts';
import { mistakeLine } from './helpers/settings/mistakes.ts';
import { outFolder, outMistakes } from './helpers/settings/out-folder.ts';

// A worker has other arguments than the command line: the choice is handed on by the environment.
const SELFTEST = process.argv.includes('--project=selftest') || process.env.SUITE_SELFTEST === '1';
if (SELFTEST) process.env.SUITE_SELFTEST = '1';

export default SELFTEST ? selftest() : certification();

/** Without a project named, `npx playwright test` certifies the target that the settings name. */
function certification() {
  // Proxies and certificates may stand in .env as well as settings.
  Object.assign(process.env, withDotenv(process.env, import.meta.dirname));
  const out = outFolder(process.env, import.meta.dirname);
  const files = outFiles(out);
  // Attached for language models to every failure; a finding has its own attachments.
  process.env.PLAYWRIGHT_NO_COPY_PROMPT = '1';
  if (process.env.TEST_WORKER_INDEX === undefined) {
    setReported(false);
    checkOut(out);
  }
  return defineConfig<object, { out: string }>({
    testDir: 'specs',
    retries: 0,
    // The tests take milliseconds: a second process would take longer to start than they run.
    workers: 1,
    forbidOnly: true,
    outputDir: files.artifacts,
    globalSetup: './helpers/cli/global-setup.ts',
    reporter: certificationReporters(),
    use: { out },
    projects: [
      // The first is the one that the interface (--ui) shows unasked.
      { name: 'conformance', testMatch: '*.spec.ts', testIgnore: 'selftest/**', dependencies: ['record'] },
      { name: 'record', testMatch: 'record.setup.ts', timeout: 0 },
    ],
  });

  function certificationReporters(): ReporterDescription[] {
    if (process.argv.includes('--list')) return [['list']];
    if (process.argv.includes('--ui')) return [['null']];
    return [
      ['./reports/results-reporter.ts', { out }],
      ['html', { outputFolder: files.playwright, open: 'never', title: 'words-conformance' }],
      ['./reports/terminal-reporter.ts', { out }],
      ...(process.env.GITHUB_ACTIONS === 'true'
        ? [['./reports/github-reporter.ts', { out }] as ReporterDescription]
        : []),
    ];
  }
}

/** In the process of the command line alone. Throws where the folder is none that a run may replace things in. */
function checkOut(out: string): void {
  if (process.argv.includes('--list')) return;
  const mistakes = outMistakes(process.env.WORDS_OUT, out, import.meta.dirname);
  if (mistakes.length > 0) throw new Error(mistakes.map(mistakeLine).join('\n'));
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
    // Most of them wait for sessions that speak, which costs no processor.
    workers: 2,
    projects: [{ name: 'selftest', testDir: 'specs/selftest' }],
  });
}

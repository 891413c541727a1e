import { defineConfig, type ReporterDescription } from '@playwright/test';
import { outFiles } from './helpers/certify/out-files.ts';
import { withDotenv } from './helpers/target/environment.ts';
import { outFolder } from './helpers/target/out-folder.ts';

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
  return defineConfig<object, { out: string }>({
    testDir: 'specs',
    retries: 0,
    // The tests of a recorded run take milliseconds: a second process would take longer to start than they run.
    workers: 1,
    forbidOnly: true,
    outputDir: files.artifacts,
    reporter: process.argv.includes('--list') ? 'list' : certificationReporters(),
    use: { out },
    projects: [
      { name: 'record', testMatch: 'record.setup.ts', timeout: 0 },
      { name: 'conformance', testMatch: '*.spec.ts', testIgnore: 'selftest/**', dependencies: ['record'] },
    ],
  });

  function certificationReporters(): ReporterDescription[] {
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

function selftest() {
  return defineConfig({
    testDir: 'specs',
    fullyParallel: true,
    retries: 0,
    forbidOnly: process.env.CI !== undefined,
    outputDir: 'reports/out/selftest',
    reporter: [['list']],
    projects: [{ name: 'selftest', testDir: 'specs/selftest', workers: 2 }],
  });
}

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from '@playwright/test';
import type { JSONReport, JSONReportSuite, JSONReportTestResult } from '@playwright/test/reporter';
import { combined } from '../../../helpers/mutants/index.ts';
import { startReference } from '../../../helpers/reference/server.ts';
import { certify, resultsIn, startCertify } from '../support/certify.ts';

// A run takes as long as its session and the machine need.
test.describe.configure({ timeout: 0 });

const PLAYWRIGHT = createRequire(import.meta.url).resolve('@playwright/test/cli');
const ACCOUNT = { name: 'certified', apiKeys: ['breaches-key-4711'], bearerTokens: ['breaches-token-4711'] };
const BROKEN = ['times-in-milliseconds', 'unauthorized-without-challenge', 'not-found-is-an-empty-object'];

test('many failures are shown by one worker, and are failures to Playwright and whatever reports for it', async () => {
  const target = await startReference({ accounts: [ACCOUNT], speed: 6, ...combined(BROKEN) });
  const out = test.info().outputPath('out');
  const run = await certify([], {
    WORDS_BASE_URL: target.baseUrl,
    WORDS_API_KEY: 'breaches-key-4711',
    WORDS_BEARER_TOKEN: 'breaches-token-4711',
    WORDS_AVATAR_ID: 'avatar',
    WORDS_VOICE_ID: 'voice',
    WORDS_STRICT: '1',
    WORDS_OUT: out,
    WORDS_PLAYWRIGHT_REPORT: '1',
    PW_TEST_REPORTER: 'json',
    PLAYWRIGHT_JSON_OUTPUT_FILE: `${out}/playwright.json`,
  });
  await target.close();
  const failed = failedIn(out);
  expect(failed.length).toBeGreaterThanOrEqual(BROKEN.length);
  expect(run.code).toBe(1);
  const shown = shownIn(`${out}/playwright.json`);
  expect(shown.filter(({ isUnexpected }) => isUnexpected).map(({ id }) => id)).toEqual(failed);
  expect(new Set(shown.map(({ result }) => result.workerIndex)).size).toBe(1);

  const again = test.info().outputPath('again');
  const few = ['auth.challenge', 'ordering.seconds'];
  const rejudged = await startCertify(
    ['test', '--reporter=json', `--grep=${few.join('|')}`],
    {
      WORDS_RECORDING: `${out}/recording.har`,
      WORDS_STRICT: '1',
      WORDS_OUT: again,
      PLAYWRIGHT_JSON_OUTPUT_FILE: `${again}/playwright.json`,
      // Left over from a run that was watched.
      SUITE_REPORTED: '1',
    },
    { entry: PLAYWRIGHT },
  ).ended;
  expect(rejudged.code, 'where the suite does not report, its failures fail all the same').toBe(1);
  const unreported = shownIn(`${again}/playwright.json`).filter(({ isUnexpected }) => isUnexpected);
  expect(unreported.map(({ id }) => id)).toEqual(failed.filter((id) => few.includes(id)));
  expect(unreported).toHaveLength(few.length);
});

function failedIn(out: string): readonly string[] {
  return resultsIn(out)
    .requirements.filter(({ outcome }) => outcome === 'fail')
    .map(({ id }) => id)
    .sort();
}

interface Shown {
  readonly id: string;
  readonly isUnexpected: boolean;
  readonly result: JSONReportTestResult;
}

/** By id. */
function shownIn(path: string): readonly Shown[] {
  const { suites } = JSON.parse(readFileSync(path, 'utf8')) as JSONReport;
  return suites.flatMap(shownBy).sort((left, right) => (left.id < right.id ? -1 : 1));
}

function shownBy({ specs, suites = [] }: JSONReportSuite): readonly Shown[] {
  const own = specs.flatMap(({ title, ok, tests }) =>
    tests
      .filter(({ projectName }) => projectName === 'conformance')
      .flatMap(({ results }) =>
        results.map((result) => ({ id: title.split(':')[0] ?? '', isUnexpected: !ok, result })),
      ),
  );
  return [...own, ...suites.flatMap(shownBy)];
}

import { readFile } from 'node:fs/promises';
import { firstAndMore } from '../../../helpers/results/finding.ts';
import type { Results } from '../../../helpers/results/results.ts';
import { faultyJudgements, faultyRecording } from '../support/faulty-run.ts';
import { conformingExchanges, judgedAs, recordingOf, reportIn } from '../support/reports.ts';
import { expect, NONE, openReport, test } from './browser-test.ts';

test('a conforming run answers the first question, and shows what results.json says', async ({ page }, info) => {
  const { path } = await reportIn(info.outputPath(), recordingOf(conformingExchanges()), judgedAs({}));
  const misdeeds = await openReport(page, path);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('✓ Conformant');
  await expect(page.locator('.verdict')).toContainText('May this implementation ship? Yes.');
  await expect(page.getByText('No rule was found broken.')).toBeVisible();
  await expect(page.getByText('Everything was verified.')).toBeVisible();
  expect(misdeeds).toEqual(NONE);
});

test('the page and results.json say the same of every requirement', async ({ page }, info) => {
  const recording = faultyRecording();
  const { path } = await reportIn(info.outputPath(), recording, judgedAs(faultyJudgements(recording)));
  const results = JSON.parse(await readFile(info.outputPath('results.json'), 'utf8')) as Results;
  await openReport(page, path);
  const shown = await page.locator('details.row').evaluateAll((rows) =>
    rows.map((row) => ({
      id: row.id,
      outcome: (row as HTMLElement).dataset.outcome,
      level: row.querySelector('.level')?.textContent,
      sentence: row.querySelector('.sentence')?.textContent,
      violations: [...row.querySelectorAll('.violation h4')].map((heading) => heading.textContent?.trim()),
    })),
  );
  const byId = (a: { id: string }, b: { id: string }) => a.id.localeCompare(b.id);
  expect(shown.toSorted(byId)).toEqual(
    results.requirements
      .map(({ id, outcome, level, sentence, violations }) => ({
        id,
        outcome,
        level,
        sentence,
        violations: violations.map(({ message }) => message),
      }))
      .toSorted(byId),
  );
  await expect(page.locator('details.row', { hasText: '34 violations' })).toHaveAttribute(
    'id',
    'ordering.across-batches',
  );
  await expect(page.locator('.verdict')).toContainText(
    '6 not verified: 5 not applicable (left out by the settings of this run), 1 inconclusive (the run could not tell).',
  );
  for (const [outcome, count] of Object.entries(results.counts))
    await expect(page.locator(`.count.${outcome} b`)).toHaveText(count > 0 ? [String(count)] : []);
});

test('how many more violations there are is what the other surfaces say, and how many of them are listed', async ({
  page,
}, info) => {
  const violations = Array.from({ length: 20 }, () => ({ message: 'x', expected: [], actual: 'y', exchange: null }));
  const checks = judgedAs({ 'http.status': { violations, violationCount: 71 } });
  const { path, results } = await reportIn(info.outputPath(), recordingOf(conformingExchanges()), checks);
  await openReport(page, path);
  const row = page.locator('[id="http.status"]');
  await expect(row.locator('summary').first()).toContainText('71 violations');
  await expect(row.locator('.more > summary')).toHaveText('70 more violations like this one, 19 of them listed');
  await expect(row.locator('.more .violation')).toHaveCount(19);
  expect(results.requirements.map(firstAndMore)).toContain('x (and 70 more)');
});

test('the first screen names target, date, contract, suite, settings, cost, findings and what is missing', async ({
  page,
}, info) => {
  const recording = faultyRecording();
  const { path, results } = await reportIn(info.outputPath(), recording, judgedAs(faultyJudgements(recording)), {
    cost: { requests: 42, subscriptions: 3, sessionSeconds: 14.2, estimatedUsd: 0.71 },
  });
  await openReport(page, path);
  const run = page.getByRole('region', { name: 'The run' });
  for (const text of [
    'http://target.test',
    '22 November 2026 at 12:00:00 UTC',
    'HeyGen External API 1.0.0',
    results.contract.sha256,
    'words-conformance 0.0.0',
    '42 requests, 3 subscriptions, 14.2 s of session, billed at about 0.71 USD by the list price',
    'credentials: API key, bearer token',
    'strict mode off',
    'times of live, late and snapshot compared to 1 ms',
    'Duration5 s',
    'Streamstream-1',
  ])
    await expect(run).toContainText(text);
  const causes = page.getByRole('region', { name: 'Findings' }).locator('.cause');
  await expect(causes.first().locator('summary')).toContainText(['ordering.across-batches']);
  await expect(causes.last().locator('summary')).toContainText(['auth.challenge']);
  const unverified = page.getByRole('region', { name: /Not verified/ });
  await expect(unverified).toContainText('To do: Let the session speak for at least 10 s.');
  await expect(unverified.getByRole('listitem').filter({ hasText: 'WORDS_BURST=1' })).toContainText('4 rules');
});

test('a run that never recorded still has a report', async ({ page }, info) => {
  const { path } = await reportIn(info.outputPath(), recordingOf([]), judgedAs({}), {
    verdict: 'error',
    reason: 'WORDS_BASE_URL is no URL.',
    remedy: 'Give an absolute http or https URL.',
    requirements: [],
    settings: null,
    target: { baseUrl: '' },
  });
  const misdeeds = await openReport(page, path);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('‼ Error');
  await expect(page.locator('.verdict')).toContainText('Give an absolute http or https URL.');
  await expect(page.getByText('No requirement was judged.')).toBeVisible();
  expect(misdeeds).toEqual(NONE);
});

test('the files beside it are linked', async ({ page }, info) => {
  const { path } = await reportIn(info.outputPath(), recordingOf(conformingExchanges()), judgedAs({}), {
    files: { playwright: 'playwright/index.html', results: 'results.json', recording: 'recording.har' },
  });
  await openReport(page, path);
  const links = page.getByRole('navigation').locator('a.file');
  expect(await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')))).toEqual([
    'playwright/index.html',
    'results.json',
    'recording.har',
  ]);
  await page.getByRole('link', { name: 'results.json', exact: true }).click();
  await expect(page).toHaveURL(/results\.json$/);
});

import { faultyJudgements, faultyRecording } from '../support/faulty-run.ts';
import { contract, judgedAs, reportIn } from '../support/reports.ts';
import { expect, NONE, openReport, test } from './browser-test.ts';

let path = '';
test.beforeEach(async ({ page: _ }, info) => {
  const recording = faultyRecording();
  ({ path } = await reportIn(info.outputPath(), recording, judgedAs(faultyJudgements(recording))));
});

test('a count of the first screen leads to its rows', async ({ page }) => {
  await openReport(page, path);
  await page.getByRole('link', { name: '3 failed' }).click();
  await expect(page.locator('#findings')).toBeInViewport();
});

test('a link to a row opens it, and the area that it is folded into', async ({ page }) => {
  await openReport(page, path, '#batching.time-cap');
  const row = page.locator('[id="batching.time-cap"]');
  await expect(row).toHaveAttribute('open', '');
  await expect(row.locator('summary')).toBeFocused();
  await expect(row).toBeInViewport();
});

test('a row shows the quote in its place, expected, actual, place, bytes and the command', async ({ page }) => {
  await openReport(page, path, '#batching.word-cap');
  const row = page.locator('[id="batching.word-cap"]');
  const quote = row.locator('.yaml').first();
  expect((await quote.locator('mark').allTextContents()).join(' ')).toBe(
    'Punctuation is emitted as its own word event. Batches are capped at ~1s of audio or 10 words, whichever comes first.',
  );
  const numbers = (await quote.locator('.number').allTextContents()).map(Number);
  const first = numbers[1] ?? 0;
  expect(contract.text.split('\n')[first - 1]).toContain('Batches are');

  const violation = row.locator('.violation').first();
  await expect(violation).toContainText('at most 10 word events in a batch');
  await expect(violation).toContainText('12 word events');
  await expect(violation).toContainText(
    'subscriber "first", event 0, byte 0, at 4.795 s of the run, 4.695 s after the request',
  );
  await expect(violation.locator('pre.text')).toContainText('data: {"words":[{"word":"Good"');
  await expect(violation.locator('pre.hex')).toHaveCount(0);
  await expect(violation.locator('pre.command')).toContainText('WORDS_API_KEY');

  await violation.getByRole('link', { name: 'subscriber "first"' }).click();
  const exchange = page.locator('#wire-first');
  await expect(exchange).toHaveAttribute('open', '');
  await expect(exchange.locator('tr.broken')).toHaveCount(2);
  await expect(exchange).toContainText('x-api-key: $WORDS_API_KEY');
});

test('the command is copied', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const misdeeds = await openReport(page, path, '#batching.word-cap');
  const violation = page.locator('[id="batching.word-cap"] .violation').first();
  await violation.getByRole('button', { name: 'Copy the command' }).click();
  await expect(violation.getByRole('button', { name: 'Copied' })).toBeVisible();
  const command = await violation.locator('pre.command').textContent();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(command);
  expect(misdeeds).toEqual(NONE);
});

test('every link inside the page leads somewhere', async ({ page }) => {
  await openReport(page, path);
  const dangling = await page
    .locator('a[href^="#"]')
    .evaluateAll((links) =>
      links.map((link) => link.getAttribute('href') ?? '').filter((href) => !document.getElementById(href.slice(1))),
    );
  expect(dangling).toEqual([]);
});

test('without a script the page still holds every finding', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await openReport(page, path);
  await expect(page.locator('[id="batching.word-cap"] .violation').first()).toBeVisible();
  await expect(page.getByText('the snapshot and subscriber "first" differ in 3 places')).toBeVisible();
  await context.close();
});

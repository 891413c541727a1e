import { readFile, stat } from 'node:fs/promises';
import type { SpokenWord } from '../support/recordings.ts';
import { conformingExchanges, judgedAs, recordingOf, reportIn, speech } from '../support/reports.ts';
import { expect, NONE, openReport, test } from './browser-test.ts';

const TWO_MEGABYTES = 2_000_000;

/** Twelve thousand words with a vocabulary and times that do not repeat, so that nothing compresses by luck. */
function hourOfSpeech(): SpokenWord[] {
  let seed = 7;
  const random = () => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    return seed / 2 ** 31;
  };
  return speech(12_000).map(([text, start], index) => {
    const from = Math.round((start + random() * 0.02) * 1000) / 1000;
    const word = /\w/.test(text) ? `${text}${(index * 7919) % 3001}` : text;
    return [word, from, Math.round((from + 0.05 + random() * 0.1) * 1000) / 1000];
  });
}

test('one hour on six subscriptions stays below two megabytes and opens', async ({ page }, info) => {
  const { path } = await reportIn(info.outputPath(), recordingOf(conformingExchanges(hourOfSpeech())), judgedAs({}));
  expect((await stat(path)).size).toBeLessThanOrEqual(TWO_MEGABYTES);
  const misdeeds = await openReport(page, path);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByText('hold the same 12,000 words: tokens, times and order.')).toHaveCount(5);
  // Its two ends, and what lies between them said in a line.
  await expect(page.locator('.stave')).toHaveCount(2);
  await expect(page.locator('.passed')).toHaveText(/… 3,9\d0 seconds without a finding: 1\d,\d{3} words/);
  expect(await page.locator('#wire-first tbody tr').count()).toBeLessThan(30);
  await expect(page.locator('#wire-first .left-out')).toContainText(
    /events 13 to [\d,]+ left out: bytes [\d,]+ to [\d,]+ of the body, in log\.entries\[0\] of recording\.har/,
  );
  expect(misdeeds).toEqual(NONE);
});

test('even six subscriptions that agree in no word stay below two megabytes', async ({ page }, info) => {
  const words = hourOfSpeech();
  const exchanges = Array.from({ length: 6 }, (_, index) =>
    conformingExchanges(
      words.map(([text, start, end]): SpokenWord => [text, start + index / 1000, end + index / 1000]),
    ),
  ).map((all, index) => all.filter(({ purpose }) => purpose.kind === 'subscription')[index]);
  const { path } = await reportIn(
    info.outputPath(),
    recordingOf(exchanges.filter((exchange) => exchange !== undefined)),
    judgedAs({}),
  );
  expect((await stat(path)).size).toBeLessThanOrEqual(TWO_MEGABYTES);
  const misdeeds = await openReport(page, path);
  await expect(page.getByText('They differ too much to be aligned word by word.').first()).toBeAttached();
  expect(await page.locator('.stave').count()).toBeLessThan(10);
  expect(misdeeds).toEqual(NONE);
});

test('the page loads nothing: no address in it but links', async ({ page: _ }, info) => {
  const { path } = await reportIn(info.outputPath(), recordingOf(conformingExchanges()), judgedAs({}));
  const markup = (await readFile(path, 'utf8')).replace(/<script[^>]*>[\s\S]*?<\/script>/g, '');
  expect(markup.match(/\s(src|srcset|action|data|poster|background)\s*=\s*["'][^"']+/g)).toBeNull();
  expect(markup.match(/<(link|img|iframe|object|embed|base|form)\b[^>]*(href|src)[^>]*/g)).toEqual([
    '<link rel="icon" href="data:,"',
  ]);
  expect(markup).not.toMatch(/url\(|@import/);
});

import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { faultyJudgements, faultyRecording } from '../support/faulty-run.ts';
import { conformingExchanges, delivered, judgedAs, recordingOf, reportIn } from '../support/reports.ts';
import { expect, isDrawn, NONE, openReport, test } from './browser-test.ts';

type Kind = 'conforming' | 'faulty' | 'empty' | 'unrecorded';
const KINDS: readonly Kind[] = ['conforming', 'faulty', 'empty', 'unrecorded'];

async function reportOf(kind: Kind, folder: string): Promise<string> {
  if (kind === 'conforming') return (await reportIn(folder, recordingOf(conformingExchanges()), judgedAs({}))).path;
  if (kind === 'empty') return (await reportIn(folder, recordingOf([delivered('first', [])]), judgedAs({}))).path;
  if (kind === 'unrecorded')
    return (
      await reportIn(folder, recordingOf([]), judgedAs({}), { verdict: 'error', requirements: [], settings: null })
    ).path;
  const recording = faultyRecording();
  return (await reportIn(folder, recording, judgedAs(faultyJudgements(recording)))).path;
}

async function openEverything(page: Page): Promise<void> {
  await page.locator('details').evaluateAll((all) => {
    for (const details of all) (details as HTMLDetailsElement).open = true;
  });
}

test.describe('axe finds nothing', () => {
  // axe puts its own script into the page.
  test.use({ bypassCSP: true });
  // It looks at every element of a long page: on a busy machine that takes its time.
  test.describe.configure({ timeout: 0 });
  for (const kind of KINDS)
    for (const colorScheme of ['light', 'dark'] as const)
      test(`in the report of a run that is ${kind}, ${colorScheme}`, async ({ page }, info) => {
        await page.emulateMedia({ colorScheme });
        await openReport(page, await reportOf(kind, info.outputPath()));
        await openEverything(page);
        const { violations } = await new AxeBuilder({ page })
          .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
          .analyze();
        expect(violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html.slice(0, 200)) }))).toEqual(
          [],
        );
      });
});

test('neither a phone nor 200 % zoom needs sideways scrolling', async ({ page }, info) => {
  await openReport(page, await reportOf('faulty', info.outputPath()));
  await openEverything(page);
  for (const width of [320, 375, 640, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  }
});

test('the keyboard reaches the matrix, opens a row and copies no focus away', async ({ page }, info) => {
  await openReport(page, await reportOf('faulty', info.outputPath()));
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'To the matrix' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('#matrix')).toBeInViewport();
  const row = page.locator('[id="batching.time-cap"]');
  await row.locator('summary').focus();
  await page.keyboard.press('Enter');
  await expect(row).toHaveAttribute('open', '');
  await page.keyboard.press(' ');
  await expect(row).not.toHaveAttribute('open', '');
});

test('paper gets every row open, in the colours of paper, and the screen is as before', async ({ page }, info) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  const misdeeds = await openReport(page, await reportOf('faulty', info.outputPath()));
  await page.getByRole('searchbox', { name: 'Text' }).fill('batching');
  await page.evaluate(() => {
    addEventListener('beforeprint', () => {
      document.body.dataset.closed = String(document.querySelectorAll('details:not([open])').length);
    });
  });
  const pdf = await page.pdf({ path: info.outputPath('report.pdf'), format: 'A4', printBackground: true });
  expect(pages(pdf)).toBeGreaterThan(10);
  await expect(page.locator('body')).toHaveAttribute('data-closed', '0');
  expect(await page.locator('details[open]').count()).toBe(0);
  await expect(page.locator('details.row:visible')).toHaveCount(3);
  // A printer's colour scheme is light; at beforeprint a browser may still be in the colours of the screen.
  await page.emulateMedia({ media: 'print', colorScheme: 'light' });
  await expect
    .poll(() => page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--paper')))
    .toBe('#fff');
  await expect(page.locator('details.row:visible')).toHaveCount(71);
  await expect(page.locator('button:visible, #filters:visible')).toHaveCount(0);
  await page.emulateMedia({ media: 'screen' });
  await expect.poll(() => isDrawn(page, '[data-timeline="0"]')).toBe(true);
  expect(misdeeds).toEqual(NONE);
});

test('paper gets every row without a script as well', async ({ browser }, info) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await openReport(page, await reportOf('faulty', info.outputPath()));
  expect(pages(await page.pdf({ format: 'A4' }))).toBeGreaterThan(10);
  await context.close();
});

test('an empty session says that there is nothing to draw', async ({ page }, info) => {
  const misdeeds = await openReport(page, await reportOf('empty', info.outputPath()));
  await expect(page.getByText('No words were delivered: there is nothing to draw.')).toBeVisible();
  await expect(page.locator('.picture')).toHaveCount(0);
  await expect(page.locator('#wire-first')).toContainText('event: end');
  expect(misdeeds).toEqual(NONE);
});

function pages(pdf: Buffer): number {
  return pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
}

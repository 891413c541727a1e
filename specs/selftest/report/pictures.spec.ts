import type { Locator, Page } from '@playwright/test';
import { faultyJudgements, faultyRecording } from '../support/faulty-run.ts';
import { conformingExchanges, judgedAs, recordingOf, reportIn, speech } from '../support/reports.ts';
import { expect, isDrawn, NONE, openReport, test } from './browser-test.ts';

const TIMELINE = '[data-timeline="0"]';
const ARRIVAL = '[data-arrival="0"]';

async function faultyReport(folder: string): Promise<string> {
  const recording = faultyRecording();
  return (await reportIn(folder, recording, judgedAs(faultyJudgements(recording)))).path;
}

test('both pictures are drawn, in light, dark and at a phone’s width', async ({ page }, info) => {
  const path = await faultyReport(info.outputPath());
  const misdeeds = await openReport(page, path);
  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [1280, 375]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await expect.poll(() => isDrawn(page, TIMELINE)).toBe(true);
      await expect.poll(() => isDrawn(page, ARRIVAL)).toBe(true);
    }
  expect(misdeeds).toEqual(NONE);
});

test('zooms by keyboard, and says what is shown', async ({ page }, info) => {
  await openReport(page, await faultyReport(info.outputPath()));
  const timeline = page.locator(TIMELINE);
  await timeline.scrollIntoViewIfNeeded();
  const shown = timeline.getByRole('status', { name: 'Shown' });
  await expect(shown).toHaveText('0 s to 13.18 s');
  await press(timeline, 'Zoom in');
  await expect(shown).toHaveText('3.29 s to 9.88 s');
  await press(timeline, 'Later');
  await expect(shown).toHaveText('6.59 s to 13.18 s');
  await press(timeline, 'Earlier');
  await press(timeline, 'Zoom in');
  await expect(shown).toHaveText('4.94 s to 8.24 s');
  await press(timeline, 'Zoom out');
  await press(timeline, 'Whole session');
  await expect(shown).toHaveText('0 s to 13.18 s');
});

test('the wheel zooms with Ctrl, and without it scrolls the page', async ({ page }, info) => {
  await openReport(page, await faultyReport(info.outputPath()));
  const timeline = page.locator(TIMELINE);
  await timeline.scrollIntoViewIfNeeded();
  const shown = timeline.getByRole('status', { name: 'Shown' });
  await expect(shown).toHaveText('0 s to 13.18 s');
  await timeline.locator('.chart').hover();
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -300);
  await page.keyboard.up('Control');
  await expect(shown).not.toHaveText('0 s to 13.18 s');
  const [zoomed, before] = [await shown.textContent(), await page.evaluate(() => scrollY)];
  await page.mouse.wheel(0, 200);
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(before);
  await expect(shown).toHaveText(zoomed ?? '');
});

test('a violation leads to its place in the timeline, and its mark leads back', async ({ page }, info) => {
  await openReport(page, await faultyReport(info.outputPath()), '#snapshot.equals-live');
  const violation = page.locator('[id="snapshot.equals-live-violation-1"]');
  await violation.getByRole('button', { name: 'Show in the timeline' }).click();
  const timeline = page.locator(TIMELINE);
  await expect(timeline).toBeInViewport();
  await expect(timeline.locator('[data-readout]')).toContainText('snapshot.equals-live: The snapshot lacks one word');
  await expect(timeline.getByRole('status', { name: 'Shown' })).not.toHaveText('0 s to 13.18 s');

  await press(timeline, 'Whole session');
  await clickOn(page, timeline, 'ordering.across-batches: Word 19');
  await expect(page).toHaveURL(/#ordering\.across-batches-violation-1$/);
  await expect(page.locator('[id="ordering.across-batches-violation-1"]')).toBeInViewport();
  await expect(page.locator('[id="ordering.across-batches"]')).toHaveAttribute('open', '');
});

test('steps from violation to violation', async ({ page }, info) => {
  await openReport(page, await faultyReport(info.outputPath()));
  const timeline = page.locator(TIMELINE);
  await timeline.scrollIntoViewIfNeeded();
  const readout = timeline.locator('[data-readout]');
  const seen: string[] = [];
  for (let step = 0; step < 4; step++) {
    await press(timeline, 'Next violation');
    seen.push((await readout.textContent())?.split(':')[0] ?? '');
  }
  expect(seen).toEqual(['batching.word-cap', 'batching.word-cap', 'snapshot.equals-live', 'ordering.across-batches']);
  await press(timeline, 'Previous violation');
  await expect(readout).toContainText('snapshot.equals-live');
});

test('differences between subscriptions are listed like a diff', async ({ page }, info) => {
  await openReport(page, await faultyReport(info.outputPath()));
  await expect(page.getByText('late and first hold the same 40 words: tokens, times and order.')).toBeVisible();
  const places = page.locator('.diff > li');
  await expect(places).toHaveCount(3);
  await expect(places.first().locator('del')).toHaveText('− We 3.33 – 3.54 s');
  await expect(page.locator('.diff ins').first()).toContainText('+ first 6.29 – 6.635 s');
});

test('subscriptions can be taken out of the arrival plot', async ({ page }, info) => {
  await openReport(page, await faultyReport(info.outputPath()));
  const arrival = page.locator(ARRIVAL);
  await expect.poll(() => isDrawn(page, ARRIVAL)).toBe(true);
  // The colour of the third line.
  const snapshotShows = () =>
    arrival.locator('canvas').evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const { data } = (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height) ?? {
        data: [],
      };
      for (let at = 0; at < data.length; at += 4)
        if (data[at] === 0x00 && data[at + 1] === 0x79 && data[at + 2] === 0x5a) return true;
      return false;
    });
  await expect.poll(snapshotShows).toBe(true);
  await arrival.getByRole('checkbox', { name: 'snapshot' }).uncheck();
  await expect.poll(snapshotShows).toBe(false);
  await arrival.getByRole('checkbox', { name: 'snapshot' }).check();
  await expect.poll(snapshotShows).toBe(true);
});

test('one wild time does not squeeze the rest out of sight', async ({ page }, info) => {
  const words = speech(34).map((word, index) =>
    index === 20 ? ([word[0], 1_760_000_000, 1_760_000_001] as const) : word,
  );
  const { path } = await reportIn(info.outputPath(), recordingOf(conformingExchanges(words)), judgedAs({}));
  const misdeeds = await openReport(page, path);
  const timeline = page.locator(TIMELINE);
  await timeline.scrollIntoViewIfNeeded();
  await expect(timeline.getByRole('status', { name: 'Shown' })).toHaveText(/^0 s to 1\d(\.\d+)? s$/);
  expect(misdeeds).toEqual(NONE);
});

async function press(timeline: Locator, name: string): Promise<void> {
  await timeline.getByRole('button', { name, exact: true }).press('Enter');
}

/** Moves over the first lane's row of marks until the readout names the one that is looked for, and clicks it. */
async function clickOn(page: Page, timeline: Locator, says: string): Promise<void> {
  const chart = timeline.locator('.chart');
  const readout = timeline.locator('[data-readout]');
  const box = await chart.boundingBox();
  if (!box) throw new Error('the chart is not shown');
  for (let x = 4; x < box.width; x += 6) {
    await page.mouse.move(box.x + x, box.y + 54);
    if ((await readout.textContent())?.startsWith(says)) return page.mouse.click(box.x + x, box.y + 54);
  }
  throw new Error(`nothing in the picture says “${says}”`);
}

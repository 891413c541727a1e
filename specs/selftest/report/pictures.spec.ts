import { faultyJudgements, faultyRecording } from '../support/faulty-run.ts';
import { conformingExchanges, judgedAs, recordingOf, reportIn, speech } from '../support/reports.ts';
import { expect, NONE, openReport, test } from './browser-test.ts';

async function faultyReport(folder: string): Promise<string> {
  const recording = faultyRecording();
  return (await reportIn(folder, recording, judgedAs(faultyJudgements(recording)))).path;
}

test('both pictures stand in the page, without a script as well', async ({ browser }, info) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await openReport(page, await faultyReport(info.outputPath()));
  await expect(page.locator('.stave')).toHaveCount(2);
  const first = page.locator('.stave').first();
  for (const text of ['subscriber "first"; subscriber "late": 40 words in', 'Good', 'morning', '✗ 12'])
    await expect(first.locator('text', { hasText: text }).first()).toBeVisible();
  await expect(page.locator('svg.arrival polyline')).toHaveCount(3);
  await context.close();
});

test('a table before the pictures counts what each subscription was sent', async ({ page }, info) => {
  const path = await faultyReport(info.outputPath());
  await openReport(page, path);
  await page.getByRole('link', { name: 'Subscriptions and timing' }).click();
  const table = page.getByRole('table', { name: 'What each subscription was sent, and how long it lasted' });
  await expect(table).toBeInViewport();
  const columns = await table.getByRole('columnheader').allTextContents();
  expect(columns.slice(0, 6)).toEqual(['Subscription', 'Events', 'Batches', 'Words', 'Bytes', 'Lasted']);
  const { exchanges } = faultyRecording();
  const bytes = exchanges[0]?.chunks.reduce((sum, chunk) => sum + chunk.bytes.length, 0);
  const [first] = await table.locator('tbody tr').all();
  const cells = (await first?.locator('th, td').allTextContents())?.slice(0, 6);
  expect(cells).toEqual([
    'subscriber "first"',
    '10',
    '9',
    '40',
    bytes?.toLocaleString('en-GB'),
    expect.stringMatching(/^\d+(\.\d+)? s$/),
  ]);
  await expect(page.locator('.session > :nth-child(2) table')).toHaveCount(1);
});

test('a lane scrolls on a phone, at a size that can be read', async ({ page }, info) => {
  await page.setViewportSize({ width: 375, height: 800 });
  await openReport(page, await faultyReport(info.outputPath()));
  const stave = page.locator('.stave').first();
  const { scroll, shown } = await stave.evaluate((element) => ({
    scroll: element.scrollWidth,
    shown: element.clientWidth,
  }));
  expect(scroll).toBeGreaterThan(2 * shown);
  const word = await stave.locator('.word text', { hasText: 'morning' }).first().boundingBox();
  expect(word?.height).toBeGreaterThan(9);
});

test('a violation leads to its place in the timeline, and its mark leads back', async ({ page }, info) => {
  await openReport(page, await faultyReport(info.outputPath()));
  const violation = page.locator('[id="ordering.across-batches-violation-1"]');
  await violation.getByRole('link', { name: 'show in the timeline' }).click();
  const mark = page.locator('[id="mark-ordering.across-batches-violation-1"]');
  await expect(mark).toBeInViewport();
  await expect(mark).toContainText('Word 19 starts at 3 s');
  await mark.locator('.sign').click();
  await expect(page).toHaveURL(/#ordering\.across-batches-violation-1$/);
  await expect(violation).toBeInViewport();
});

test('marks at one place are one flag that counts them, and names do not overlap', async ({ page }, info) => {
  await openReport(page, await faultyReport(info.outputPath()));
  await expect(page.locator('.mark .sign', { hasText: /^✗2$/ })).toHaveCount(1);
  const overlaps = await page.locator('.stave').evaluateAll((staves) =>
    staves.flatMap((stave) => {
      const boxes = [...stave.querySelectorAll('.mark .rule, .mark rect, .name')].map((text) =>
        text.getBoundingClientRect(),
      );
      return boxes.flatMap((a, index) =>
        boxes
          .slice(index + 1)
          .filter(
            (b) =>
              a.width > 0 &&
              b.width > 0 &&
              a.left < b.right - 1 &&
              b.left < a.right - 1 &&
              a.top < b.bottom - 3 &&
              b.top < a.bottom - 3,
          )
          .map((b) => [a.left, a.top, b.left, b.top]),
      );
    }),
  );
  expect(overlaps).toEqual([]);
});

test('differences between subscriptions are listed like a diff, and drawn where they are', async ({ page }, info) => {
  await openReport(page, await faultyReport(info.outputPath()));
  await expect(
    page.getByText('subscriber "late" and subscriber "first" hold the same 40 words: tokens, times and order.'),
  ).toBeVisible();
  const places = page.locator('.diff > li');
  await expect(places).toHaveCount(3);
  await expect(places.first().locator('del')).toHaveText('− We 3.33 – 3.54 s');
  await expect(page.locator('.diff ins').first()).toContainText('+ first 6.29 – 6.635 s');
  await expect(page.locator('.word.missing title', { hasText: 'We: 3.33 s' })).toBeAttached();
  await expect(page.locator('.word.extra title', { hasText: 'first: 6.29 s' })).toBeAttached();
});

test('one wild time does not squeeze the rest out of sight', async ({ page }, info) => {
  const words = speech(34).map((word, index) =>
    index === 20 ? ([word[0], 1_760_000_000, 1_760_000_001] as const) : word,
  );
  const { path } = await reportIn(info.outputPath(), recordingOf(conformingExchanges(words)), judgedAs({}));
  const misdeeds = await openReport(page, path);
  await expect(page.locator('.stave')).toHaveCount(2);
  expect(misdeeds).toEqual(NONE);
});

import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { faultyJudgements, faultyRecording } from '../support/faulty-run.ts';
import { conformingExchanges, delivered, judgedAs, recordingOf, reportIn, requirements } from '../support/reports.ts';
import { expect, NONE, openReport, test } from './browser-test.ts';

type RunOptions = Parameters<AxeBuilder['options']>[0];
type Kind = 'conforming' | 'faulty' | 'empty' | 'unrecorded';

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

/** Elements of the same classes in the same place have the same colours, and axe compares each with all that lie behind it. */
async function leaveOneOfAKind(page: Page): Promise<void> {
  await page.evaluate(() => {
    const kinds = new Set<string>();
    const kindOf = (element: Element): string =>
      [
        element.parentElement ? kindOf(element.parentElement) : '',
        ...['class', 'data-outcome'].map((name) => element.getAttribute(name)),
        element.tagName,
      ].join(' ');
    for (const element of [...document.body.querySelectorAll('*')]) {
      if (!element.isConnected) continue;
      const kind = kindOf(element);
      if (kinds.has(kind)) element.remove();
      kinds.add(kind);
    }
  });
}

const STRUCTURE: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  rules: { 'color-contrast': { enabled: false } },
};
const COLOURS: RunOptions = { runOnly: ['color-contrast'] };

test.describe('axe finds nothing', () => {
  // axe puts its own script into the page.
  test.use({ bypassCSP: true });
  // It looks at every element of a long page: on a busy machine that takes its time.
  test.describe.configure({ timeout: 0 });

  async function expectNothing(page: Page, rules: RunOptions): Promise<void> {
    const axe = new AxeBuilder({ page }).options({ ...rules, resultTypes: ['violations'] });
    const { violations } = await axe.analyze();
    expect(violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html.slice(0, 200)) }))).toEqual([]);
  }

  for (const kind of ['conforming', 'faulty', 'empty', 'unrecorded'] as const)
    test(`in the report of a run that is ${kind}`, async ({ page }, info) => {
      await openReport(page, await reportOf(kind, info.outputPath()));
      await openEverything(page);
      await expectNothing(page, STRUCTURE);
      await leaveOneOfAKind(page);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await expectNothing(page, COLOURS);
      }
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

test('on a phone the findings follow the verdict, and the facts of the run open at a touch', async ({ page }, info) => {
  await openReport(page, await reportOf('faulty', info.outputPath()));
  const target = page.getByText('http://target.test', { exact: true });
  await expect(target).toBeVisible();
  await page.setViewportSize({ width: 390, height: 800 });
  await expect(target).not.toBeVisible();
  const between = await page.evaluate(() => {
    const [verdict, findings] = ['.verdict', '#findings'].map((place) => document.querySelector(place));
    return (findings?.getBoundingClientRect().top ?? 0) - (verdict?.getBoundingClientRect().bottom ?? 0);
  });
  expect(between).toBeLessThan(120);
  await page.getByText('The run, and what this report holds').click();
  await expect(target).toBeVisible();
  await expect(page.getByRole('link', { name: 'Not verified', exact: true })).toBeVisible();
});

test('each setting has a mark of its own', async ({ page }, info) => {
  await openReport(page, await reportOf('faulty', info.outputPath()));
  const settings = page.getByRole('region', { name: 'The run' }).locator('dd li');
  expect(await settings.count()).toBeGreaterThan(5);
  expect(new Set(await settings.evaluateAll((all) => all.map((item) => getComputedStyle(item).display)))).toEqual(
    new Set(['list-item']),
  );
  await expect(settings.first()).toHaveCSS('list-style-type', 'disc');
});

test('the keyboard reaches the findings, and opens and closes a row', async ({ page }, info) => {
  await openReport(page, await reportOf('faulty', info.outputPath()));
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'To the findings' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('#findings')).toBeInViewport();
  const row = page.locator('[id="batching.time-cap"]');
  await page.locator('[id="area-batching"] > summary').press('Enter');
  await row.locator('summary').focus();
  await page.keyboard.press('Enter');
  await expect(row).toHaveAttribute('open', '');
  await page.keyboard.press(' ');
  await expect(row).not.toHaveAttribute('open', '');
});

test('failures stand first and open, and what held is folded by area below the pictures', async ({ page }, info) => {
  await openReport(page, await reportOf('faulty', info.outputPath()));
  const order = await page
    .locator('main > section')
    .evaluateAll((all) => all.map((section) => section.getAttribute('aria-labelledby') ?? 'run'));
  expect(order).toEqual(['run', 'findings', 'unverified', 'timing', 'matrix', 'wire', 'gaps']);
  const opened = await page.locator('details[open]').evaluateAll((all) => all.map(({ id }) => id));
  expect(opened).toEqual(['ordering.across-batches', 'snapshot.equals-live', 'batching.word-cap']);
  await expect(page.locator('[id="auth.challenge"]')).not.toHaveAttribute('open', '');
  await expect(page.locator('.area .row:visible')).toHaveCount(0);
  await expect(page.locator('.area > summary').first()).toHaveText('contract 3 passed');
});

test('what stands in the contract is quoted once, also where quotes overlap, and no row shows a line twice', async ({
  page,
}, info) => {
  await openReport(page, await reportOf('faulty', info.outputPath()));
  await openEverything(page);
  const rows = await page.locator('.row').evaluateAll((all) =>
    all.map((row) =>
      [...row.querySelectorAll('pre.yaml .line')].map((line) => ({
        number: line.firstChild?.textContent ?? '',
        text: line.textContent ?? '',
        marks: [...line.querySelectorAll('mark')].map((mark) => mark.textContent ?? ''),
      })),
    ),
  );
  for (const lines of rows) expect(new Set(lines.map(({ number }) => number)).size).toBe(lines.length);
  const marked = rows.flat().flatMap(({ number, marks }) => marks.map((mark) => ({ number, mark })));
  expect(marked.length).toBeGreaterThan(10);
  const overlapping = marked.filter(({ number, mark }, index) =>
    marked.some((other, place) => place !== index && other.number === number && other.mark.includes(mark)),
  );
  expect(overlapping).toEqual([]);
  // Two sentences that share a line stand in one quote, with both places.
  const sources = page.locator('[id="batching.word-cap"] figure.source');
  await expect(sources.locator('figcaption')).toHaveText(['The contract, line 61']);
  await expect(sources.locator('mark')).toHaveText([
    'Punctuation is emitted as its own word event.',
    'Batches are',
    'capped at ~1s of audio or 10 words, whichever comes first.',
  ]);
});

test.describe('paper', () => {
  async function printed(page: Page, folder: string, appendix: boolean): Promise<number> {
    await page.emulateMedia({ colorScheme: 'dark' });
    await openReport(page, await reportOf('faulty', folder));
    if (appendix) await page.getByRole('checkbox', { name: /Print the appendix/ }).check();
    return pages(await page.pdf({ format: 'A4' }));
  }

  test('gets findings and what was not verified on four pages at most', async ({ page }, info) => {
    expect(await printed(page, info.outputPath(), false)).toBeLessThanOrEqual(4);
  });

  test('gets every row in the appendix, and the screen is as before', async ({ page }, info) => {
    expect(await printed(page, info.outputPath(), true)).toBeGreaterThan(10);
    expect(await page.locator('details[open]').count()).toBe(3);
  });

  test('gets four pages at most where everything is broken', async ({ page }, info) => {
    const broken = Object.fromEntries(
      requirements.map(({ id }) => [
        id,
        {
          violations: [
            {
              message: `${id} is broken. `.repeat(4),
              expected: ['x'.repeat(90)],
              actual: 'y'.repeat(200),
              exchange: 'first',
              byteOffset: 0,
              byteLength: 400,
            },
          ],
        },
      ]),
    );
    const { path } = await reportIn(info.outputPath(), recordingOf(conformingExchanges()), judgedAs(broken));
    await openReport(page, path);
    expect(pages(await page.pdf({ format: 'A4' }))).toBeLessThanOrEqual(4);
  });

  for (const appendix of [false, true])
    test(`cuts nothing off on the right${appendix ? ', nor in the appendix' : ''}`, async ({ page }, info) => {
      // As wide as A4 without its margins, in CSS pixels.
      await page.setViewportSize({ width: 703, height: 1000 });
      await page.emulateMedia({ media: 'print' });
      await openReport(page, await reportOf('faulty', info.outputPath()));
      if (appendix) {
        await openEverything(page);
        await page.evaluate(() => document.documentElement.classList.add('with-appendix'));
      }
      const beyond = await page
        .locator('main *:not(title)')
        .evaluateAll((all) =>
          all
            .filter(
              (element) => !element.closest('svg *, .unseen') && element.getBoundingClientRect().right > innerWidth + 1,
            )
            .map((element) => element.outerHTML.slice(0, 120)),
        );
      expect(beyond).toEqual([]);
      const places = await page
        .locator('.violation dd:visible')
        .evaluateAll((all) => all.map((place) => (place as HTMLElement).innerText));
      expect(places.filter((text) => text.endsWith('·'))).toEqual([]);
      const cells = await page.locator('summary:visible').evaluateAll((all) =>
        all.flatMap((summary) => {
          const boxes = [...summary.children].map((child) => child.getBoundingClientRect());
          return boxes.some((a, index) =>
            boxes
              .slice(index + 1)
              .some(
                (b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1,
              ),
          )
            ? [summary.textContent?.slice(0, 80)]
            : [];
        }),
      );
      expect(cells).toEqual([]);
    });
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

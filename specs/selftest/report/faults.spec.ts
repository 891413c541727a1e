import { readFile } from 'node:fs/promises';
import type { Exchange } from '../../../helpers/recording/recording.ts';
import type { Results } from '../../../helpers/results/results.ts';
import { batchFrame, END_FRAME, type SpokenWord, streamBody } from '../support/recordings.ts';
import { reportIn } from '../support/reports.ts';
import { answered, BATCHED, changed, runOf, withBody } from '../support/runs.ts';
import { expect, NONE, openReport, test } from './browser-test.ts';

const body = streamBody(BATCHED);
const shifted = (shift: (seconds: number) => number) =>
  streamBody(BATCHED.map((batch) => batch.map(([word, start, end]): SpokenWord => [word, shift(start), shift(end)])));

/** Faults of many kinds, each with the rule that the page must show as failed. */
const FAULTS: readonly (readonly [
  fault: string,
  rule: string,
  id: string,
  change: (exchange: Exchange) => Exchange,
])[] = [
  ['a 500 for a snapshot', 'snapshot.served', 'snapshot', answered(500)],
  ['HTML for a stream', 'http.content-type', 'late', answered(200, '<h1>log in</h1>', 'text/html')],
  [
    'bytes that are no UTF-8',
    'framing.utf8',
    'first',
    withBody(Buffer.concat([Buffer.from(body), Buffer.from([0x3a, 0xff, 0x0a])])),
  ],
  ['two documents in an event', 'framing.json', 'late', withBody(`data: {"words":[]}{"words":[]}\n\n${body}`)],
  ['no end', 'ending.once', 'snapshot', withBody(body.replace(END_FRAME, ''))],
  ['a word without times', 'schema.batch', 'late', withBody(`data: {"words":[{"word":"x"}]}\n\n${body}`)],
  ['milliseconds', 'ordering.seconds', 'first', withBody(shifted((seconds) => Math.round(seconds * 1000)))],
  ['wall-clock times', 'ordering.origin', 'first', withBody(shifted((seconds) => seconds - 4000))],
  ['one batch with everything', 'batching.word-cap', 'late', withBody(batchFrame(BATCHED.flat()) + END_FRAME)],
  [
    'a doubled batch',
    'ordering.no-duplicates',
    'reconnected',
    withBody(streamBody([...BATCHED.slice(0, 3), ...BATCHED.slice(2)])),
  ],
  ['an error without its member', 'errors.envelope', 'errors.not-found', answered(404, '{}')],
  [
    'a key that opens too much',
    'auth.invalid',
    'auth.invalid/wrong-api-key/live',
    answered(200, body, 'text/event-stream'),
  ],
];

for (const [fault, rule, id, change] of FAULTS)
  test(`${fault}: the page shows ${rule} as results.json has it`, async ({ page }, info) => {
    const { path } = await reportIn(info.outputPath(), runOf(changed(id, change)));
    const results = JSON.parse(await readFile(info.outputPath('results.json'), 'utf8')) as Results;
    const broken = results.requirements.find((requirement) => requirement.id === rule);
    expect(broken?.outcome).toBe('fail');

    const misdeeds = await openReport(page, path, `#${rule}`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('✗ Non-conformant');
    await expect(page.getByRole('region', { name: 'Findings' }).locator(`[id="${rule}"]`)).toBeVisible();
    const row = page.locator(`[id="${rule}"]`);
    await expect(row).toHaveAttribute('open', '');
    await expect(row.locator('summary .badge')).toHaveText('✗ failed');
    const violations = broken?.violations ?? [];
    await expect(row.locator('.violation')).toHaveCount(violations.length);
    for (const [index, { message, actual, evidence, curl }] of violations.entries()) {
      const shown = row.locator('.violation').nth(index);
      await expect(shown.locator('h4')).toContainText(message);
      await expect(shown).toContainText(actual.slice(0, 80));
      if (evidence) await expect(shown.locator('pre.text')).toHaveText(evidence.text);
      const isText = evidence === undefined || !/\\(x|u\{)/.test(evidence.text);
      await expect(shown.locator('pre.hex')).toHaveText(isText ? [] : [evidence.hex]);
      if (curl) await expect(shown.locator('pre.command')).toHaveText(curl);
    }
    expect(
      await page
        .locator('details.row')
        .evaluateAll((rows) =>
          rows.map((element) => `${element.id} ${(element as HTMLElement).dataset.outcome}`).sort(),
        ),
    ).toEqual(results.requirements.map((requirement) => `${requirement.id} ${requirement.outcome}`).sort());
    await expect(page.locator('.timeline .word').first()).toBeVisible();
    expect(misdeeds).toEqual(NONE);
  });

test('the row of a rule says what the table of gaps says of it, and the table names the rule', async ({
  page,
}, info) => {
  const { path } = await reportIn(info.outputPath(), runOf(changed('errors.not-found', withBody('{}'))));
  await openReport(page, path);
  const said = [
    'so an empty object is valid against it.',
    'A body without it breaks the rule, although the schema lets it pass.',
  ];
  const row = page.locator('[id="errors.envelope"]');
  const gap = page.locator('.gaps tr', { hasText: 'error-not-required' });
  for (const text of said) for (const place of [row, gap]) await expect(place).toContainText(text);
  await expect(row.locator('.violation h4').first()).toContainText('has no member "error"');
  await expect(gap.getByRole('link', { name: 'errors.envelope' })).toHaveAttribute('href', '#errors.envelope');
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { Ajv2020 } from 'ajv/dist/2020.js';
import schema from '../../../helpers/evidence/matrix.schema.json' with { type: 'json' };
import { type ImplementationMatrix, readMatrix } from '../../../helpers/evidence/matrix.ts';
import { pack } from '../../../helpers/evidence/pack.ts';
import { readSuite } from '../../../helpers/suite.ts';
import { implementationsPage } from '../../../reports/implementations/page.ts';
import { inputOf, newKeys, RULES, recordingText } from '../evidence/support.ts';
import { changed, runOf, withBody } from '../support/runs.ts';
import { expect, NONE, openReport, test } from './browser-test.ts';

const HOSTILE = '<img src=x onerror=alert(1)>';
const faulty = runOf(changed('errors.not-found', withBody(`{"error": ${JSON.stringify(HOSTILE)}}`)));

/** A signed submission, one of a server with a breach, bare results, and a recording. */
async function matrixIn(folder: string): Promise<ImplementationMatrix> {
  const file = (name: string, content: string | Uint8Array) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const named = (name: string) => ({ ...inputOf(runOf()).results, product: { name, version: '1' } });
  return readMatrix(
    [
      file('acme.zip', pack({ ...inputOf(runOf()), privateKey: newKeys().privateKey }).archive),
      file('broken.zip', pack(inputOf(faulty)).archive),
      file('told.json', JSON.stringify(named(HOSTILE))),
      file('recording.har', recordingText(runOf())),
    ],
    RULES,
    readSuite(),
  );
}

let matrix: ImplementationMatrix;
let path = '';
test.beforeEach(async () => {
  const folder = test.info().outputPath();
  matrix = await matrixIn(folder);
  path = join(folder, 'matrix.html');
  writeFileSync(path, implementationsPage(matrix));
});

test('the data are as their schema says, with tier, date and proof', () => {
  const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
  expect(ajv.validate(schema, JSON.parse(JSON.stringify(matrix))), ajv.errorsText()).toBe(true);
  expect(matrix.implementations.map(({ name, tier, proof, verdict }) => [name, tier, proof, verdict])).toEqual([
    ['Acme Avatar', 2, 're-judged', 'conformant'],
    ['Acme Avatar', 2, 're-judged', 'non-conformant'],
    [HOSTILE, 0, 'results, believed', 'conformant'],
    ['http://target.test', 0, 'recording, not sealed', 'conformant'],
  ]);
  const row = matrix.requirements.find(({ id }) => id === 'errors.envelope');
  expect(row?.cells.map(({ outcome }) => outcome)).toEqual(['pass', 'fail', 'pass', 'pass']);
});

test('each cell is an outcome, and a breach leads to its finding', async ({ page }) => {
  const misdeeds = await openReport(page, path);
  await expect(page.locator('tbody tr')).toHaveCount(matrix.requirements.length);
  const row = page.locator('tr', { has: page.locator('[id="errors.envelope"]') });
  await expect(row.locator('td')).toHaveText([/passed/, /failed/, /passed/, /passed/]);
  await row.getByRole('link').click();
  const finding = page.locator('[id="finding-2-errors.envelope"]');
  await expect(finding).toBeFocused();
  await expect(finding).toContainText('Expected:');
  await expect(page.locator('thead')).toContainText('2026-11-22');
  expect(misdeeds).toEqual(NONE);
});

test('filters by text, area, outcome, level and difference', async ({ page }) => {
  await openReport(page, path);
  const rows = page.locator('tbody tr:visible');
  await page.getByRole('checkbox', { name: 'Only where implementations differ' }).check();
  await expect(rows).toHaveCount(1);
  await expect(page.locator('output')).toHaveText(`1 of ${matrix.requirements.length} requirements shown`);
  await page.getByRole('button', { name: 'Show everything' }).click();
  await expect(rows).toHaveCount(matrix.requirements.length);
  await page.getByRole('combobox', { name: 'Outcome of any' }).selectOption('fail');
  await expect(rows).toHaveCount(1);
  await page.getByRole('checkbox', { name: 'MUST' }).uncheck();
  await expect(rows).toHaveCount(0);
  await page.getByRole('button', { name: 'Show everything' }).click();
  await page.getByRole('combobox', { name: 'Area' }).selectOption('ending');
  await page.getByRole('searchbox', { name: 'Text' }).fill('ending.once');
  await expect(rows).toHaveCount(1);
});

test('sorts by the outcomes of an implementation, and back', async ({ page }) => {
  await openReport(page, path);
  const first = page.locator('tbody tr').first();
  const head = page.getByRole('columnheader').nth(2);
  await head.getByRole('button').click();
  await expect(head).toHaveAttribute('aria-sort', 'ascending');
  await expect(first).toContainText('errors.envelope');
  await page.getByRole('button', { name: 'Requirement' }).click();
  await expect(first).toContainText(matrix.requirements[0]?.id ?? '');
  await page.getByRole('button', { name: 'Requirement' }).click();
  await expect(first).toContainText(matrix.requirements.at(-1)?.id ?? '');
});

test('without a script, and on paper, it is whole', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await openReport(page, path);
  await expect(page.locator('#filters')).toBeHidden();
  await expect(page.locator('tbody tr:visible')).toHaveCount(matrix.requirements.length);
  expect((await page.pdf({ format: 'A3', landscape: true })).length).toBeGreaterThan(10_000);
  await context.close();
});

test.describe('axe finds nothing', () => {
  // axe puts its own script into the page, and on a busy machine takes its time.
  test.use({ bypassCSP: true });
  test.describe.configure({ timeout: 0 });
  for (const colorScheme of ['light', 'dark'] as const)
    test(`in ${colorScheme} colours`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await openReport(page, path);
      const axe = new AxeBuilder({ page });
      // Nothing but colours differs in the dark.
      const { violations } = await (colorScheme === 'dark'
        ? axe.withRules('color-contrast')
        : axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
      ).analyze();
      expect(violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html.slice(0, 200)) }))).toEqual(
        [],
      );
    });
});

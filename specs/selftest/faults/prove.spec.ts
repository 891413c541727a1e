import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { faults, variants } from '../../../helpers/mutants/index.ts';
import schema from '../../../helpers/mutants/kill-matrix.schema.json' with { type: 'json' };
import { writeKillMatrix } from '../../../helpers/mutants/kill-matrix.ts';
import { prove } from '../../../helpers/mutants/prove.ts';
import { writeKillMatrixPage } from '../../../reports/page/kill-matrix.ts';
import { checks } from '../../checks.ts';

test('every fault is found, every variant is left alone, and every check is needed', async () => {
  const info = test.info();
  test.setTimeout(0);
  const proof = await prove({ faults, variants }, { checks });
  const lines = proof.mismatches.map(
    ({ kind, subject, requirement, message }) => `${kind} ${subject} ${requirement ?? ''}: ${message}`,
  );
  expect(lines, 'mismatches').toEqual([]);

  const page = join(info.outputDir, 'kill-matrix.html');
  await writeKillMatrixPage(await writeKillMatrix(proof, info.outputDir), page);
  const matrix: unknown = JSON.parse(readFileSync(join(info.outputDir, 'kill-matrix.json'), 'utf8'));
  const ajv = new Ajv2020({ strict: true, allErrors: true });
  addFormats.default(ajv);
  expect(ajv.validate(schema, matrix), ajv.errorsText()).toBe(true);
  const text = readFileSync(page, 'utf8');
  expect([...faults, ...variants].filter(({ id }) => !text.includes(id))).toEqual([]);
});

test('there are as many cases as were promised, each with an id of its own and a sentence', () => {
  expect(faults.length).toBeGreaterThanOrEqual(120);
  expect(variants.length).toBeGreaterThanOrEqual(60);
  const ids = [...faults, ...variants].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[a-z0-9]+([-.][a-z0-9]+)*$/);
  for (const { id, sentence } of [...faults, ...variants]) expect(sentence, id).toMatch(/^\S.{10,}\.$/);
});

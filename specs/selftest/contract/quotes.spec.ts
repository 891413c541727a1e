import { expect, test } from '@playwright/test';
import { says } from '../../../helpers/contract/quotes.ts';

const STANDING: readonly (readonly [value: unknown, quote: string])[] = [
  ['Seconds to wait\n  before retrying', 'Seconds to wait before retrying'],
  ['Words end. The stream ends with a frame.', 'The stream ends'],
  ['3.1.0', '3.1'],
  ['number', 'number'],
  [['code', 'message', 'param'], '["code","message"]'],
  [{ 'application/json': { schema: {} } }, '"application/json"'],
  [{ type: 'object', required: ['error'] }, '{"type":"object"}'],
];

for (const [value, quote] of STANDING)
  test(`stands: ${quote} in ${JSON.stringify(value)}`, () => {
    expect(says(value, quote)).toBe(true);
  });

const DRIFTED: readonly (readonly [value: unknown, quote: string])[] = [
  [undefined, 'number'],
  ['numbers', 'number'],
  ['x-api-key-v2', 'x-api-key'],
  ['#/components/schemas/WordBatch.V2', '#/components/schemas/WordBatch'],
  ['session.not_found', 'not_found'],
  ['13.1.0', '3.1'],
  [['number', 'null'], 'number'],
  [['code'], '["code","message"]'],
  [{ type: 'array' }, '{"type":"object"}'],
];

for (const [value, quote] of DRIFTED)
  test(`no longer stands: ${quote} in ${JSON.stringify(value)}`, () => {
    expect(says(value, quote)).toBe(false);
  });

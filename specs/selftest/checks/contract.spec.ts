import { expect, test } from '@playwright/test';
import type { Contract } from '../../../helpers/contract/types.ts';
import type { Check } from '../../../helpers/judging/check.ts';
import { gatherEvidence } from '../../../helpers/judging/evidence.ts';
import { checks } from '../../checks.ts';
import { judgedBy } from '../support/judging.ts';
import { contract, requirements } from '../support/reports.ts';
import { resultOf, runOf } from '../support/runs.ts';

function judge(id: string, over: Partial<Contract>) {
  const check = checks.find((one): one is Check => one.id === id);
  if (check === undefined) throw new Error(`no check ${id}`);
  return judgedBy(check, gatherEvidence(runOf(), { ...contract, ...over }, requirements));
}

const WITHOUT_404: Partial<Contract> = {
  at: (pointer) => (pointer.endsWith('/responses/404') ? undefined : contract.at(pointer)),
};
const REWORDED: Partial<Contract> = {
  at: (pointer) => {
    const value = contract.at(pointer);
    return typeof value === 'string' ? value.replace('Punctuation is emitted as its own word event.', '') : value;
  },
};

test('contract.loads counts what the contract must define', () => {
  const judgement = judge('contract.loads', WITHOUT_404);
  expect(judgement.violations.map(({ message }) => message)).toEqual([
    'The contract has nothing at /paths/~1v3~1avatar-realtime~1{stream_id}~1words/get/responses/404.',
  ]);
  expect(judge('contract.loads', {}).violationCount).toBe(0);
});

test('contract.quotes finds each quote that no longer stands', () => {
  const { violations } = judge('contract.quotes', REWORDED);
  expect(violations.length).toBeGreaterThan(0);
  for (const { message } of violations) expect(message).toContain('Punctuation is emitted as its own word event.');
});

test('contract.quotes passes over other folding of the YAML', () => {
  const refolded = judge('contract.quotes', {
    at: (pointer) => {
      const value = contract.at(pointer);
      return typeof value === 'string' ? value.replaceAll(' ', ' \n   ') : value;
    },
  });
  expect(refolded.violationCount).toBe(0);
  expect(refolded.observations).toBeGreaterThan(50);
});

test('contract.quotes lets a later contract add to a schema that is quoted, and take nothing away', () => {
  const edited = (edit: (schema: Record<string, unknown>) => unknown) =>
    judge('contract.quotes', {
      at: (pointer) => {
        const value = contract.at(pointer);
        return typeof value === 'object' && value !== null && !Array.isArray(value) ? edit({ ...value }) : value;
      },
    }).violationCount;
  expect(edited((schema) => ({ ...schema, required: ['error'], 'x-added': true }))).toBe(0);
  expect(edited(({ properties: _properties, ...rest }) => rest)).toBeGreaterThan(0);
});

test('contract.quotes sees that a type has grown', () => {
  const nullable = (value: unknown) => (value === 'number' ? ['number', 'null'] : value);
  const { violations } = judge('contract.quotes', { at: (pointer) => nullable(contract.at(pointer)) });
  expect(violations.length).toBeGreaterThan(0);
  for (const { expected } of violations) expect(expected).toEqual(['number']);
});

test('contract.gaps lists every gap, and never fails', () => {
  const { notes, outcome } = resultOf(runOf(), 'contract.gaps');
  expect(outcome).toBe('pass');
  expect(notes.length).toBe(contract.gaps.length + 1);
});

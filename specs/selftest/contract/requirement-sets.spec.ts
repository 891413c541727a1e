import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { dataFile } from '../../../helpers/contract/data-file.ts';
import { loadContract } from '../../../helpers/contract/load.ts';
import { frozenSetNames, requirementsOf } from '../../../helpers/contract/requirement-sets.ts';
import { loadRequirements } from '../../../helpers/contract/requirements.ts';
import type { Check } from '../../../helpers/judging/check.ts';
import { gatherEvidence } from '../../../helpers/judging/evidence.ts';
import { assess } from '../../../helpers/results/assess.ts';
import { buildRecording } from '../support/recordings.ts';

/** A frozen set is never edited: a vendor was certified by it. A later revision is a file of its own, added here. */
const FROZEN: Readonly<Record<string, string>> = {
  '2026-11': '6bbd0aa6a864252435cad94b4301009724328cfd9ab05b958bbba0d4b4b039db',
};

const rows = loadRequirements();
const contract = loadContract();

test('each frozen set is what it was when it was frozen', () => {
  const digests = Object.fromEntries(
    frozenSetNames().map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(dataFile(`requirement-sets/${name}.yaml`)))
        .digest('hex'),
    ]),
  );
  expect(digests).toEqual(FROZEN);
});

test('every id of a frozen set is still a requirement: none is renamed or dropped', () => {
  const ids = new Set<string>(rows.map(({ id }) => id));
  for (const name of frozenSetNames()) {
    const { requirements } = requirementsOf(name, rows, contract.sha256);
    const text = readFileSync(dataFile(`requirement-sets/${name}.yaml`), 'utf8');
    const frozen = [...text.matchAll(/^ {2}- (\S+) /gm)].map(([, id]) => id ?? '');
    expect(frozen.filter((id) => !ids.has(id))).toEqual([]);
    expect(requirements.filter(({ scored }) => scored !== false).map(({ id }) => id)).toHaveLength(frozen.length);
  }
});

test('the rows are judged with the level and the core of the set; what came later is not scored', () => {
  const [first, second, ...others] = rows;
  const changed = [
    ...(first === undefined ? [] : [{ ...first, level: 'NOTE' as const, core: false }]),
    ...(second === undefined ? [] : [{ ...second, id: 'http.invented-later' as const, core: true }]),
    ...others,
  ];
  const { set, requirements } = requirementsOf('2026-11', changed, contract.sha256);
  expect(set.name).toBe('2026-11');
  expect(requirements[0]).toMatchObject({ id: 'contract.loads', level: 'MUST', core: true });
  expect(requirements[1]).toMatchObject({ id: 'http.invented-later', core: false, scored: false });
});

test('a requirement that came later warns where it is broken, and decides nothing', () => {
  const later = rows.find(({ id }) => id === 'ordering.own-times');
  if (later === undefined) throw new Error('the example is gone');
  const judged = (name: string | undefined) => {
    const { requirements } = requirementsOf(name, rows, contract.sha256);
    const checks = rows.map(
      ({ id }): Check => ({
        id,
        judge: (_evidence, findings) => {
          findings.observe();
          if (id === later.id)
            findings.violate(() => ({ message: 'Wrong.', expected: ['right'], actual: 'wrong', exchange: null }));
        },
      }),
    );
    const evidence = gatherEvidence(buildRecording(), contract, requirements);
    return assess(evidence, { strict: true, waivers: [], today: '2026-11-27', checks });
  };
  expect(judged(undefined)).toMatchObject({ verdict: 'non-conformant' });
  const { verdict, reason, requirements } = judged('2026-11');
  expect(verdict).toBe('conformant');
  expect(reason).toContain('Not scored, for they came later than the set of requirements: ');
  expect(requirements.find(({ id }) => id === later.id)).toMatchObject({ outcome: 'warn', scored: false });
});

test('a set that is not there, or was frozen for another contract, is refused with the remedy', () => {
  expect(() => requirementsOf('2031-01', rows, contract.sha256)).toThrow(
    'WORDS_REQUIREMENTS=2031-01 is no set of requirements of this suite.',
  );
  expect(() => requirementsOf('2026-11', rows, 'f'.repeat(64))).toThrow('was frozen for another contract');
});

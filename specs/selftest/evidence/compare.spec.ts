import { expect, test } from '@playwright/test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { comparedRun } from '../../../helpers/evidence/compared-run.ts';
import { judgeAgain, type Rules } from '../../../helpers/evidence/judge-again.ts';
import type { Recording } from '../../../helpers/recording/recording.ts';
import schema from '../../../helpers/results/comparison.schema.json' with { type: 'json' };
import { type Change, type ComparedRun, type Comparison, compareRuns } from '../../../helpers/results/comparison.ts';
import { comparisonText } from '../../../helpers/results/comparison-text.ts';
import type { Results } from '../../../helpers/results/results.ts';
import { laterContract } from '../contract/edited-contract.ts';
import { changed, conformingRun, runOf, withBody, withHeader } from '../support/runs.ts';
import { RULES } from './support.ts';

const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);

function compared(before: ComparedRun, after: ComparedRun): Comparison {
  const comparison = compareRuns(before, after);
  expect(validate(JSON.parse(JSON.stringify(comparison))), JSON.stringify(validate.errors)).toBe(true);
  return comparison;
}

const ran = (recording: Recording, own?: Results, rules: Rules = RULES, contract?: Uint8Array) =>
  comparedRun('a run', rules, recording, own, contract);
/** Without its recording. */
const told = (recording: Recording, change: Partial<Results> = {}): ComparedRun => ({
  label: 'results',
  results: { ...judgeAgain(recording, RULES).results, ...change },
});
const told1 = ({ changes }: Comparison) =>
  changes.map(({ id, kind, causes, certain }: Change) => [id, kind, causes.join('+'), certain]);

const fine = runOf();
const faulty = runOf(changed('errors.not-found', withBody('{}')));
const unchallenged = runOf(
  conformingRun().map((exchange) =>
    exchange.response?.status === 401 ? withHeader('www-authenticate', null)(exchange) : exchange,
  ),
);
const with_ = (settings: Partial<Recording['settings']>, recording = fine): Recording => ({
  ...recording,
  settings: { ...recording.settings, ...settings },
});
/** What an older suite found, that saw no breach. */
const blind = (recording: Recording): Results => {
  const { results } = judgeAgain(recording, RULES);
  return {
    ...results,
    suite: { ...results.suite, version: '0.0.1' },
    requirements: results.requirements.map((row) =>
      row.outcome === 'fail' ? { ...row, outcome: 'pass', violations: [], violationCount: 0 } : row,
    ),
  };
};

test('the same run twice is no change', () => {
  const { changes, levels, added, removed, unsteady, differences } = compared(ran(fine), ran(fine));
  expect([changes, levels, added, removed, unsteady, differences]).toEqual([[], [], [], [], [], []]);
  expect(comparisonText(compared(ran(fine), ran(fine)))).toContain('No outcome changed.');
});

test('a change of the target', () => {
  expect(told1(compared(ran(fine), ran(faulty)))).toEqual([['errors.envelope', 'newly-failing', 'target', true]]);
  expect(told1(compared(ran(faulty), ran(fine)))).toEqual([['errors.envelope', 'newly-passing', 'target', true]]);
  const [change] = compared(ran(fine), ran(faulty)).changes;
  expect(change?.message).toMatch(/error/);
  expect(comparisonText(compared(ran(fine), ran(faulty)))).toMatch(
    /Newly failing:\n {2}errors\.envelope \(MUST\): pass → fail, due to the target\n/,
  );
});

test('a change of the suite: it sees in the same recording what it did not see', () => {
  expect(told1(compared(ran(faulty, blind(faulty)), ran(faulty)))).toEqual([
    ['errors.envelope', 'newly-failing', 'suite', true],
  ]);
});

test('a change of suite and target, each for its own', () => {
  const both = runOf(
    changed(
      'errors.not-found',
      withBody('{}'),
      changed('late', (one) => ({ ...one, ending: { kind: 'reset', at: one.ending.at, detail: 'gone' } })),
    ),
  );
  const changes = told1(compared(ran(faulty, blind(faulty)), ran(both)));
  expect(changes).toContainEqual(['errors.envelope', 'newly-failing', 'suite', true]);
  expect(changes).toContainEqual(['http.complete-body', 'newly-failing', 'target', true]);
});

test('a change of the contract', () => {
  const contract = laterContract(['authentication_failed', 'who_are_you']);
  const own = judgeAgain(fine, { ...RULES, contract }).results;
  const changes = told1(compared(ran(fine, own, RULES, Buffer.from(contract.text)), ran(fine)));
  expect(changes.length).toBeGreaterThan(0);
  for (const [, , cause] of changes) expect(cause).toBe('contract');
  expect(told1(compared(ran(fine, own), ran(fine)))).toEqual(changes);
});

test('a change of the settings', () => {
  expect(told1(compared(ran(unchallenged), ran(with_({ strict: true }, unchallenged))))).toEqual([
    ['auth.challenge', 'newly-failing', 'settings', true],
  ]);
  const burstless = {
    ...fine,
    unmet: [{ need: 'burst', declared: true, reason: 'No burst.', remedy: 'Allow it.' }],
    exchanges: fine.exchanges.filter(({ purpose }) => !purpose.kind.startsWith('burst')),
  } as const;
  const changes = told1(compared(ran(fine), ran(burstless)));
  expect(changes.map(([id]) => id)).toContain('rate-limit.status');
  for (const [, kind, cause] of changes) expect([kind, cause]).toEqual(['newly-unverified', 'settings']);
  const waived: Results = { ...judgeAgain(faulty, RULES).results };
  const requirements = waived.requirements.map((row) =>
    row.outcome === 'fail' ? { ...row, outcome: 'waived' as const } : row,
  );
  expect(told1(compared(ran(faulty, { ...waived, requirements }), ran(faulty)))).toEqual([
    ['errors.envelope', 'newly-failing', 'settings', true],
  ]);
});

test('results without recordings tell what they can, and no more', () => {
  expect(told1(compared(told(fine), told(faulty)))).toEqual([['errors.envelope', 'newly-failing', 'target', true]]);
  const older = told(fine, { suite: { name: 'words-conformance', version: '0.0.1' } });
  const comparison = compared(older, told(faulty));
  expect(told1(comparison)).toEqual([['errors.envelope', 'newly-failing', 'target+suite', false]]);
  expect(comparison.differences).toEqual([{ what: 'suite', before: '0.0.1', after: '0.0.0' }]);
  expect(comparisonText(comparison)).toContain('due to the target or the suite: compare the recordings to know');
});

test('levels and requirements that changed', () => {
  const { results } = judgeAgain(fine, RULES);
  const [first, ...rest] = results.requirements;
  if (first === undefined) throw new Error('there are requirements');
  const before = {
    label: 'before',
    results: {
      ...results,
      requirements: rest.map((row) => (row.id === 'auth.challenge' ? { ...row, level: 'NOTE' as const } : row)),
    },
  };
  const { levels, added, removed } = compared(before, ran(fine));
  expect([levels, added, removed]).toEqual([
    [{ id: 'auth.challenge', before: 'NOTE', after: 'SHOULD' }],
    [first.id],
    [],
  ]);
  expect(compared(ran(fine), before).removed).toEqual([first.id]);
});

test('what a busy runner could not verify is no difference of the target', () => {
  const { results } = judgeAgain(fine, RULES);
  const unsure = {
    ...results,
    requirements: results.requirements.map((row) =>
      row.id === 'liveness.streams' ? { ...row, outcome: 'inconclusive' as const } : row,
    ),
  };
  const stalled = { ...fine, stalls: [{ at: 1, seconds: 2 }] };
  const held = ran(stalled);
  const busy: ComparedRun = { ...held, results: unsure };
  expect(compared(ran(fine), busy)).toMatchObject({ changes: [], unsteady: ['liveness.streams'] });
  expect(compared(ran(fine), { label: 'results', results: unsure }).changes).toHaveLength(1);
});

import { expect, test } from '@playwright/test';
import type { Fault, Variant } from '../../../helpers/mutants/cases.ts';
import {
  type Compared,
  compareConforming,
  compareFault,
  compareVariant,
  killedRequirements,
  neverTurned,
  type Observed,
} from '../../../helpers/mutants/compare.ts';

function result(id: Compared['id'], overrides: Partial<Compared> = {}): Compared {
  return { id, level: 'MUST', outcome: 'pass', notes: [], violations: [], ...overrides };
}

function observed(changed: readonly Compared[] = [], rest: Partial<Observed> = {}): Observed {
  const usual = [
    result('http.status'),
    result('ending.once'),
    result('ending.closes'),
    result('schema.one-token', { level: 'SHOULD' }),
    result('http.cache', { level: 'NOTE', notes: ['cache-control: "no-cache"'] }),
  ];
  return {
    results: usual.map((one) => changed.find(({ id }) => id === one.id) ?? one),
    unmet: [],
    stopped: [],
    undisturbed: true,
    ...rest,
  };
}

const conforming = observed();

function fault(turns: Fault['turns'], rest: Partial<Fault> = {}): Fault {
  return { id: 'a-fault', sentence: 'It does something wrong.', turns, ...rest };
}

function variant(rest: Partial<Variant> = {}): Variant {
  return { id: 'a-variant', sentence: 'It does something unusual.', near: 'ending.once', ...rest };
}

function kinds(mismatches: readonly { readonly kind: string; readonly requirement?: string }[]): readonly string[] {
  return mismatches.map(({ kind, requirement }) => `${kind} ${requirement ?? ''}`.trim());
}

const failedEnd = result('ending.once', {
  outcome: 'fail',
  violations: [{ message: 'No end came.', expected: [], actual: 'none', exchange: null }],
});

test('a fault that turns what it declares is found', () => {
  expect(compareFault(fault({ 'ending.once': 'fail' }), observed([failedEnd]), conforming)).toEqual([]);
});

test('a fault that is not found is reported, with what was found instead', () => {
  const [mismatch, ...others] = compareFault(fault({ 'ending.once': 'fail' }), observed(), conforming);
  expect(others).toEqual([]);
  expect(mismatch).toMatchObject({ kind: 'not-found', subject: 'a-fault', requirement: 'ending.once' });
  expect(mismatch?.message).toContain('should be fail, is pass');
});

test('a warning in place of a failure is reported', () => {
  const warned = observed([{ ...failedEnd, outcome: 'warn' }]);
  expect(kinds(compareFault(fault({ 'ending.once': 'fail' }), warned, conforming))).toEqual(['not-found ending.once']);
});

test('a fault that turns too much is reported, with the finding', () => {
  const both = observed([
    failedEnd,
    result('schema.one-token', { level: 'SHOULD', outcome: 'warn', reason: 'Two words.' }),
  ]);
  const mismatches = compareFault(fault({ 'ending.once': 'fail' }), both, conforming);
  expect(kinds(mismatches)).toEqual(['turned-too-much schema.one-token']);
  expect(mismatches[0]?.message).toBe('warn: Two words.');
});

test.describe('a requirement that became inconclusive', () => {
  const declared = fault({ 'ending.once': 'fail' });
  const inconclusive = (rest: Partial<Compared>) =>
    result('ending.closes', { outcome: 'inconclusive', reason: 'first did not end.', ...rest });

  test('without a cause is reported', () => {
    expect(kinds(compareFault(declared, observed([failedEnd, inconclusive({})]), conforming))).toEqual([
      'inconclusive-without-cause ending.closes',
    ]);
  });

  test('because of what the fault turns is left alone', () => {
    const caused = inconclusive({ because: 'ending.once' });
    expect(compareFault(declared, observed([failedEnd, caused]), conforming)).toEqual([]);
  });

  test('because of what nothing turned is reported', () => {
    const caused = inconclusive({ because: 'http.status' });
    expect(kinds(compareFault(declared, observed([failedEnd, caused]), conforming))).toEqual([
      'inconclusive-without-cause ending.closes',
    ]);
  });

  test('for a state that was not reached is left alone', () => {
    const unreached = inconclusive({ reason: 'the session ended before anyone could join it late' });
    const unmet = [{ reason: 'the session ended before anyone could join it late' }];
    expect(compareFault(declared, observed([failedEnd, unreached], { unmet }), conforming)).toEqual([]);
  });

  test('for a subscription that the run stopped at its bound is left alone', () => {
    const run = observed([failedEnd, inconclusive({})], { stopped: ['first'] });
    expect(compareFault(declared, run, conforming)).toEqual([]);
  });

  test('for a machine too busy to tell is left alone, for rules about time and no others', () => {
    const run = observed([failedEnd, inconclusive({})], { undisturbed: false });
    expect(compareFault(declared, run, conforming)).toEqual([]);
    const untimed = result('http.status', { outcome: 'inconclusive', reason: 'Too busy.' });
    expect(kinds(compareFault(declared, observed([failedEnd, untimed], { undisturbed: false }), conforming))).toEqual([
      'inconclusive-without-cause http.status',
    ]);
    const blamed = inconclusive({ because: 'http.status' });
    expect(kinds(compareFault(declared, observed([failedEnd, blamed], { undisturbed: false }), conforming))).toEqual([
      'inconclusive-without-cause ending.closes',
    ]);
  });

  test('as it is for the conforming server is left alone', () => {
    const unread = observed([inconclusive({})]);
    expect(compareFault(declared, observed([failedEnd, inconclusive({})]), unread)).toEqual([]);
  });
});

test.describe('a note', () => {
  const cached = result('http.cache', { level: 'NOTE', notes: ['cache-control: "public"'] });

  test('that the conforming server does not get is a turn', () => {
    expect(compareFault(fault({ 'http.cache': 'note' }), observed([cached]), conforming)).toEqual([]);
  });

  test('that the conforming server gets as well is none', () => {
    const mismatches = compareFault(fault({ 'http.cache': 'note' }), observed(), conforming);
    expect(kinds(mismatches)).toEqual(['not-found http.cache']);
  });

  test('must say what the fault declares', () => {
    const declared = fault({ 'http.cache': 'note' }, { noted: /immutable/ });
    expect(kinds(compareFault(declared, observed([cached]), conforming))).toEqual(['not-found http.cache']);
    const usual = fault({ 'http.cache': 'note' }, { noted: /cache-control/ });
    expect(kinds(compareFault(usual, observed([cached]), conforming))).toEqual(['not-found http.cache']);
  });

  test('that nobody declared never fails a case', () => {
    expect(compareFault(fault({}), observed([cached]), conforming)).toEqual([]);
    expect(compareVariant(variant(), observed([cached]), conforming)).toEqual([]);
  });
});

test('a run that did not start is what a fault may declare, and nothing else', () => {
  const refused: Observed = { ...observed(), results: [], refused: 'line 3: not YAML' };
  expect(compareFault(fault({ 'contract.loads': 'error' }), refused, conforming)).toEqual([]);
  expect(kinds(compareFault(fault({ 'ending.once': 'fail' }), refused, conforming))).toEqual([
    'not-found ending.once',
    'suite-error',
  ]);
  expect(kinds(compareVariant(variant(), refused, conforming))).toEqual(['suite-error']);
});

test('an error of the suite is reported for every kind of case', () => {
  const broken = observed([result('http.status', { outcome: 'error', reason: 'The check threw.' })]);
  expect(kinds(compareConforming(broken))).toEqual(['suite-error http.status']);
  expect(kinds(compareFault(fault({}), broken, conforming))).toEqual(['suite-error http.status']);
  expect(kinds(compareVariant(variant(), broken, conforming))).toEqual(['suite-error http.status']);
});

test('a conforming server that is flagged, or not seen whole, is reported', () => {
  expect(compareConforming(conforming)).toEqual([]);
  expect(compareConforming(observed([result('ending.once', { outcome: 'not-applicable' })]))).toEqual([]);
  const flagged = observed([failedEnd, result('ending.closes', { outcome: 'inconclusive', reason: 'No end.' })]);
  expect(kinds(compareConforming(flagged))).toEqual(['not-conforming ending.once', 'not-conforming ending.closes']);
});

test.describe('a variant', () => {
  const warned = result('schema.one-token', { level: 'SHOULD', outcome: 'warn' });

  test('that is flagged is reported', () => {
    expect(kinds(compareVariant(variant(), observed([failedEnd]), conforming))).toEqual([
      'turned-too-much ending.once',
    ]);
    expect(kinds(compareVariant(variant(), observed([warned]), conforming))).toEqual([
      'turned-too-much schema.one-token',
    ]);
  });

  test('may warn where it says so, and then must', () => {
    const named = variant({ warns: ['schema.one-token'] });
    expect(compareVariant(named, observed([warned]), conforming)).toEqual([]);
    expect(kinds(compareVariant(named, observed(), conforming))).toEqual(['not-found schema.one-token']);
  });

  test('may leave a rule unverified, but lays that on no requirement', () => {
    const unread = result('ending.closes', { outcome: 'inconclusive', reason: 'Too short.' });
    expect(compareVariant(variant(), observed([unread]), conforming)).toEqual([]);
    const blamed = observed([{ ...unread, because: 'ending.once' }]);
    expect(kinds(compareVariant(variant(), blamed, conforming))).toEqual(['inconclusive-without-cause ending.closes']);
  });
});

test('a requirement that no fault turns is reported', () => {
  const found = { fault: fault({ 'ending.once': 'fail' }), observed: observed([failedEnd]) };
  const missed = { fault: fault({ 'http.status': 'fail' }), observed: observed() };
  const killed = killedRequirements([found, missed], conforming);
  expect([...killed]).toEqual(['ending.once']);
  expect(kinds(neverTurned(['ending.once', 'http.status'], killed))).toEqual(['never-turned http.status']);
});

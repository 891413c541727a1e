import { expect, test } from '@playwright/test';
import type { Exchange } from '../../../helpers/recording/recording.ts';
import {
  answered,
  blocked,
  broken,
  changed,
  conformingRun,
  errorBody,
  judged,
  resultOf,
  runOf,
  withBody,
  withHeader,
} from '../support/runs.ts';

type Change = (exchange: Exchange) => Exchange;

const BREACHES: readonly (readonly [name: string, id: string, change: Change, broken: readonly string[]])[] = [
  ['no Retry-After', 'burst-2', withHeader('retry-after', null), ['rate-limit.retry-after: fail']],
  ['a date', 'burst-2', withHeader('retry-after', 'Sun, 22 Nov 2026 12:00:00 GMT'), ['rate-limit.retry-after: fail']],
  ['a fraction', 'burst-2', withHeader('retry-after', '1.5'), ['rate-limit.retry-after: fail']],
  ['a negative number', 'burst-2', withHeader('retry-after', '-1'), ['rate-limit.retry-after: fail']],
  ['an empty value', 'burst-2', withHeader('retry-after', ''), ['rate-limit.retry-after: fail']],
  ['{} as the body', 'burst-2', withBody('{}'), ['rate-limit.body: fail']],
  ['text as the body', 'burst-2', answered(429, 'Slow down', 'text/plain'), ['rate-limit.body: fail']],
  ['another code', 'burst-2', withBody(errorBody(429, { code: 'too_many' })), ['rate-limit.body: warn']],
  ['429 again after the wait', 'burst-recovery', answered(429), ['rate-limit.recovers: warn']],
  ['an error after the wait', 'burst-recovery', answered(500), ['rate-limit.recovers: warn']],
];

for (const [name, id, change, expected] of BREACHES)
  test(`breaks rate-limit: ${name}`, () => {
    expect(broken(runOf(changed(id, change)))).toEqual(expected);
  });

for (const value of ['0', '1', ' 60 '])
  test(`conforms to rate-limit: Retry-After ${JSON.stringify(value)}`, () => {
    expect(broken(runOf(changed('burst-2', withHeader('retry-after', value))))).toEqual([]);
  });

const IDS = ['rate-limit.status', 'rate-limit.retry-after', 'rate-limit.body', 'rate-limit.recovers'];
const outcomes = (exchanges: readonly Exchange[], unmet: Parameters<typeof runOf>[1] = {}) =>
  judged(runOf(exchanges, unmet))
    .requirements.filter(({ id }) => IDS.includes(id))
    .map(({ outcome }) => outcome);

const withoutBurst = conformingRun().filter(({ purpose }) => !purpose.kind.startsWith('burst'));
const NOT_ALLOWED = {
  unmet: [{ need: 'burst', declared: true, reason: 'No burst.', remedy: 'WORDS_BURST=1' }],
} as const;

test('without a burst and without a 429 nothing is applicable', () => {
  expect(outcomes(withoutBurst, NOT_ALLOWED)).toEqual(IDS.map(() => 'not-applicable'));
});

test('a burst that met no limit is inconclusive, never a failure', () => {
  const unlimited = [...withoutBurst, ...conformingRun().filter(({ id }) => id === 'burst-1')];
  expect(outcomes(unlimited)).toEqual(IDS.map(() => 'inconclusive'));
});

test('an ordinary 429 that was waited out is evidence without a burst', () => {
  const [first] = conformingRun();
  if (first === undefined) throw new Error('no exchange');
  const limited = { ...answered(429)(first), id: 'first/waited-out-1', supersededBy: 'first' };
  expect(outcomes([limited, ...withoutBurst], NOT_ALLOWED)).toEqual(['pass', 'pass', 'pass', 'pass']);
});

/** The conforming run's burst, refused as often with this status in place of the one 429. */
function refusedWith(status: number, times: number) {
  const refuse = (exchange: Exchange): Exchange => withHeader('retry-after', '1')(answered(status)(exchange));
  return runOf(
    changed('burst-2', refuse)
      .filter(({ id }) => id !== 'burst-recovery')
      .flatMap((exchange) =>
        exchange.id === 'burst-2'
          ? Array.from({ length: times }, (_, index) => ({ ...exchange, id: `burst-${index + 2}` }))
          : [exchange],
      ),
  );
}

test('an ordinary 429 that was waited out, and answered with a server error, shows no recovery', () => {
  const [first] = conformingRun();
  if (first === undefined) throw new Error('no exchange');
  const limited = { ...answered(429)(first), id: 'first/waited-out-1', supersededBy: 'first' };
  const run = (status: number) => [
    limited,
    ...withoutBurst.map((one) => (one.id === 'first' ? answered(status)(one) : one)),
  ];
  const observed = (status: number) => resultOf(runOf(run(status), NOT_ALLOWED), 'rate-limit.recovers').observations;
  expect([observed(404), observed(500), observed(429)]).toEqual([1, 0, 0]);
});

test('403 past the limit breaks rate-limit.status, and the others name it', () => {
  const recording = refusedWith(403, 2);
  expect(broken(recording)).toEqual(['rate-limit.status: fail']);
  expect(blocked(recording)).toEqual([
    'rate-limit.body because rate-limit.status',
    'rate-limit.recovers because rate-limit.status',
    'rate-limit.retry-after because rate-limit.status',
  ]);
});

test('one refusal of a burst, or 503, is no limit for sure', () => {
  for (const recording of [refusedWith(403, 1), refusedWith(503, 3)]) {
    expect(broken(recording)).toEqual([]);
    expect(judged(recording).requirements.find(({ id }) => id === 'rate-limit.status')?.outcome).toBe('inconclusive');
  }
  for (const status of [500, 503])
    expect(resultOf(refusedWith(status, 3), 'rate-limit.status').reason).toContain(String(status));
});

test('a burst that was never granted, or that a server error ended, breaks nothing', () => {
  expect(broken(runOf(changed('burst-2', answered(500))))).toEqual([]);
  expect(broken(runOf(changed('burst-1', answered(404), changed('burst-2', answered(404)))))).toEqual([]);
});

test('without a usable Retry-After recovery is unverified because of it', () => {
  const exchanges = changed('burst-2', withHeader('retry-after', 'soon')).filter(({ id }) => id !== 'burst-recovery');
  expect(resultOf(runOf(exchanges), 'rate-limit.recovers').because).toBe('rate-limit.retry-after');
});

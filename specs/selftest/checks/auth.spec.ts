import { expect, test } from '@playwright/test';
import { type Exchange, GUESSED_ID } from '../../../helpers/recording/recording.ts';
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
const STREAM = answered(200, 'event: end\ndata: {}\n\n', 'text/event-stream');
const NEAR = 'auth.invalid/near-api-key/completed';

const BREACHES: readonly (readonly [name: string, id: string, change: Change, broken: readonly string[]])[] = [
  ['200 without a credential', 'auth.missing/completed', STREAM, ['auth.missing: fail']],
  ['403 without a credential', 'auth.missing/completed', answered(403), ['auth.missing: fail']],
  ['404 before 401 for a known session', 'auth.missing/completed', answered(404), ['auth.missing: fail']],
  ['200 for a near key', NEAR, STREAM, ['auth.invalid: fail']],
  ['403 for a near key', NEAR, answered(403), ['auth.invalid: fail']],
  [
    '404 for an unknown session without credentials',
    'auth.before-lookup/none',
    answered(404),
    ['auth.before-lookup: fail'],
  ],
  [
    '400 for an unknown session with a wrong key',
    'auth.before-lookup/wrong-api-key',
    answered(400),
    ['auth.before-lookup: fail'],
  ],
  [
    'an unknown session told by another code',
    'auth.before-lookup/none',
    withBody(errorBody(401, { code: 'not_found' })),
    ['auth.before-lookup: fail', 'errors.code: warn'],
  ],
  ['no challenge', NEAR, withHeader('www-authenticate', null), ['auth.challenge: warn']],
  ["another account's key opens the session", 'auth.isolation/live', STREAM, ['auth.isolation: fail']],
  ["403 for another account's key", 'auth.isolation/live', answered(403), ['auth.isolation: warn']],
  ["500 for another account's key", 'auth.isolation/live', answered(500), ['auth.isolation: fail']],
  [
    'an echo in the body',
    NEAR,
    (exchange) => ({ ...exchange, echoes: [{ where: 'body', byteOffset: 4, credential: 'near-api-key' }] }),
    ['auth.no-echo: fail'],
  ],
  [
    'an echo in a header of a stream',
    'first',
    (exchange) => ({ ...exchange, echoes: [{ where: 'header', header: 'x-debug', credential: 'api-key' }] }),
    ['auth.no-echo: fail'],
  ],
];

for (const [name, id, change, expected] of BREACHES)
  test(`breaks auth: ${name}`, () => {
    expect(broken(runOf(changed(id, change)))).toEqual(expected);
  });

test("an unknown session answered wrongly, and another account's alike, is one cause", () => {
  const both = (change: Change, isolated: Change = change) =>
    runOf(changed('auth.isolation/live', isolated, changed('errors.not-found', change)));
  for (const change of [STREAM, answered(400), answered(500)]) {
    expect(broken(both(change))).toEqual(['errors.not-found: fail']);
    expect(blocked(both(change))).toContain('auth.isolation because errors.not-found');
  }
  const { chunks, response } = conformingRun()[0] ?? {};
  const opened: Change = (exchange) => ({ ...exchange, ...(response && { response }), chunks: chunks ?? [] });
  expect(broken(both(STREAM, opened))).toEqual(['auth.isolation: fail', 'errors.not-found: fail']);
});

test('one of two answers to another account that tells nothing leaves the rule unverified', () => {
  const second = conformingRun().flatMap((exchange) =>
    exchange.id === 'auth.isolation/live'
      ? [exchange, STREAM({ ...exchange, id: 'auth.isolation/completed' })]
      : [exchange],
  );
  const recording = runOf(changed('errors.not-found', STREAM, second));
  expect(resultOf(recording, 'auth.isolation')).toMatchObject({ outcome: 'inconclusive', because: 'errors.not-found' });
});

test("another account's key answered 401 conforms", () => {
  expect(broken(runOf(changed('auth.isolation/live', answered(401))))).toEqual([]);
});

for (const status of [401, 403, 404, 500])
  test(`a bearer token that opens nothing (${status}) breaks auth.bearer alone`, () => {
    const exchanges = conformingRun().map((exchange) =>
      exchange.credential === 'bearer' ? answered(status)(exchange) : exchange,
    );
    const recording = runOf(exchanges);
    expect(broken(recording)).toEqual(['auth.bearer: fail']);
    expect(blocked(recording)).toEqual(['replay.concurrent because auth.bearer']);
  });

test('a key that opens nothing where the token does breaks auth.api-key alone', () => {
  const exchanges = conformingRun().map((exchange) =>
    exchange.credential === 'api-key' && exchange.purpose.kind === 'subscription' ? answered(401)(exchange) : exchange,
  );
  expect(broken(runOf(exchanges))).toEqual(['auth.api-key: fail']);
});

test('a bearer token that is refused once and opens the same stream otherwise breaks http.status alone', () => {
  const recording = runOf(changed('concurrent', answered(500)));
  expect(broken(recording)).toEqual(['http.status: fail']);
  expect(blocked(recording)).toEqual(['replay.concurrent because http.status']);
});

test('a target that asks for no credential breaks missing and invalid, and before-lookup names the first', () => {
  const open = conformingRun().map((exchange) => {
    const { purpose } = exchange;
    if (purpose.kind !== 'refusal') return exchange;
    if (purpose.probe === 'missing' || purpose.probe === 'invalid') return STREAM(exchange);
    return purpose.probe === 'before-lookup' ? answered(404)(exchange) : exchange;
  });
  const recording = runOf(open);
  expect(broken(recording)).toEqual(['auth.invalid: fail', 'auth.missing: fail']);
  expect(blocked(recording)).toContain('auth.before-lookup because auth.missing');
});

test('a credential that was not given is not applicable, and the other one suffices for the verdict', () => {
  const exchanges = conformingRun().map((exchange) =>
    exchange.credential === 'bearer' ? { ...exchange, credential: 'api-key' as const } : exchange,
  );
  const unmet = { need: 'bearer-token', declared: true, reason: 'No bearer token.', remedy: 'Give one.' } as const;
  const assessment = judged(runOf(exchanges, { unmet: [unmet] }));
  expect(assessment.requirements.find(({ id }) => id === 'auth.bearer')).toMatchObject({
    outcome: 'not-applicable',
    reason: 'No bearer token.',
  });
  expect(assessment.verdict).toBe('conformant');
});

test('no second account is not applicable; a second account that was not asked for is inconclusive', () => {
  const exchanges = conformingRun().filter(({ id }) => id !== 'auth.isolation/live');
  const unmet = { need: 'other-account', declared: true, reason: 'None.', remedy: 'Give one.' } as const;
  expect(resultOf(runOf(exchanges, { unmet: [unmet] }), 'auth.isolation').outcome).toBe('not-applicable');
  expect(resultOf(runOf(exchanges), 'auth.isolation').outcome).toBe('inconclusive');
});

test('the sibling endpoints are not certified: what they echo or answer is not judged', () => {
  const [first] = conformingRun();
  if (first === undefined) throw new Error('no exchange');
  const create: Exchange = {
    ...answered(401, '{}')(first),
    id: 'session-create',
    purpose: { kind: 'session', step: 'create' },
    echoes: [{ where: 'body', byteOffset: 0, credential: 'api-key' }],
  };
  expect(broken(runOf([create, ...conformingRun()]))).toEqual([]);
});

for (const [keyed, outcome] of [
  [404, 'fail'],
  [400, 'inconclusive'],
] as const)
  test(`a made-up id answered ${keyed} with the key, and 400 without: auth.before-lookup is ${outcome}`, () => {
    const url = 'http://target.test/v3/avatar-realtime/41999/words';
    const asked = (id: string, status: number, exchanges: Exchange[]): Exchange[] =>
      changed(
        id,
        (exchange) => {
          const said = exchange.response?.status === status ? exchange : answered(status)(exchange);
          const { purpose } = exchange;
          const guess =
            id === 'errors.not-found' && purpose.kind === 'refusal' ? { ...purpose, variant: GUESSED_ID } : purpose;
          return { ...said, purpose: guess, request: { ...exchange.request, url } };
        },
        exchanges,
      );
    const run = ['auth.before-lookup/none', 'auth.before-lookup/wrong-api-key'].reduce(
      (exchanges, id) => asked(id, 400, exchanges),
      asked('errors.not-found', keyed, conformingRun()),
    );
    expect(resultOf(runOf(run), 'auth.before-lookup').outcome).toBe(outcome);
  });

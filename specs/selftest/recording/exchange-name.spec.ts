import { expect, test } from '@playwright/test';
import { exchangeName } from '../../../helpers/recording/exchange-name.ts';
import type { CredentialKind, Purpose } from '../../../helpers/recording/recording.ts';

type Refusal = Extract<Purpose, { kind: 'refusal' }>;

const refusal = (
  probe: Refusal['probe'],
  variant: string,
  against: Refusal['against'],
  credential: CredentialKind = 'api-key',
) => ({ id: `${probe}/x`, purpose: { kind: 'refusal', probe, variant, against }, credential }) as const;

const subscription = (id: string, role: Extract<Purpose, { kind: 'subscription' }>['role'], streamId = 'stream-1') =>
  ({ id, purpose: { kind: 'subscription', role }, credential: 'api-key', streamId }) as const;

for (const [exchange, name] of [
  [subscription('late', 'late'), 'subscriber "late"'],
  [subscription('snapshot', 'snapshot'), 'the snapshot'],
  [subscription('snapshot-again', 'snapshot'), 'the second reading of the snapshot'],
  [
    subscription('completed-1-bearer', 'snapshot', 'rt_42'),
    'the reading with the bearer token of the snapshot of session rt_42',
  ],
  [refusal('missing', 'no credential', 'live', 'none'), 'the request without credentials to the live session'],
  [
    refusal('before-lookup', 'no credential', 'unknown', 'none'),
    'the request without credentials for an unknown session',
  ],
  [
    refusal('invalid', 'near api key', 'completed', 'near-api-key'),
    'the request with a nearly right API key to the completed session',
  ],
  [
    refusal('invalid', 'empty bearer', 'live', 'empty-bearer'),
    'the request with an empty bearer token to the live session',
  ],
  [
    refusal('isolation', "another account's key", 'live', 'other-account'),
    "the request with another account's key to the live session",
  ],
  [refusal('not-found', 'id of no session', 'unknown'), 'the request for an unknown session'],
  [refusal('bad-request', 'over-long id', 'unknown'), 'the request for a malformed id (over-long id)'],
  [{ id: 'burst/12', purpose: { kind: 'burst' }, credential: 'api-key' }, 'request 12 of the burst'],
] as const)
  test(`an exchange is called ${name}`, () => {
    expect(exchangeName(exchange)).toBe(name);
  });

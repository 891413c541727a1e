import { type CredentialName, credentialsOf } from '../http/credentials.ts';
import { GUESSED_ID, ON_GRANTED_CONNECTION, type RefusalProbe } from '../recording/recording.ts';
import type { Settings } from '../settings/settings.ts';
import type { UnknownId } from './unknown-stream-id.ts';

/** A request that a conforming target refuses. Differs in one thing from a request that it grants. */
export interface RefusalSpec {
  /** Stable: the exchange's id. */
  readonly id: string;
  readonly probe: RefusalProbe;
  readonly variant: string;
  readonly against: 'live' | 'completed' | 'unknown';
  readonly credential: CredentialName;
  /** The path segment in place of the session's id, exactly as sent. */
  readonly segment?: string;
  /** Follows the request that was granted on its connection, where that is open still. */
  readonly isOnSameConnection?: boolean;
}

/**
 * Ids that no session can have, as they are sent. The first is a plain path segment, short enough for a server that maps
 * paths to files (255 bytes): the application answers it. The others may be refused by a server in front of it.
 */
const MALFORMED_IDS: readonly (readonly [variant: string, segment: string])[] = [
  ['200 letters', 'z'.repeat(200)],
  ['over-long id', 'a'.repeat(1000)],
  ['NUL in the id', 'words%00conformance'],
  ['line feed in the id', 'words%0aconformance'],
  ['control characters in the id', '%01%1b%5b31m%7f'],
  ['path trick', '..%2f..%2fetc%2fpasswd'],
  ['percent sign without digits', '%zz'],
  ['bytes that are not UTF-8', '%ff%fe'],
  ['white space only', '%20%20'],
];

/** Close to the right one: whoever compares without regard to case, or the beginning alone, lets them in. */
const CLOSE: readonly CredentialName[] = (['api-key', 'bearer'] as const).flatMap((kind) => [
  `recased-${kind}` as const,
  `shortened-${kind}` as const,
  `lengthened-${kind}` as const,
]);
const INVALID_ON_COMPLETED: readonly CredentialName[] = [
  'wrong-api-key',
  'wrong-bearer',
  'other-scheme',
  'relabelled-bearer',
  ...CLOSE,
];
const INVALID_ON_LIVE: readonly CredentialName[] = [
  ...INVALID_ON_COMPLETED,
  'near-api-key',
  'empty-api-key',
  'near-bearer',
  'empty-bearer',
];

type Given = Pick<Settings, 'apiKey' | 'bearerToken' | 'otherApiKey'>;

/**
 * The refusals that a run asks for, as data: of a live session, of a completed one, and of ids that name none.
 * Those of `unknown` sessions are `errors` and `before-lookup`.
 */
export function refusalSpecs(settings: Given, against: RefusalSpec['against']): readonly RefusalSpec[] {
  const primary: CredentialName = settings.apiKey === undefined ? 'bearer' : 'api-key';
  if (against === 'unknown') return unknownSpecs(primary);
  const invalid = against === 'live' ? INVALID_ON_LIVE : INVALID_ON_COMPLETED;
  const made = invalid.filter((name) => canMake(settings, name));
  return [
    spec(`auth.missing/${against}`, 'missing', 'no credential', against, 'none'),
    ...(against === 'completed' ? [onSameConnection()] : []),
    ...made.map((name) => spec(`auth.invalid/${name}/${against}`, 'invalid', readable(name), against, name)),
    ...(settings.otherApiKey === undefined
      ? []
      : [spec(`auth.isolation/${against}`, 'isolation', "another account's key", against, 'other-account')]),
  ];
}

/** Who remembers an account with the connection lets in whoever else a proxy sends on it. */
function onSameConnection(): RefusalSpec {
  const id = 'auth.missing/completed/same-connection';
  return { ...spec(id, 'missing', ON_GRANTED_CONNECTION, 'completed', 'none'), isOnSameConnection: true };
}

/** Ids of no session, once each where the first of them is answered as an unknown one. */
function unknownSpecs(primary: CredentialName): readonly RefusalSpec[] {
  return [notFoundSpec(primary, { id: '', isGuess: false }, 0), ...malformedSpecs(primary), ...beforeLookupSpecs('')];
}

/** @param index counts the ids that have been asked for in vain. */
export function notFoundSpec(credential: CredentialName, { id, isGuess }: UnknownId, index: number): RefusalSpec {
  const variant = isGuess ? GUESSED_ID : 'id of no session';
  const name = index === 0 ? 'errors.not-found' : `errors.not-found/${index + 1}`;
  return spec(name, 'not-found', variant, 'unknown', credential, encodeURIComponent(id));
}

export function malformedSpecs(credential: CredentialName): readonly RefusalSpec[] {
  return MALFORMED_IDS.map(([variant, segment]) =>
    spec(`errors.bad-request/${variant.replaceAll(' ', '-')}`, 'bad-request', variant, 'unknown', credential, segment),
  );
}

export function beforeLookupSpecs(unknown: string): readonly RefusalSpec[] {
  const segment = encodeURIComponent(unknown);
  return [
    spec('auth.before-lookup/none', 'before-lookup', 'no credential', 'unknown', 'none', segment),
    spec('auth.before-lookup/wrong-api-key', 'before-lookup', 'wrong api key', 'unknown', 'wrong-api-key', segment),
  ];
}

function spec(
  id: string,
  probe: RefusalProbe,
  variant: string,
  against: RefusalSpec['against'],
  credential: CredentialName,
  segment?: string,
): RefusalSpec {
  return { id, probe, variant, against, credential, ...(segment === undefined ? {} : { segment }) };
}

function canMake(settings: Given, name: CredentialName): boolean {
  if (/^(wrong|empty|other)-/.test(name)) return true;
  return credentialsOf(settings).get(name) !== undefined;
}

function readable(name: CredentialName): string {
  return name.replaceAll('-', ' ');
}

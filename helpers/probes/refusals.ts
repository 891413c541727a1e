import type { CredentialName } from '../http/credentials.ts';
import type { RefusalProbe } from '../recording/recording.ts';
import type { Settings } from '../settings/settings.ts';
import { idOfNoSession } from './unknown-stream-id.ts';

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

const INVALID_ON_LIVE: readonly CredentialName[] = [
  'wrong-api-key',
  'near-api-key',
  'empty-api-key',
  'wrong-bearer',
  'near-bearer',
  'empty-bearer',
  'other-scheme',
];
const INVALID_ON_COMPLETED: readonly CredentialName[] = [
  'wrong-api-key',
  'truncated-api-key',
  'extended-api-key',
  'wrong-bearer',
  'truncated-bearer',
  'extended-bearer',
  'other-scheme',
];

type Given = Pick<Settings, 'apiKey' | 'bearerToken' | 'otherApiKey'>;

/**
 * The refusals that a run asks for, as data: of a live session, of a completed one, and of ids that name none.
 * Those of `unknown` sessions are `errors` and `before-lookup`.
 * @param granted id of the session that was granted; ids of no session take its form.
 */
export function refusalSpecs(settings: Given, against: RefusalSpec['against'], granted = ''): readonly RefusalSpec[] {
  const primary: CredentialName = settings.apiKey === undefined ? 'bearer' : 'api-key';
  if (against === 'unknown') return unknownSpecs(primary, granted);
  const invalid = against === 'live' ? INVALID_ON_LIVE : INVALID_ON_COMPLETED;
  const made = invalid.filter((name) => canMake(settings, name));
  return [
    spec(`auth.missing/${against}`, 'missing', 'no credential', against, 'none'),
    ...made.map((name) => spec(`auth.invalid/${name}/${against}`, 'invalid', readable(name), against, name)),
    ...(settings.otherApiKey === undefined
      ? []
      : [spec(`auth.isolation/${against}`, 'isolation', "another account's key", against, 'other-account')]),
  ];
}

function unknownSpecs(primary: CredentialName, granted: string): readonly RefusalSpec[] {
  const unknown = encodeURIComponent(idOfNoSession(granted));
  return [
    spec('errors.not-found', 'not-found', 'id of no session', 'unknown', primary, unknown),
    ...MALFORMED_IDS.map(([variant, segment]) =>
      spec(`errors.bad-request/${variant.replaceAll(' ', '-')}`, 'bad-request', variant, 'unknown', primary, segment),
    ),
    spec('auth.before-lookup/none', 'before-lookup', 'no credential', 'unknown', 'none', unknown),
    spec('auth.before-lookup/wrong-api-key', 'before-lookup', 'wrong api key', 'unknown', 'wrong-api-key', unknown),
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
  const source = name.endsWith('bearer') ? settings.bearerToken : settings.apiKey;
  if (name.startsWith('near-') || name.startsWith('extended-')) return source !== undefined;
  return !name.startsWith('truncated-') || (source?.length ?? 0) >= 4;
}

function readable(name: CredentialName): string {
  return name.replaceAll('-', ' ');
}

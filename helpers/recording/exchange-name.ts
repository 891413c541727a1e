import { type Exchange, ON_GRANTED_CONNECTION } from './recording.ts';

type Named = Pick<Exchange, 'id' | 'purpose' | 'credential' | 'streamId'>;

/**
 * What people call an exchange, as a noun phrase: `subscriber "late"`, `the request without credentials to the live
 * session`. Its id stands behind, for machines.
 */
export function exchangeName({ id, purpose, credential, streamId }: Named): string {
  switch (purpose.kind) {
    case 'subscription':
      if (purpose.role === 'unwatched') return 'the snapshot of the session that nobody watched';
      return purpose.role === 'snapshot' ? snapshotName(id, streamId) : `subscriber "${shortened(id)}"`;
    case 'refusal':
      return refusalName(purpose, credential);
    case 'burst':
      return `request ${id.replace(/^burst\//, '')} of the burst`;
    case 'burst-recovery':
      return 'the request after the burst';
    case 'session':
      return {
        create: 'the request that creates the session',
        status: "the request for the session's status",
        append: 'the request that gives the session more text',
        cancel: 'the request that cancels the session',
      }[purpose.step];
  }
}

const READING = /-(again|bearer)$/;
const READINGS: Readonly<Record<string, string>> = {
  again: 'the second reading of ',
  bearer: 'the reading with the bearer token of ',
};

function snapshotName(id: string, streamId: string | undefined): string {
  const how = READINGS[READING.exec(id)?.[1] ?? ''] ?? '';
  const session = id.replace(READING, '');
  if (session === 'snapshot') return `${how}the snapshot`;
  return session.startsWith('completed-')
    ? `${how}the snapshot of session ${shortened(streamId ?? session)}`
    : `subscriber "${shortened(id)}"`;
}

type Refusal = Extract<Exchange['purpose'], { kind: 'refusal' }>;

function refusalName({ probe, variant, against }: Refusal, credential: Exchange['credential']): string {
  const session = against === 'unknown' ? 'for an unknown session' : `to the ${against} session`;
  switch (probe) {
    case 'not-found':
      return 'the request for an unknown session';
    case 'bad-request':
      return `the request for a malformed id (${shortened(variant)})`;
    case 'isolation':
      return `the request with another account's key ${session}`;
    default:
      if (variant === ON_GRANTED_CONNECTION)
        return `the request without credentials ${session} that followed a granted one on its connection`;
      return credential === 'none'
        ? `the request without credentials ${session}`
        : `the request with ${credentialName(variant)} ${session}`;
  }
}

const ADJECTIVES: Readonly<Record<string, string>> = {
  wrong: 'a wrong %',
  near: 'a nearly right %',
  empty: 'an empty %',
  truncated: 'a % cut short',
  extended: 'a % with characters added',
  recased: 'a % with small and capital letters swapped',
  shortened: 'a % without its last character',
  lengthened: 'a % with one character more',
  relabelled: 'the right % under another scheme',
};

/** `near api key` as written in a recording: which credential, and what is wrong with it. */
function credentialName(variant: string): string {
  if (variant === 'other scheme') return 'another scheme than Bearer';
  const [, adjective = '', kind] = /^(\w+) (api key|bearer)$/.exec(variant) ?? [];
  const name = kind === 'bearer' ? 'bearer token' : 'API key';
  return (
    ADJECTIVES[adjective]?.replace('%', name).replace(/^a (?=API)/, 'an ') ?? `this credential: ${shortened(variant)}`
  );
}

function shortened(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 40)}…${text.slice(-16)}`;
}

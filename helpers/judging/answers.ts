import { Buffer } from 'node:buffer';
import type { RequirementId } from '../contract/types.ts';
import { exchangeName } from '../recording/exchange-name.ts';
import {
  type EarlierWords,
  type Exchange,
  GUESSED_ID,
  REFUSED_FORM,
  type Recording,
  type RefusalProbe,
  TELLING_SILENCE_SECONDS,
} from '../recording/recording.ts';
import type { Evidence, Unverified, Violation } from './check.ts';
import { hasUnreadableHead, header } from './evidence.ts';
import { blockedBy, type Findings, measuredSeconds, printable, quoted } from './findings.ts';

/** What a request got: a status to judge, a 429 that patience did not outlast, or nothing. */
export type Answer =
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'rate-limited' }
  /** `ours`: our own bound, or the way there, may be the cause, which says nothing about the target. */
  | { readonly kind: 'none'; readonly ours: boolean; readonly reason: string };

const WAY_THERE: ReadonlySet<string> = new Set(['dns', 'tls', 'proxy']);

export function answerTo(exchange: Exchange): Answer {
  const { response, ending } = exchange;
  if (response !== undefined)
    return response.status === 429 ? { kind: 'rate-limited' } : { kind: 'status', status: response.status };
  if (ending.kind === 'stopped') return { kind: 'none', ours: true, reason: `stopped by us (${ending.bound})` };
  if (ending.kind !== 'no-response') return { kind: 'none', ours: false, reason: ending.kind };
  return {
    kind: 'none',
    ours: WAY_THERE.has(ending.fault) || (ending.fault === 'timeout' && !isLeftUnanswered(exchange)),
    reason: printable(`${ending.fault}: ${ending.detail}`).slice(0, 200),
  };
}

/** Connecting alone is given up sooner. */
function isLeftUnanswered({ purpose, startedAt, ending }: Exchange): boolean {
  return purpose.kind === 'subscription' && ending.at - startedAt >= TELLING_SILENCE_SECONDS;
}

/** Every exchange with the certified operation: neither the sibling endpoints, nor ids that may never have reached it. */
export function wordsExchanges(recording: Recording): readonly Exchange[] {
  return recording.exchanges.filter((exchange) => exchange.purpose.kind !== 'session' && reachesOperation(exchange));
}

/**
 * Whether the application itself surely answered. A proxy, HTTP server or router may answer an id with `%00`, `%2f` or
 * 1,000 characters by itself, in any form: that is no request for the operation. Letters alone get through everywhere.
 */
export function reachesOperation({ purpose, request }: Exchange): boolean {
  if (purpose.kind !== 'refusal' || purpose.probe !== 'bad-request') return true;
  return /\/[A-Za-z]{1,300}\/words$/.test(request.url);
}

/** The answers that refuse a malformed id. */
export const REFUSED_ID: readonly number[] = [404, ...REFUSED_FORM];

/** Why the answer to a made-up id proves nothing: with valid credentials, too, it is refused for its form; undefined where it is not. */
export function refusedForForm({ response, request }: Exchange, recording: Recording): Unverified | undefined {
  const status = response?.status ?? 0;
  const isFormRefused = refusals(recording, 'not-found').some(
    (asked) =>
      asked.request.url === request.url &&
      variantOf(asked) === GUESSED_ID &&
      REFUSED_FORM.includes(asked.response?.status ?? 0),
  );
  return isFormRefused && REFUSED_FORM.includes(status) ? unsureOfGuess(status) : undefined;
}

/** @param status of the answer to an id that the run made up. */
export function unsureOfGuess(status: number): Unverified {
  return {
    reason: `The run could not make up an id that surely names no session: one of the known form was answered ${status}, perhaps for a check digit or because it names another session.`,
    remedy: 'Set WORDS_UNKNOWN_STREAM_ID to an id in the form of the target’s that names no session.',
  };
}

/** Subscriptions with a valid credential; what was asked again is not among them. */
export function subscriptionRequests(recording: Recording): readonly Exchange[] {
  return recording.exchanges.filter(
    ({ purpose, supersededBy }) => purpose.kind === 'subscription' && supersededBy === undefined,
  );
}

/** Requests that are there to be refused; what was asked again is not among them. */
export function refusals(recording: Recording, probe: RefusalProbe): readonly Exchange[] {
  return recording.exchanges.filter(
    ({ purpose, supersededBy }) => purpose.kind === 'refusal' && purpose.probe === probe && supersededBy === undefined,
  );
}

export function variantOf({ purpose, id }: Exchange): string {
  return purpose.kind === 'refusal' ? purpose.variant : id;
}

/** Whether the request from which this one differs in one thing has been answered 200 in this run. */
function controlSucceeded(exchange: Exchange, recording: Recording): boolean {
  return recording.exchanges.some(
    ({ id, purpose, response }) =>
      response?.status === 200 &&
      (exchange.control === undefined ? purpose.kind === 'subscription' : id === exchange.control),
  );
}

/** The requests of a probe that the target answered, and rejected for the right reason: the control succeeded. */
export function provoked(evidence: Evidence, probe: RefusalProbe, findings: Findings): readonly Exchange[] {
  return refusals(evidence.recording, probe).filter((exchange) => {
    const answer = answerTo(exchange);
    if (!controlSucceeded(exchange, evidence.recording)) {
      const reason = `${exchangeName(exchange)}: the matching valid request failed, so a rejection proves nothing.`;
      findings.note(reason);
      findings.explain(blockedBy({ because: 'http.status', reason }));
    } else if (answer.kind === 'rate-limited') {
      findings.note(`${exchangeName(exchange)}: answered ${shownAnswer(exchange)}, so it shows nothing.`);
      findings.explain(rateLimited(exchange));
    } else if (answer.kind === 'none' && answer.ours) findings.note(`${exchangeName(exchange)}: ${answer.reason}.`);
    else return true;
    return false;
  });
}

/** A 429 that patience did not outlast. Names no request: one limit, or one ban, is told once for all that it hides. */
export function rateLimited(exchange: Exchange): Unverified {
  return {
    reason: `Requests were answered ${shownAnswer(exchange)} until the run's patience ended.`,
    remedy: 'Run again with a higher rate limit.',
  };
}

/**
 * The one requirement that a refused subscription breaks. A credential that never opens a stream which the other
 * credential opens breaks auth, and so does one answered 401 or 403 for the live stream alone, or for the snapshot alone; a snapshot that is refused while other subscriptions open breaks snapshot.served; every
 * other one breaks http.status. Undefined for a subscription that was answered 200, or that the run itself ended.
 */
export function refusedBecause(exchange: Exchange, recording: Recording): RequirementId | undefined {
  const answer = answerTo(exchange);
  if (answer.kind === 'rate-limited' || (answer.kind === 'none' && answer.ours)) return undefined;
  if (answer.kind === 'status' && answer.status === 200) return undefined;
  if (hasUnreadableHead(exchange)) return 'http.head';
  const opened = subscriptionRequests(recording).filter(({ response }) => response?.status === 200);
  const sameStream = opened.filter(({ streamId }) => streamId === exchange.streamId);
  const { credential, purpose } = exchange;
  const isAboutCredential = answer.kind === 'status' && (answer.status === 401 || answer.status === 403);
  const alike = sameStream.filter((other) => !isAboutCredential || isSnapshot(other) === isSnapshot(exchange));
  if (answer.kind === 'status' && alike.length > 0 && alike.every((other) => other.credential !== credential)) {
    if (credential === 'api-key') return 'auth.api-key';
    if (credential === 'bearer') return 'auth.bearer';
  }
  if (purpose.kind === 'subscription') {
    if (purpose.role === 'unwatched' && opened.length > 0) return 'snapshot.unwatched';
    if ((purpose.role === 'snapshot' && opened.length > 0) || isLost(exchange, recording)) return 'snapshot.served';
  }
  return 'http.status';
}

/** Why a refusal proves nothing: it is of a session whose id the operator gave, and that nothing else is known of. */
export function unprovenAsGiven(exchange: Exchange, recording: Recording): Unverified | undefined {
  const { streamId = '', response } = exchange;
  const stream = recording.streams.find((candidate) => candidate.streamId === streamId);
  const status = response?.status ?? 0;
  if (!REFUSED_SESSION.includes(status) || stream === undefined || stream.origin === 'create') return undefined;
  // A session that failed may have no words.
  const isKnown = stream.statuses.some(({ status: state }) => state !== 'error');
  // That it exists proves nothing of the credential.
  if (status === 404 && (isKnown || earlierOf(exchange, recording) !== undefined)) return undefined;
  const isOpenElsewhere = subscriptionRequests(recording).some(
    (other) => other.streamId === streamId && other.response?.status === 200,
  );
  if (isOpenElsewhere) return undefined;
  const setting = stream.state === 'live' ? 'WORDS_LIVE_STREAM_ID' : 'WORDS_COMPLETED_STREAM_ID';
  const given = `${quoted(streamId, 60)}, which the run was given as a ${stream.state} session`;
  return {
    reason: `${exchangeName(exchange)} was answered ${status}: the target does not ${status === 404 ? 'know' : 'open'} ${given}.`,
    remedy: `Check ${stream.origin === 'command' ? 'what WORDS_SESSION_COMMAND prints' : setting}. Where it names a session of this account, the target ${status === 404 ? 'has lost it' : 'keeps it from its owner'}.`,
  };
}

/** The answers that a session of nobody, or of another account, gets. */
const REFUSED_SESSION: readonly number[] = [401, 403, 404];

function isSnapshot({ purpose }: Exchange): boolean {
  return purpose.kind === 'subscription' && purpose.role === 'snapshot';
}

/** What an earlier recording of this target holds of the stream: then the id is right, and the session existed. */
export function earlierOf({ streamId }: Exchange, { earlier, target }: Recording): EarlierWords | undefined {
  return earlier.find((one) => one.streamId === streamId && (one.baseUrl ?? target.baseUrl) === target.baseUrl);
}

/** For a session of the run's own that is not known yet: how long it had existed, and its status. */
export function whenCreated({ streamId, response }: Exchange, { streams }: Recording): string {
  const stream = streams.find((one) => one.streamId === streamId);
  if (response?.status !== 404 || stream?.createdAt === undefined) return '';
  const status = stream.statuses[0]?.status;
  const known = status === undefined ? '' : `, with the status ${quoted(status, 40)}`;
  return `, ${measuredSeconds(response.at - stream.createdAt)} after the session was created${known}; a created session is known, whether or not it speaks yet`;
}

/** Whether a session that an earlier recording holds is there no more. */
export function isLost(exchange: Exchange, recording: Recording): boolean {
  const status = exchange.response?.status;
  return (status === 404 || status === 410) && earlierOf(exchange, recording) !== undefined;
}

/** Where a finding about the head of a response stands. */
export function atHead(exchange: Exchange): Pick<Violation, 'exchange' | 'at'> {
  return { exchange: exchange.id, at: exchange.response?.at ?? exchange.ending.at };
}

/** Where a finding about a whole body stands. */
export function atBody(exchange: Exchange): Pick<Violation, 'exchange' | 'at' | 'byteOffset' | 'byteLength'> {
  const byteLength = exchange.chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);
  return byteLength === 0 ? atHead(exchange) : { ...atHead(exchange), byteOffset: 0, byteLength };
}

/** `404 ("No such session.")`, `404, from a cache (Age: 120)`, `302 to "https://…"`, or why there is no answer. */
export function shownAnswer(exchange: Exchange): string {
  const answer = answerTo(exchange);
  if (answer.kind === 'none') return `no response (${answer.reason})`;
  const status = exchange.response?.status ?? 429;
  const location = status >= 300 && status < 400 ? header(exchange, 'location') : undefined;
  if (location !== undefined) return `${status} to ${quoted(location, 120)}, not followed`;
  const said = status < 400 ? undefined : messageOf(exchange);
  const cache = status < 400 ? undefined : cacheOf(exchange);
  return [
    `${status}${said === undefined ? '' : ` (${quoted(said, 120)})`}`,
    ...(cache === undefined ? [] : [`from a cache (${cache})`]),
  ].join(', ');
}

/** What the target says of its refusal: why a request is banned, or that a session is not there yet. */
function messageOf({ chunks }: Exchange): string | undefined {
  try {
    const message: unknown = JSON.parse(Buffer.concat(chunks.map(({ bytes }) => bytes)).toString('utf8'))?.error
      ?.message;
    return typeof message === 'string' && message.trim() !== '' ? message : undefined;
  } catch {
    return undefined;
  }
}

/** RFC 9111 §5.1; caches that say less use X-Cache or CF-Cache-Status. */
function cacheOf(exchange: Exchange): string | undefined {
  const age = header(exchange, 'age')?.trim() ?? '';
  if (/^\d*[1-9]\d*$/.test(age)) return `Age: ${age}`;
  for (const name of ['X-Cache', 'CF-Cache-Status']) {
    const value = header(exchange, name.toLowerCase()) ?? '';
    if (/\bhit\b/i.test(value)) return printable(`${name}: ${value.slice(0, 60)}`);
  }
  return undefined;
}

import type { RequirementId } from '../contract/types.ts';
import {
  type Exchange,
  type Need,
  type Recording,
  type RefusalProbe,
  type SubscriptionRole,
  TELLING_SILENCE_SECONDS,
} from '../recording/recording.ts';
import type { Evidence, Judgement, Unverified, Violation } from './check.ts';
import { hasUnreadableHead, header } from './evidence.ts';
import { blockedBy, type Findings, printable, quoted } from './findings.ts';
import { wordsSpoiltBy } from './root-causes.ts';

/** What a request got: a status to judge, a 429 that patience did not outlast, or nothing. */
export type Answer =
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'rate-limited' }
  /** `ours`: our own bound, or the way there, may be the cause, so that nothing is held against the target. */
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

/** Subscriptions with a valid credential; a 429 that was waited out is not among them. */
export function subscriptionRequests(recording: Recording): readonly Exchange[] {
  return recording.exchanges.filter(
    ({ purpose, supersededBy }) => purpose.kind === 'subscription' && supersededBy === undefined,
  );
}

/** Requests that are there to be refused; a 429 that was waited out is not among them. */
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

/** The requests of a probe whose answer is the target's own, and rejected for the right reason: the control succeeded. */
export function provoked(evidence: Evidence, probe: RefusalProbe, findings: Findings): readonly Exchange[] {
  return refusals(evidence.recording, probe).filter((exchange) => {
    const answer = answerTo(exchange);
    if (!controlSucceeded(exchange, evidence.recording)) findings.note(`${exchange.id}: its control did not succeed.`);
    else if (answer.kind === 'rate-limited') findings.note(`${exchange.id}: answered 429, so it shows nothing.`);
    else if (answer.kind === 'none' && answer.ours) findings.note(`${exchange.id}: ${answer.reason}.`);
    else return true;
    return false;
  });
}

/**
 * The one requirement that a refused subscription breaks. A credential that never opens a stream which the other
 * credential opens is the matter of auth; a snapshot that is refused where other subscriptions open is the matter of
 * snapshot.served; everything else is http.status. Undefined where the subscription was answered 200, or where nothing
 * is held against the target.
 */
export function refusedBecause(exchange: Exchange, recording: Recording): RequirementId | undefined {
  const answer = answerTo(exchange);
  if (answer.kind === 'rate-limited' || (answer.kind === 'none' && answer.ours)) return undefined;
  if (answer.kind === 'status' && answer.status === 200) return undefined;
  if (hasUnreadableHead(exchange)) return 'http.head';
  const opened = subscriptionRequests(recording).filter(({ response }) => response?.status === 200);
  const sameStream = opened.filter(({ streamId }) => streamId === exchange.streamId);
  const { credential, purpose } = exchange;
  if (
    answer.kind === 'status' &&
    sameStream.length > 0 &&
    sameStream.every((other) => other.credential !== credential)
  ) {
    if (credential === 'api-key') return 'auth.api-key';
    if (credential === 'bearer') return 'auth.bearer';
  }
  if (purpose.kind === 'subscription' && opened.length > 0) {
    if (purpose.role === 'unwatched') return 'snapshot.unwatched';
    if (purpose.role === 'snapshot') return 'snapshot.served';
  }
  return 'http.status';
}

/** A need that the operator left out of the run on purpose. */
export function declaredOut(recording: Recording, need: Need): Judgement['notApplicable'] {
  const unmet = recording.unmet.find((entry) => entry.need === need && entry.declared);
  return unmet && { reason: unmet.reason, remedy: unmet.remedy };
}

/** Why there is no opened subscription of these roles to judge, or none that a rule could look at. */
export function whyAbsent(evidence: Evidence, roles: readonly SubscriptionRole[], need: Need): Unverified {
  const { recording } = evidence;
  const refused = evidence.unopened.find(
    ({ exchange: { purpose } }) => purpose.kind === 'subscription' && roles.includes(purpose.role),
  );
  if (refused !== undefined) {
    const answer = answerTo(refused.exchange);
    if (answer.kind === 'rate-limited')
      return (
        evidence.unmet(need) ?? {
          reason: `${refused.exchange.id} was answered 429 until the run's patience ended.`,
          remedy: 'Run again with a higher rate limit.',
        }
      );
    const because = refusedBecause(refused.exchange, recording) ?? refused.because;
    return blockedBy({ because, reason: `${refused.reason}.` });
  }
  const present = evidence.subscriptions.filter(({ role }) => roles.includes(role));
  const spoilt = present.map(({ transcript }) => wordsSpoiltBy(transcript)).find((obstacle) => obstacle);
  if (spoilt !== undefined) return blockedBy(spoilt);
  const unmet = evidence.unmet(need) ?? evidence.unmet('live-session') ?? evidence.unmet('known-session');
  if (unmet !== undefined) return unmet;
  return {
    reason: `The recording holds no subscription of the kind this rule needs (${roles.join(', ')}).`,
    remedy: 'Run again against a session that can be listened to from its start to its end.',
  };
}

/** Why a rule about refusals observed none. */
export function nothingProvoked(evidence: Evidence, probe: RefusalProbe, need: Need = 'known-session'): Unverified {
  const { recording } = evidence;
  const asked = refusals(recording, probe);
  if (asked.length > 0 && !asked.some((exchange) => controlSucceeded(exchange, recording)))
    return {
      reason: 'The request from which these differ in one thing did not succeed, so that a refusal proves nothing.',
      remedy: 'Repair what keeps a valid subscription from being opened, then run again.',
      because: 'http.status',
    };
  if (asked.some((exchange) => answerTo(exchange).kind === 'rate-limited'))
    return { reason: 'Every such request was answered 429.', remedy: 'Run again with a higher rate limit.' };
  const unmet = evidence.unmet(need);
  return unmet ?? noAnswers(evidence, `answer to a request of the probe ${probe}`, 'Run the probes of refusals.');
}

/** Why a rule about answers observed none. */
export function noAnswers(evidence: Evidence, what: string, remedy: string): Unverified {
  const { failure } = evidence.recording;
  if (failure !== undefined)
    return {
      reason: printable(failure.message),
      remedy: printable(failure.remedy),
      ...(failure.requirement === undefined ? {} : { because: failure.requirement as RequirementId }),
    };
  return evidence.unmet('known-session') ?? { reason: `The recording holds no ${what}.`, remedy };
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

/** `404`, or `302 to "https://…"`, or why there is none. */
export function shownAnswer(exchange: Exchange): string {
  const answer = answerTo(exchange);
  if (answer.kind === 'none') return `no response (${answer.reason})`;
  const status = exchange.response?.status ?? 429;
  const location = status >= 300 && status < 400 ? header(exchange, 'location') : undefined;
  return location === undefined ? `${status}` : `${status} to ${quoted(location, 120)}, not followed`;
}

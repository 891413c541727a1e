import { Buffer } from 'node:buffer';
import { headerValue } from '../recording/har.ts';
import { type RunFailure, TELLING_SILENCE_SECONDS, type UnmetNeed } from '../recording/recording.ts';
import type { Settings } from '../settings/settings.ts';
import type { ProbeOutcome } from './probe.ts';
import { StreamWatch } from './watch.ts';

interface Subscribed {
  readonly baseUrl: string;
  readonly settings: Pick<Settings, 'session' | 'completedStreamIds'>;
  readonly streamId: string;
}

/** Why a run cannot go on: a failure, or what it lacks for a verdict, where a bound of the run's own was reached. */
export type Stop = { readonly failure: RunFailure } | { readonly unmet: UnmetNeed };

/** The run cannot go on: said once, and nothing more is sent. */
export class RunStopped extends Error {
  override readonly name = 'RunStopped';
  readonly stop: Stop;

  constructor(stop: Stop) {
    super('failure' in stop ? stop.failure.message : stop.unmet.reason);
    this.stop = stop;
  }
}

const LARGE_HEAD = 'answered with a head that is larger than 64 KB';
const CREATE_OTHERWISE =
  'Give sessions another way: WORDS_SESSION=ids with WORDS_LIVE_STREAM_ID, or WORDS_SESSION=command with WORDS_SESSION_COMMAND.';
const CREDENTIAL_REMEDY =
  'Check WORDS_API_KEY and WORDS_BEARER_TOKEN: right account, not expired, for this environment.';

function failure(cause: string, message: string, remedy: string): RunFailure {
  return { cause, message, remedy };
}

/** Why nothing came back at all, in words for the operator. */
function unreachable({ ending }: ProbeOutcome, baseUrl: string): RunFailure {
  if (ending.kind !== 'no-response') {
    const how = ending.kind === 'stopped' && ending.bound !== 'header-bytes' ? 'gave no answer in time' : LARGE_HEAD;
    return failure('malformed', `${baseUrl} ${how}.`, 'Check that WORDS_BASE_URL names the API.');
  }
  const { fault, detail } = ending;
  const said: Record<typeof fault, readonly [message: string, remedy: string]> = {
    dns: [`${baseUrl}: the host name is not known`, 'Check WORDS_BASE_URL, and the network that this machine is in.'],
    refused: [`Nothing listens at ${baseUrl}`, 'Check WORDS_BASE_URL, port included, and that the target runs.'],
    tls: [
      `${baseUrl}: no trusted TLS connection`,
      'If the target has a certificate of a private authority, name its file in NODE_EXTRA_CA_CERTS. Check host name and expiry.',
    ],
    reset: [
      `${baseUrl} closed the connection without an answer`,
      'Check that WORDS_BASE_URL names the API, scheme and port included.',
    ],
    timeout: [`${baseUrl} gave no answer in time`, 'Check that the target runs and that no firewall stands between.'],
    proxy: [
      `The proxy on the way to ${baseUrl} did not let the request through`,
      'Check HTTP_PROXY, HTTPS_PROXY and NO_PROXY.',
    ],
    malformed: [`${baseUrl} does not speak HTTP/1.1`, 'Check the scheme and the port in WORDS_BASE_URL.'],
    other: [`${baseUrl} cannot be reached`, 'Check WORDS_BASE_URL and the network.'],
  };
  if (fault === 'tls' && /wrong[ _]version[ _]number/i.test(detail))
    return failure(
      fault,
      `What listens at ${baseUrl} speaks no TLS.`,
      'Write http:// in WORDS_BASE_URL, or give the port that speaks TLS.',
    );
  if (detail.includes('speaks HTTP/2 only'))
    return failure(
      fault,
      `${baseUrl} speaks HTTP/2 only, and this suite speaks HTTP/1.1.`,
      'Let the target, or a proxy before it, speak HTTP/1.1 too.',
    );
  const [message, remedy] = said[fault];
  return failure(fault, `${message} (${detail}).`, remedy);
}

/** What the answer to `POST /v3/avatar-realtime` says about the run, where it created nothing. */
export function createFailure(outcome: ProbeOutcome, baseUrl: string): RunFailure {
  const { response } = outcome;
  if (!response) return unreachable(outcome, baseUrl);
  const { status } = response;
  const said = `POST /v3/avatar-realtime was answered ${status}${errorMessage(outcome.text)}.`;
  if (status === 401 || status === 403)
    return failure('credential', `The credential was not accepted: ${said}`, CREDENTIAL_REMEDY);
  if (status === 402)
    return failure('credit', `The account has too little credit: ${said}`, `Add credit. ${CREATE_OTHERWISE}`);
  if (status === 429)
    return failure(
      'rate-limit',
      `The target allows no session now: ${said}`,
      'Wait until other sessions of the account have ended (three at the same time are usual), then run again.',
    );
  if (status === 404 || status === 405 || status === 501)
    return failure('create', `The target creates no sessions: ${said}`, CREATE_OTHERWISE);
  if (status === 400 || status === 422)
    return failure(
      'create',
      said,
      `Check WORDS_AVATAR_ID, WORDS_VOICE_ID and WORDS_SESSION_TYPE (text_stream or tts). ${CREATE_OTHERWISE}`,
    );
  if (isHtml(outcome))
    return failure(
      'html',
      `An HTML page answered in place of the API, perhaps of a proxy or a login: ${said}`,
      `Check that ${baseUrl} is the API itself, and HTTP_PROXY, HTTPS_PROXY and NO_PROXY.`,
    );
  if (status >= 500)
    return failure('server-error', `The target failed: ${said}`, `Run again later. ${CREATE_OTHERWISE}`);
  if (status === 407)
    return failure(
      'proxy',
      `The proxy on the way to ${baseUrl} asks for a password: ${said}`,
      'Write it into HTTP_PROXY or HTTPS_PROXY: http://user:password@proxy:port.',
    );
  if (status >= 400) return failure('create', said, CREATE_OTHERWISE);
  if (status >= 300)
    return failure(
      'redirect',
      `The target sent the run elsewhere, and credentials go nowhere else: ${said}`,
      'Set WORDS_BASE_URL to the final address.',
    );
  return failure(
    'create',
    `The answer to POST /v3/avatar-realtime (${status}) holds no data.stream_id.`,
    CREATE_OTHERWISE,
  );
}

interface Answering {
  /** Whether the target has answered any other request of the run. */
  readonly answered: boolean;
  /** Whether it tells the status of this session. */
  readonly isKnown?: boolean;
}

/**
 * What the first subscription says about the run, where it opened no event stream; null where it did.
 */
export function subscriptionFailure(
  outcome: ProbeOutcome,
  { baseUrl, settings, streamId, answered, isKnown = false }: Subscribed & Answering,
): Stop | null {
  const { response } = outcome;
  if (!response) return answered ? unanswered(outcome, streamId) : { failure: unreachable(outcome, baseUrl) };
  const { mode } = settings.session;
  const { status } = response;
  const type = headerValue(response.headers, 'content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (status === 200 && (type === 'text/event-stream' || isEventStream(outcome))) return null;
  const said = `the words of session ${streamId} were answered ${status}${errorMessage(outcome.text)}`;
  const stop = (...said: Parameters<typeof failure>): Stop => ({ failure: failure(...said) });
  if (status === 200) return breach('http.content-type', `200, but as ${type || 'no media type'}: ${said}`);
  if (status === 429)
    return stop(
      'rate-limit',
      `The target's rate limit leaves no room for a run: ${said}.`,
      'Wait, or ask for a higher limit for this account.',
    );
  if (mode !== 'create' && (status === 401 || status === 403))
    return stop(
      'credential',
      `The credential was not accepted, or not for this session: ${said}.`,
      `${CREDENTIAL_REMEDY} Check ${sourceOf(streamId, settings)} as well: the session may be another account's.`,
    );
  if (mode !== 'create' && status === 404 && !isKnown)
    return stop(
      'session',
      `The target does not know the session: ${said}.`,
      `Check ${sourceOf(streamId, settings)}, and that the credential is of the same account.`,
    );
  return breach('http.status', `A known session with valid credentials: ${said}, not 200`);
}

/** Which setting a stream id came from. */
function sourceOf(streamId: string, { session, completedStreamIds }: Subscribed['settings']): string {
  if (session.mode === 'command') return 'what WORDS_SESSION_COMMAND prints';
  if (session.mode === 'ids' && session.liveStreamId === streamId) return 'WORDS_LIVE_STREAM_ID';
  return completedStreamIds.includes(streamId) ? 'WORDS_COMPLETED_STREAM_ID' : 'WORDS_EARLIER_RECORDING';
}

function breach(requirement: string, message: string): Stop {
  const remedy = 'See the exchange in the report; every rule about streams waits for it.';
  return { failure: { cause: 'answer', message: `${message}.`, remedy, requirement } };
}

/** The target answers its other endpoints, so that it is there, and speaks HTTP. */
function unanswered({ ending, startedAt }: ProbeOutcome, streamId: string): Stop {
  const said = `The words of session ${streamId}`;
  const unmet = (how: string, remedy: string): Stop => ({
    unmet: { need: 'known-session', declared: false, reason: `${said} ${how}.`, remedy },
  });
  const raise = (setting: string) => `Raise ${setting}, or see at the target what keeps it from answering.`;
  if (ending.kind === 'stopped' && ending.bound === 'header-bytes')
    return unmet(`were ${LARGE_HEAD}`, 'Send a smaller head: few clients read as much as this one.');
  if (ending.kind !== 'no-response')
    return unmet("were not answered within the run's bound", raise('WORDS_MAX_RUN_SECONDS'));
  const { fault, detail, at } = ending;
  if (fault === 'malformed')
    return breach('http.head', `${said} were answered with a head that no strict HTTP/1.1 client reads (${detail})`);
  if (fault === 'timeout' && at - startedAt < TELLING_SILENCE_SECONDS)
    return unmet(`got no answer in time (${detail})`, raise('WORDS_MAX_SECONDS'));
  return breach('http.status', `${said} got no answer (${detail}), where other requests were answered`);
}

function isEventStream({ text }: ProbeOutcome): boolean {
  const watch = new StreamWatch();
  watch.push(0, Buffer.from(text));
  return watch.isEventStream;
}

function isHtml(outcome: ProbeOutcome): boolean {
  const type = headerValue(outcome.response?.headers, 'content-type') ?? '';
  return /html/i.test(type) || /^\s*<(!doctype|html)/i.test(outcome.text);
}

/** `: message` of the documented error envelope, where there is one. */
function errorMessage(text: string): string {
  try {
    const error: unknown = JSON.parse(text)?.error;
    const message = error !== null && typeof error === 'object' && 'message' in error ? error.message : undefined;
    // The sentence that it stands in has a full stop of its own.
    return typeof message === 'string' ? `: ${printable(message).replace(/\.$/, '')}` : '';
  } catch {
    return '';
  }
}

function printable(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ')
    .trim()
    .slice(0, 200);
}

import type { RunFailure } from '../recording/recording.ts';
import type { SessionSettings } from '../settings/settings.ts';
import type { Outcome } from './probe.ts';

/** The run cannot go on: said once, and nothing more is sent. */
export class RunStopped extends Error {
  override readonly name = 'RunStopped';
  readonly failure: RunFailure;

  constructor(failure: RunFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

const CREATE_OTHERWISE =
  'Give sessions another way: WORDS_SESSION=ids with WORDS_LIVE_STREAM_ID, or WORDS_SESSION=command with WORDS_SESSION_COMMAND.';
const CREDENTIAL_REMEDY =
  'Check WORDS_API_KEY and WORDS_BEARER_TOKEN: right account, not expired, for this environment.';

/** Why nothing came back at all, in words for the operator. */
function unreachable({ ending }: Outcome, baseUrl: string): RunFailure {
  if (ending.kind !== 'no-response')
    return {
      cause: 'malformed',
      message: `${baseUrl} answered with a head that is larger than 64 KB.`,
      remedy: 'Check that WORDS_BASE_URL names the API.',
    };
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
    return {
      cause: fault,
      message: `What listens at ${baseUrl} speaks no TLS.`,
      remedy: 'Write http:// in WORDS_BASE_URL, or give the port that speaks TLS.',
    };
  const [message, remedy] = said[fault];
  return { cause: fault, message: `${message} (${detail}).`, remedy };
}

/** What the answer to `POST /v3/avatar-realtime` says about the run, where it created nothing. */
export function createFailure(outcome: Outcome, baseUrl: string): RunFailure {
  const { response } = outcome;
  if (!response) return unreachable(outcome, baseUrl);
  const { status } = response;
  const said = `POST /v3/avatar-realtime was answered ${status}${errorMessage(outcome.text)}.`;
  if (status === 401 || status === 403)
    return { cause: 'credential', message: `The credential was not accepted: ${said}`, remedy: CREDENTIAL_REMEDY };
  if (status === 402)
    return {
      cause: 'credit',
      message: `The account has too little credit: ${said}`,
      remedy: `Add credit. ${CREATE_OTHERWISE}`,
    };
  if (status === 429)
    return {
      cause: 'rate-limit',
      message: `The target allows no session now: ${said}`,
      remedy: 'Wait until other sessions of the account have ended (three at the same time are usual), then run again.',
    };
  if (status === 404 || status === 405 || status === 501)
    return { cause: 'create', message: `The target creates no sessions: ${said}`, remedy: CREATE_OTHERWISE };
  if (status === 400 || status === 422)
    return {
      cause: 'create',
      message: said,
      remedy: `Check WORDS_AVATAR_ID, WORDS_VOICE_ID and WORDS_SESSION_TYPE (text_stream or tts). ${CREATE_OTHERWISE}`,
    };
  if (isHtml(outcome)) return htmlFailure(said, baseUrl);
  if (status >= 500)
    return {
      cause: 'server-error',
      message: `The target failed: ${said}`,
      remedy: `Run again later. ${CREATE_OTHERWISE}`,
    };
  if (status === 407)
    return {
      cause: 'proxy',
      message: `The proxy on the way to ${baseUrl} asks for a password: ${said}`,
      remedy: 'Write it into HTTP_PROXY or HTTPS_PROXY: http://user:password@proxy:port.',
    };
  if (status >= 400) return { cause: 'create', message: said, remedy: CREATE_OTHERWISE };
  if (status >= 300)
    return {
      cause: 'redirect',
      message: `The target sent the run elsewhere, and credentials go nowhere else: ${said}`,
      remedy: 'Set WORDS_BASE_URL to the final address.',
    };
  return {
    cause: 'create',
    message: `The answer to POST /v3/avatar-realtime (${status}) holds no data.stream_id.`,
    remedy: CREATE_OTHERWISE,
  };
}

/** What the first subscription says about the run, where it opened no event stream; null where it did. */
export function subscriptionFailure(
  outcome: Outcome,
  baseUrl: string,
  mode: SessionSettings['mode'],
  streamId: string,
): RunFailure | null {
  const { response } = outcome;
  if (!response) return unreachable(outcome, baseUrl);
  const { status } = response;
  const type = header(outcome, 'content-type').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (status === 200 && type === 'text/event-stream') return null;
  const said = `the words of session ${streamId} were answered ${status}${errorMessage(outcome.text)}`;
  const breach = (requirement: string, message: string): RunFailure => ({
    cause: 'answer',
    message: `${message}.`,
    remedy: 'See the exchange in the report; every rule about streams waits for it.',
    requirement,
  });
  if (status === 200) return breach('http.content-type', `200, but as ${type || 'no media type'}: ${said}`);
  if (status === 429)
    return {
      cause: 'rate-limit',
      message: `The target's rate limit leaves no room for a run: ${said}.`,
      remedy: 'Wait, or ask for a higher limit for this account.',
    };
  if (mode !== 'create' && (status === 401 || status === 403))
    return { cause: 'credential', message: `The credential was not accepted: ${said}.`, remedy: CREDENTIAL_REMEDY };
  if (mode !== 'create' && status === 404)
    return {
      cause: 'session',
      message: `The target does not know the session: ${said}.`,
      remedy:
        mode === 'ids'
          ? 'Check WORDS_LIVE_STREAM_ID and WORDS_COMPLETED_STREAM_ID, and that the credential is of the same account.'
          : 'Check what WORDS_SESSION_COMMAND prints, and that the credential is of the same account.',
    };
  return breach('http.status', `A known session with valid credentials: ${said}, not 200`);
}

function htmlFailure(said: string, baseUrl: string): RunFailure {
  return {
    cause: 'html',
    message: `An HTML page answered in place of the API, perhaps of a proxy or a login: ${said}`,
    remedy: `Check that ${baseUrl} is the API itself, and HTTP_PROXY, HTTPS_PROXY and NO_PROXY.`,
  };
}

function isHtml(outcome: Outcome): boolean {
  return /html/i.test(header(outcome, 'content-type')) || /^\s*<(!doctype|html)/i.test(outcome.text);
}

function header(outcome: Outcome, name: string): string {
  return outcome.response?.headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? '';
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

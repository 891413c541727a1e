import { Buffer } from 'node:buffer';
import { basename } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { Har } from 'har-format';
import { readSuite } from '../suite.ts';
import { headerValue } from './har.ts';
import { type Exchange, type HeaderList, NEEDS, RECORDING_FORMAT, type Recording } from './recording.ts';
import { Redactor } from './redact.ts';
import type { Secret } from './secret-forms.ts';

/** What a capture is made of: one response of which neither the arrival times nor the circumstances are known. */
interface Captured {
  readonly url: string;
  readonly baseUrl: string;
  readonly streamId: string;
  readonly requestHeaders: HeaderList;
  readonly status: number;
  readonly statusText: string;
  readonly headers: HeaderList;
  readonly body: Buffer;
}

const UNKNOWN = { url: '/v3/avatar-realtime/unknown/words', baseUrl: '', streamId: 'unknown', requestHeaders: [] };
const EVENT_STREAM: HeaderList = [['content-type', 'text/event-stream']];
const FIELD_LINE = /^(?:\ufeff)?\s*(?::|(?:data|event|id|retry)\b)/im;

/** A body saved by `curl -N`, or head and body by `curl -i -N`; undefined where the bytes are neither. */
export function captureOf(bytes: Buffer, path: string): Recording | undefined {
  const text = asUtf8(bytes);
  if (/^HTTP\/\d/.test(text.toString('latin1', 0, 8))) {
    const parsed = headAndBody(text);
    return parsed && recordingOf('head-and-body', path, [{ ...UNKNOWN, ...parsed }]);
  }
  const body = decoded(text, '');
  if (!FIELD_LINE.test(body.toString('latin1', 0, 2 ** 16))) return undefined;
  return recordingOf('body', path, [{ ...UNKNOWN, status: 200, statusText: '', headers: EVENT_STREAM, body }]);
}

/** The words requests in a HAR that a browser saved; undefined where none has a body. */
export function captureOfHar({ log }: Har, path: string): Recording | undefined {
  const captured = log.entries.flatMap(({ request, response }): Captured[] => {
    const [url, baseUrl = '', segment = ''] =
      /^(https?:\/\/[^?#]*?)\/v3\/avatar-realtime\/([^/?#]+)\/words(?=[?#]|$)/.exec(String(request?.url)) ?? [];
    const text = response?.content?.text;
    if (url === undefined || request.method !== 'GET' || typeof text !== 'string') return [];
    return [
      {
        url,
        baseUrl,
        streamId: decodedSegment(segment),
        requestHeaders: namedValues(request.headers),
        status: Number(response.status),
        statusText: String(response.statusText ?? ''),
        headers: namedValues(response.headers),
        body: Buffer.from(text, response.content.encoding === 'base64' ? 'base64' : 'utf8'),
      },
    ];
  });
  return captured.length === 0 ? undefined : recordingOf('har', path, captured);
}

/** When a capture was made, it does not say. */
export const UNKNOWN_TIME = new Date(0).toISOString();

function recordingOf(
  kind: NonNullable<Recording['capture']>['kind'],
  path: string,
  captured: readonly Captured[],
): Recording {
  const file = basename(path);
  const needs = NEEDS.filter((need) => need !== 'known-session');
  const recording: Recording = {
    format: RECORDING_FORMAT,
    suite: readSuite(),
    contract: { title: '', version: '', sha256: '' },
    target: { baseUrl: captured[0]?.baseUrl ?? '' },
    startedAt: UNKNOWN_TIME,
    finishedAt: UNKNOWN_TIME,
    capture: { kind, file },
    settings: {
      sessionMode: 'ids',
      strict: false,
      burst: false,
      hasApiKey: false,
      hasBearerToken: false,
      hasOtherAccount: false,
      speed: 1,
      maxSeconds: 300,
      maxBytes: 2 ** 24,
      endCloseSeconds: 5,
      timeCapToleranceSeconds: 0.1,
    },
    streams: [...new Set(captured.map(({ streamId }) => streamId))].map((streamId) => ({
      streamId,
      origin: 'ids',
      state: 'completed',
      statuses: [],
    })),
    exchanges: captured.map((one, index) =>
      exchangeOf(one, captured.length === 1 ? 'capture' : `capture-${index + 1}`),
    ),
    unmet: needs.map((need) => ({ need, declared: false, ...notShown(file) })),
    stalls: [],
    earlier: [],
  };
  return new Redactor(captured.flatMap(({ requestHeaders }) => secretsIn(requestHeaders))).recording(recording);
}

/** Why a rule cannot be judged by a capture. */
export function notShown(file: string): { readonly reason: string; readonly remedy: string } {
  return {
    reason: `${file} is a capture: it shows what one response held, and neither when its bytes arrived nor how the target answers others.`,
    remedy: 'Run the suite against the target.',
  };
}

function exchangeOf(
  { url, streamId, requestHeaders, status, statusText, headers, body }: Captured,
  id: string,
): Exchange {
  return {
    id,
    purpose: { kind: 'subscription', role: 'snapshot' },
    streamId,
    credential: 'none',
    request: { method: 'GET', url, headers: requestHeaders.filter(([name]) => !/^(cookie|:.*)$/i.test(name)) },
    startedAt: 0,
    response: { at: 0, status, statusText, httpVersion: '1.1', headers },
    chunks: body.length === 0 ? [] : [{ at: 0, bytes: body }],
    wireBytes: body.length,
    // Whether the stream broke off, or only the capture, nobody can tell.
    ending: hasEnd(body) ? { kind: 'complete', at: 0 } : { kind: 'stopped', at: 0, bound: 'interrupt' },
    echoes: [],
  };
}

function hasEnd(body: Buffer): boolean {
  return /(?:^|[\r\n])event: ?end(?:\r\n|\r|\n)(?:[^\r\n]+(?:\r\n|\r|\n))*(?:\r\n|\r|\n)/.test(body.toString('latin1'));
}

/** The last head, behind those of `100 Continue`, proxies and redirects, and what follows it. */
function headAndBody(text: Buffer): Pick<Captured, 'status' | 'statusText' | 'headers' | 'body'> | undefined {
  let rest = text;
  for (;;) {
    const source = rest.toString('latin1', 0, 2 ** 17);
    const head = /^HTTP\/[\d.]+ (\d{3})(?: ([^\r\n]*))?\r?\n((?:[^\r\n]+\r?\n)*)\r?\n/.exec(source);
    if (head === null) return undefined;
    const [whole, status, statusText = '', lines = ''] = head;
    rest = rest.subarray(whole.length);
    if (/^HTTP\/\d/.test(rest.toString('latin1', 0, 8))) continue;
    const headers = lines
      .split(/\r?\n/)
      .filter((line) => line.includes(':'))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()] as const);
    const coding = headerValue(headers, 'content-encoding') ?? '';
    return { status: Number(status), statusText, headers, body: decoded(rest, coding) };
  }
}

/** Without --compressed curl saves a body as it was coded. */
function decoded(body: Buffer, coding: string): Buffer {
  try {
    if (body[0] === 0x1f && body[1] === 0x8b) return gunzipSync(body, { maxOutputLength: 2 ** 28 });
    if (/\bbr\b/i.test(coding)) return brotliDecompressSync(body, { maxOutputLength: 2 ** 28 });
  } catch {
    // Then it was not coded any more.
  }
  return body;
}

/** PowerShell saves what a command prints as UTF-16. */
function asUtf8(bytes: Buffer): Buffer {
  return bytes[0] === 0xff && bytes[1] === 0xfe ? Buffer.from(bytes.toString('utf16le', 2)) : bytes;
}

function namedValues(headers: unknown): HeaderList {
  if (!Array.isArray(headers)) return [];
  return headers.map((header) => [String(header?.name), String(header?.value)] as const);
}

function secretsIn(headers: HeaderList): readonly Secret[] {
  return headers.flatMap(([name, value]): Secret[] => {
    if (/^x-api-key$/i.test(name)) return [{ kinds: ['api-key'], value, placeholder: '$WORDS_API_KEY' }];
    if (!/^authorization$/i.test(name)) return [];
    return [{ kinds: ['bearer'], value: value.replace(/^\w+ +/, ''), placeholder: '$WORDS_BEARER_TOKEN' }];
  });
}

function decodedSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

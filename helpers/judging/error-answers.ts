import { Buffer } from 'node:buffer';
import type { Exchange } from '../recording/recording.ts';
import { REFUSED_ID, wordsExchanges } from './answers.ts';
import type { Evidence } from './check.ts';
import { header, mediaType } from './evidence.ts';
import { measuredSeconds, printable } from './findings.ts';

/** A 4xx or 5xx of the words operation, with its whole body. */
export interface ErrorAnswer {
  readonly exchange: Exchange;
  readonly status: number;
  /** By the contract, which says of no other status what its body is; or it refuses a malformed id in place of a 400. */
  readonly isDocumented: boolean;
  readonly mediaType: string;
  /** The beginning of the body: of a page, its head tells enough. */
  readonly text: string;
  readonly body: ErrorBody;
}

/** `json.error`: the `error` member where the body is an object that has one which is an object. */
type ErrorBody =
  | { readonly kind: 'empty' }
  | { readonly kind: 'not-json'; readonly fault: string }
  /** It had not ended when the run's patience did. */
  | { readonly kind: 'unending'; readonly fault: string }
  | { readonly kind: 'json'; readonly value: unknown; readonly error?: Readonly<Record<string, unknown>> };

const RESPONSES = '/paths/~1v3~1avatar-realtime~1{stream_id}~1words/get/responses';

/** A body beyond this is no error message; it is not held in memory a second time to be judged. */
const LARGEST_READ = 4 * 2 ** 20;
const KEPT_BYTES = 65_536;

/** Error answers whose body came whole or never ended: http.complete-body has one that was cut. */
export function errorAnswers({ recording, contract }: Evidence): readonly ErrorAnswer[] {
  return wordsExchanges(recording).flatMap((exchange) => {
    const status = exchange.response?.status ?? 0;
    if (status < 400 || !isReadable(exchange) || isHuge(exchange)) return [];
    const { purpose } = exchange;
    const isMalformed = purpose.kind === 'refusal' && purpose.probe === 'bad-request';
    const isDocumented = contract.at(`${RESPONSES}/${status}`) !== undefined;
    return [read(exchange, status, isDocumented || (isMalformed && REFUSED_ID.includes(status)))];
  });
}

function isReadable(exchange: Exchange): boolean {
  const { ending } = exchange;
  if (ending.kind === 'complete') return true;
  if (ending.kind !== 'stopped') return false;
  // Where earlier bodies took all bytes that the run reads, this one is stopped at its first.
  return ending.bound === 'seconds' || (ending.bound === 'bytes' && lengthOf(exchange) >= KEPT_BYTES);
}

function isHuge(exchange: Exchange): boolean {
  return lengthOf(exchange) > LARGEST_READ;
}

function lengthOf({ chunks }: Exchange): number {
  return chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

const known = new WeakMap<Exchange, ErrorAnswer>();

function read(exchange: Exchange, status: number, isDocumented: boolean): ErrorAnswer {
  let answer = known.get(exchange);
  if (answer === undefined) {
    const bytes = Buffer.concat(exchange.chunks.map((chunk) => chunk.bytes));
    answer = {
      exchange,
      status,
      isDocumented,
      mediaType: mediaType(header(exchange, 'content-type')),
      text: bytes.toString('utf8', 0, KEPT_BYTES),
      body: exchange.ending.kind === 'complete' ? parsed(bytes) : unending(exchange, bytes.length),
    };
    known.set(exchange, answer);
  }
  return answer;
}

function unending({ startedAt, ending }: Exchange, bytes: number): ErrorBody {
  return {
    kind: 'unending',
    fault: `had not ended after ${measuredSeconds(ending.at - startedAt)} and ${bytes} bytes`,
  };
}

function parsed(bytes: Buffer): ErrorBody {
  if (bytes.length === 0) return { kind: 'empty' };
  if (bytes[0] === 0xef && bytes[1] === 0xbb) return { kind: 'not-json', fault: 'it begins with a byte order mark' };
  try {
    // RFC 8259 §8.1: JSON is UTF-8, and no byte order mark is added.
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    const error = isObject(value) && Object.hasOwn(value, 'error') ? value.error : undefined;
    return { kind: 'json', value, ...(isObject(error) ? { error } : {}) };
  } catch (error) {
    return { kind: 'not-json', fault: printable(error instanceof Error ? error.message : String(error)).slice(0, 160) };
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

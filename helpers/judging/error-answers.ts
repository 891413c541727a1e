import { Buffer } from 'node:buffer';
import type { Contract } from '../contract/types.ts';
import type { Exchange } from '../recording/recording.ts';
import { wordsExchanges } from './answers.ts';
import type { Evidence } from './check.ts';
import { header, mediaType } from './evidence.ts';
import { printable } from './findings.ts';

/** A 4xx or 5xx of the words operation, with its whole body. */
export interface ErrorAnswer {
  readonly exchange: Exchange;
  readonly status: number;
  readonly mediaType: string;
  /** The beginning of the body: of a page, its head tells enough. */
  readonly text: string;
  readonly body: ErrorBody;
}

/** `json.error`: the `error` member where the body is an object that has one which is an object. */
type ErrorBody =
  | { readonly kind: 'empty' }
  | { readonly kind: 'not-json'; readonly fault: string }
  | { readonly kind: 'json'; readonly value: unknown; readonly error?: Readonly<Record<string, unknown>> };

const RESPONSES = '/paths/~1v3~1avatar-realtime~1{stream_id}~1words/get/responses';

/** A body beyond this is no error message; it is not held in memory a second time to be judged. */
const LARGEST_READ = 4 * 2 ** 20;
const KEPT_BYTES = 65_536;

/**
 * Error answers whose status the contract documents and whose body came whole. A status that it does not document is
 * the matter of the rule that asked, and a cut body that of http.complete-body: their bodies would only repeat it.
 */
export function errorAnswers({ recording, contract }: Evidence): readonly ErrorAnswer[] {
  return wordsExchanges(recording).flatMap((exchange) => {
    const status = exchange.response?.status ?? 0;
    if (status < 400 || exchange.ending.kind !== 'complete' || isHuge(exchange) || !isDocumented(contract, status))
      return [];
    return [read(exchange, status)];
  });
}

function isHuge({ chunks }: Exchange): boolean {
  return chunks.reduce((sum, { bytes }) => sum + bytes.length, 0) > LARGEST_READ;
}

function isDocumented(contract: Contract, status: number): boolean {
  return contract.at(`${RESPONSES}/${status}`) !== undefined;
}

const known = new WeakMap<Exchange, ErrorAnswer>();

function read(exchange: Exchange, status: number): ErrorAnswer {
  let answer = known.get(exchange);
  if (answer === undefined) {
    const bytes = Buffer.concat(exchange.chunks.map((chunk) => chunk.bytes));
    answer = {
      exchange,
      status,
      mediaType: mediaType(header(exchange, 'content-type')),
      text: bytes.toString('utf8', 0, KEPT_BYTES),
      body: parsed(bytes),
    };
    known.set(exchange, answer);
  }
  return answer;
}

function parsed(bytes: Buffer): ErrorBody {
  if (bytes.length === 0) return { kind: 'empty' };
  try {
    // RFC 8259 §8.1: JSON is UTF-8; a reader may pass over a byte order mark.
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

import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { Content, Entry, Har, Header } from 'har-format';
import { isWritableAsText } from './body-text.ts';
import { joinBytes } from './join-bytes.ts';
import type { Chunk, Exchange, HeaderList, Recording } from './recording.ts';

type RecordingRest = Omit<Recording, 'exchanges'>;
type ExchangeRest = Omit<Exchange, 'chunks'>;

/** A HAR 1.2 entry with all that HAR has no place for: `_exchange`, and `_arrivals` as pairs of arrival time and length. */
type RecordedEntry = Entry & {
  readonly _exchange: ExchangeRest;
  readonly _arrivals: readonly (readonly [at: number, byteLength: number])[];
};

export interface RecordedHar extends Har {
  readonly log: Omit<Har['log'], 'entries'> & { readonly entries: RecordedEntry[]; readonly _recording: RecordingRest };
}

/** The recording as a HAR 1.2 log that browsers open, with the rest of it in `_` members (HAR 1.2, "Custom fields"). */
export function toHar(recording: Recording): RecordedHar {
  const { exchanges, ...rest } = recording;
  return {
    log: {
      version: '1.2',
      creator: { name: recording.suite.name, version: recording.suite.version },
      _recording: rest,
      entries: exchanges.map((exchange) => {
        const body = bodyOf(exchange);
        const text = body.bytes.toString(body.isText ? 'utf8' : 'base64');
        return toEntry(exchange, Date.parse(recording.startedAt), body, text);
      }),
    },
  };
}

/** The JSON of `toHar` in pieces, so that the text of a large body is never in memory as a whole. */
export function* harTexts(recording: Recording): Generator<string> {
  const { log } = toHar({ ...recording, exchanges: [] });
  const { entries: _, ...rest } = log;
  yield `{"log":${JSON.stringify({ ...rest, entries: [] }).slice(0, -2)}\n`;
  const epoch = Date.parse(recording.startedAt);
  const mark = randomUUID();
  for (const [index, exchange] of recording.exchanges.entries()) {
    const body = bodyOf(exchange);
    const [before = '', after = ''] = JSON.stringify(toEntry(exchange, epoch, body, mark)).split(mark, 2);
    yield `${index === 0 ? '' : ',\n'}${before}`;
    yield* bodyTexts(body);
    yield after;
  }
  yield '\n]}}\n';
}

/** Small texts are cleared away as they go; large ones pile up until memory is looked through. */
const PIECE_BYTES = 3 * 2 ** 14;

/** The body as the inside of a JSON string, in pieces. */
function* bodyTexts({ bytes, isText }: Body): Generator<string> {
  for (let start = 0, end = 0; start < bytes.length; start = end) {
    end = Math.min(bytes.length, start + PIECE_BYTES);
    // A character stays whole: its bytes but the first begin with the bits 10.
    while (isText && end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
    yield isText
      ? JSON.stringify(bytes.toString('utf8', start, end)).slice(1, -1)
      : bytes.toString('base64', start, end);
  }
}

interface Body {
  readonly bytes: Buffer;
  readonly isText: boolean;
}

function bodyOf({ chunks }: Exchange): Body {
  const bytes = joinBytes(chunks);
  return { bytes, isText: isWritableAsText(bytes) };
}

/** @throws Error where the log was not written by `toHar`. */
export function fromHar(har: RecordedHar): Recording {
  return { ...har.log._recording, exchanges: har.log.entries.map(fromEntry) };
}

function fromEntry(entry: RecordedEntry, index: number): Exchange {
  const { text = '', encoding } = entry.response.content;
  const body = Buffer.from(text, encoding === 'base64' ? 'base64' : 'utf8');
  const chunks: Chunk[] = [];
  let offset = 0;
  for (const [at, byteLength] of entry._arrivals) {
    chunks.push({ at, bytes: body.subarray(offset, offset + byteLength) });
    offset += byteLength;
  }
  if (offset !== body.length)
    throw new Error(`the chunks of ${entry._exchange.id} hold ${offset} bytes, its body ${body.length}`);
  const exchange = { ...entry._exchange, chunks };
  const differs = differenceIn(entry, exchange);
  if (differs !== undefined) throw new Error(`log.entries[${index}].${differs} is not what _exchange says`);
  return exchange;
}

/** Where what a browser shows of an entry is not what is judged. */
function differenceIn({ request, response }: RecordedEntry, exchange: Exchange): string | undefined {
  const same: readonly (readonly [place: string, shown: unknown, judged: unknown])[] = [
    ['request.method', request.method, exchange.request.method],
    ['request.url', request.url, exchange.request.url],
    ['request.headers', request.headers, toHeaders(exchange.request.headers)],
    ['request.postData.text', request.postData?.text, exchange.request.body],
    ['response.status', response.status, exchange.response?.status ?? 0],
    ['response.statusText', response.statusText, exchange.response?.statusText ?? ''],
    ['response.headers', response.headers, toHeaders(exchange.response?.headers ?? [])],
  ];
  return same.find(([, shown, judged]) => JSON.stringify(shown) !== JSON.stringify(judged))?.[0];
}

function toEntry(exchange: Exchange, epoch: number, body: Body, text: string): RecordedEntry {
  const { chunks, ...rest } = exchange;
  const { request, response, startedAt, ending } = exchange;
  const milliseconds = (seconds: number) => Math.max(0, seconds * 1000);
  const headAt = response?.at ?? ending.at;
  const httpVersion = `HTTP/${response?.httpVersion ?? '1.1'}`;
  return {
    startedDateTime: new Date(epoch + startedAt * 1000).toISOString(),
    time: milliseconds(ending.at - startedAt),
    request: {
      method: request.method,
      url: request.url,
      httpVersion,
      cookies: [],
      headers: toHeaders(request.headers),
      queryString: [],
      headersSize: -1,
      bodySize: request.body === undefined ? 0 : Buffer.byteLength(request.body),
      ...(request.body === undefined ? {} : { postData: { mimeType: 'application/json', text: request.body } }),
    },
    response: {
      status: response?.status ?? 0,
      statusText: response?.statusText ?? '',
      httpVersion,
      cookies: [],
      headers: toHeaders(response?.headers ?? []),
      content: toContent(exchange, body, text),
      redirectURL: headerValue(response?.headers, 'location') ?? '',
      headersSize: -1,
      bodySize: exchange.wireBytes,
    },
    cache: {},
    timings: { send: 0, wait: milliseconds(headAt - startedAt), receive: milliseconds(ending.at - headAt) },
    _exchange: rest,
    _arrivals: chunks.map(({ at, bytes }) => [at, bytes.length] as const),
  };
}

function toContent(exchange: Exchange, { bytes, isText }: Body, text: string): Content {
  const mimeType = headerValue(exchange.response?.headers, 'content-type') ?? 'x-unknown';
  const written = { size: bytes.length, mimeType, text };
  return isText ? written : { ...written, encoding: 'base64' };
}

function toHeaders(headers: HeaderList): Header[] {
  return headers.map(([name, value]) => ({ name, value }));
}

/** The first value of a header, whose name is given in small letters. */
export function headerValue(headers: HeaderList | undefined, name: string): string | undefined {
  return headers?.find(([key]) => key.toLowerCase() === name)?.[1];
}

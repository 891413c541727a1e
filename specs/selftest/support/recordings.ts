import { Buffer } from 'node:buffer';
import {
  type CredentialKind,
  type Ending,
  type Exchange,
  type Purpose,
  RECORDING_FORMAT,
  type Recording,
  type SubscriptionRole,
} from '../../../helpers/recording/recording.ts';

export type SpokenWord = readonly [word: string, start: number, end: number];

/** A small conforming session: two batches over 1.6 s of audio. */
export const BATCHES: readonly (readonly SpokenWord[])[] = [
  [
    ['Hello', 0.1, 0.4],
    [',', 0.4, 0.45],
    ['my', 0.5, 0.6],
    ['name', 0.6, 0.8],
    ['is', 0.8, 0.9],
  ],
  [
    ['Ada', 1.1, 1.5],
    ['.', 1.5, 1.55],
  ],
];

export function batchFrame(words: readonly SpokenWord[]): string {
  return `data: ${JSON.stringify({ words: words.map(([word, start, end]) => ({ word, start, end })) })}\n\n`;
}

export const END_FRAME = 'event: end\ndata: {}\n\n';

export function streamBody(batches: readonly (readonly SpokenWord[])[] = BATCHES): string {
  return batches.map(batchFrame).join('') + END_FRAME;
}

export interface ExchangeOptions {
  readonly id: string;
  readonly purpose: Purpose;
  readonly streamId?: string;
  readonly credential?: CredentialKind;
  readonly control?: string;
  readonly status?: number;
  readonly headers?: readonly (readonly [string, string])[];
  /** One chunk, or several with their arrival times in seconds. */
  readonly body?: string | Uint8Array | readonly (readonly [at: number, bytes: string | Uint8Array])[];
  readonly startedAt?: number;
  readonly ending?: Ending;
}

export function buildExchange(options: ExchangeOptions): Exchange {
  const startedAt = options.startedAt ?? 0;
  const body = options.body ?? '';
  const timed = Array.isArray(body)
    ? (body as readonly (readonly [number, string | Uint8Array])[])
    : ([[startedAt + 0.02, body as string | Uint8Array]] as const);
  const chunks = timed.map(([at, bytes]) => ({ at, bytes: typeof bytes === 'string' ? Buffer.from(bytes) : bytes }));
  return {
    id: options.id,
    purpose: options.purpose,
    streamId: options.streamId ?? 'stream-1',
    credential: options.credential ?? 'api-key',
    ...(options.control === undefined ? {} : { control: options.control }),
    request: {
      method: 'GET',
      url: `http://target.test/v3/avatar-realtime/${options.streamId ?? 'stream-1'}/words`,
      headers: carriedAs(options.credential ?? 'api-key'),
    },
    startedAt,
    response: {
      at: startedAt + 0.01,
      status: options.status ?? 200,
      statusText: '',
      httpVersion: '1.1',
      headers: options.headers ?? [['content-type', 'text/event-stream']],
    },
    chunks,
    wireBytes: chunks.reduce((sum, chunk) => sum + chunk.bytes.length, 0),
    ending: options.ending ?? { kind: 'complete', at: (chunks.at(-1)?.at ?? startedAt) + 0.01 },
    echoes: [],
  };
}

/** As the recorder writes down what a request carried. */
function carriedAs(credential: CredentialKind): readonly (readonly [string, string])[] {
  if (credential === 'none') return [];
  if (credential === 'bearer') return [['authorization', 'Bearer $WORDS_BEARER_TOKEN']];
  return [['x-api-key', credential === 'api-key' ? '$WORDS_API_KEY' : `(${credential})`]];
}

export function buildSubscription(
  role: SubscriptionRole,
  body: NonNullable<ExchangeOptions['body']> = streamBody(),
  options: Partial<ExchangeOptions> = {},
): Exchange {
  return buildExchange({ id: role, purpose: { kind: 'subscription', role }, body, ...options });
}

/** A recording of the given exchanges; without any, of one conforming subscriber. */
export function buildRecording(
  exchanges: readonly Exchange[] = [buildSubscription('first')],
  overrides: Partial<Recording> = {},
): Recording {
  return {
    format: RECORDING_FORMAT,
    suite: { name: 'words-conformance', version: '0.0.0' },
    contract: { title: 'HeyGen External API', version: '1.0.0', sha256: '' },
    target: { baseUrl: 'http://target.test' },
    startedAt: '2026-11-22T12:00:00.000Z',
    finishedAt: '2026-11-22T12:00:05.000Z',
    settings: {
      sessionMode: 'create',
      strict: false,
      burst: false,
      hasApiKey: true,
      hasBearerToken: true,
      hasOtherAccount: false,
      speed: 1,
      maxSeconds: 300,
      maxBytes: 16 * 2 ** 20,
      endCloseSeconds: 5,
      timeCapToleranceSeconds: 0.1,
    },
    streams: [{ streamId: 'stream-1', origin: 'create', state: 'live', statuses: [] }],
    exchanges,
    unmet: [],
    stalls: [],
    earlier: [],
    ...overrides,
  };
}

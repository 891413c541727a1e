import { Buffer } from 'node:buffer';
import type { Contract } from '../../../helpers/contract/types.ts';
import { gatherEvidence } from '../../../helpers/judging/evidence.ts';
import type {
  CredentialKind,
  Exchange,
  Purpose,
  Recording,
  RefusalProbe,
} from '../../../helpers/recording/recording.ts';
import { type Assessment, assess } from '../../../helpers/results/assess.ts';
import type { RequirementResult } from '../../../helpers/results/results.ts';
import { checks } from '../../checks.ts';
import { buildExchange, type ExchangeOptions, type SpokenWord } from './recordings.ts';
import { batched, contract, delivered, recordingOf, requirements, speech } from './reports.ts';

/** A whole conforming run, judged by every check there is: each test changes one thing of it. */
export const WORDS: readonly SpokenWord[] = speech(34);
export const BATCHED: readonly (readonly SpokenWord[])[] = batched(WORDS);
const OVER = (WORDS.at(-1)?.[2] ?? 0) + 1.5;
const HALF = OVER / 2;

const CODES: Readonly<Record<number, string>> = {
  400: 'invalid_parameter',
  401: 'authentication_failed',
  404: 'not_found',
  429: 'rate_limit_exceeded',
};

export function errorBody(status: number, members: Readonly<Record<string, unknown>> = {}): string {
  const code = CODES[status] ?? 'internal';
  return JSON.stringify({ error: { code, message: 'No such thing.', param: null, doc_url: null, ...members } });
}

/** An error as the contract has it. */
function refused(id: string, purpose: Purpose, status: number, options: Partial<ExchangeOptions> = {}): Exchange {
  const headers: [string, string][] = [['content-type', 'application/json']];
  if (status === 401) headers.push(['www-authenticate', 'Bearer']);
  if (status === 429) headers.push(['retry-after', '1']);
  return buildExchange({ id, purpose, status, headers, body: errorBody(status), startedAt: HALF, ...options });
}

function refusal(
  id: string,
  probe: RefusalProbe,
  against: 'live' | 'completed' | 'unknown',
  credential: CredentialKind,
  status: number,
  streamId = 'stream-1',
): Exchange {
  const control = against === 'completed' ? 'snapshot' : 'first';
  return refused(id, { kind: 'refusal', probe, variant: id, against }, status, { credential, control, streamId });
}

/** A stream that the run stopped at its head, as it does in the burst. */
function granted(id: string, purpose: Purpose): Exchange {
  const startedAt = OVER + 2;
  return buildExchange({ id, purpose, startedAt, ending: { kind: 'stopped', at: startedAt + 0.02, bound: 'probe' } });
}

export function conformingRun(): Exchange[] {
  const history = { startedAt: HALF };
  const dropped = delivered('dropped', BATCHED.slice(0, 3), { startedAt: 0.3 });
  return [
    delivered('first', BATCHED),
    delivered('concurrent', BATCHED, { startedAt: 0.2 }, { credential: 'bearer' }),
    { ...dropped, chunks: dropped.chunks.slice(0, 3), ending: { kind: 'stopped', at: HALF - 0.2, bound: 'probe' } },
    delivered('late', BATCHED, history),
    delivered('reconnected', BATCHED, history),
    refusal('auth.missing/live', 'missing', 'live', 'none', 401),
    refusal('auth.missing/completed', 'missing', 'completed', 'none', 401),
    refusal('auth.invalid/wrong-api-key/live', 'invalid', 'live', 'wrong-api-key', 401),
    refusal('auth.invalid/near-api-key/completed', 'invalid', 'completed', 'near-api-key', 401),
    refusal('auth.isolation/live', 'isolation', 'live', 'other-account', 404),
    refusal('errors.not-found', 'not-found', 'unknown', 'api-key', 404),
    refusal('errors.bad-request/200-letters', 'bad-request', 'unknown', 'api-key', 400, 'z'.repeat(200)),
    refusal('errors.bad-request/over-long-id', 'bad-request', 'unknown', 'api-key', 404),
    refusal('errors.bad-request/nul', 'bad-request', 'unknown', 'api-key', 400),
    refusal('auth.before-lookup/none', 'before-lookup', 'unknown', 'none', 401),
    refusal('auth.before-lookup/wrong-api-key', 'before-lookup', 'unknown', 'wrong-api-key', 401),
    delivered('snapshot', BATCHED, { startedAt: OVER, burst: true }),
    delivered('snapshot', BATCHED, { startedAt: OVER + 0.4, burst: true }, { id: 'snapshot-again' }),
    delivered(
      'snapshot',
      BATCHED,
      { startedAt: OVER + 0.8, burst: true },
      { id: 'snapshot-bearer', credential: 'bearer' },
    ),
    delivered('unwatched', BATCHED, { startedAt: OVER + 1.2, burst: true }),
    granted('burst-1', { kind: 'burst' }),
    refused('burst-2', { kind: 'burst' }, 429, { startedAt: OVER + 2 }),
    granted('burst-recovery', { kind: 'burst-recovery', waited: 1 }),
  ];
}

const SPOKEN = WORDS.map(([word]) => word)
  .join(' ')
  .replace(/ (?=\p{P})/gu, '');

export function runOf(exchanges: readonly Exchange[] = conformingRun(), overrides: Partial<Recording> = {}): Recording {
  const earlier = [{ streamId: 'stream-1', recordedAt: '2026-11-01T12:00:00Z', words: WORDS }];
  const streams = [
    { streamId: 'stream-1', origin: 'create', state: 'live', script: SPOKEN, createdAt: 0, statuses: [] },
  ] as const;
  return recordingOf(exchanges, { earlier, streams, ...overrides });
}

/** The run with one exchange changed. */
export function changed(
  id: string,
  change: (exchange: Exchange) => Exchange,
  exchanges: readonly Exchange[] = conformingRun(),
): Exchange[] {
  if (!exchanges.some((exchange) => exchange.id === id)) throw new Error(`no exchange ${id}`);
  return exchanges.map((exchange) => (exchange.id === id ? change(exchange) : exchange));
}

export function answered(
  status: number,
  body: string | Uint8Array = errorBody(status),
  contentType = 'application/json',
) {
  return (exchange: Exchange): Exchange =>
    exchange.response === undefined
      ? exchange
      : withBody(body)({
          ...exchange,
          response: { ...exchange.response, status, headers: headersFor(status, contentType) },
          ending: { kind: 'complete', at: exchange.startedAt + 0.03 },
        });
}

function headersFor(status: number, contentType: string): (readonly [string, string])[] {
  return [
    ['content-type', contentType],
    ...(status === 401 ? [['www-authenticate', 'Bearer'] as const] : []),
    ...(status === 429 ? [['retry-after', '1'] as const] : []),
  ];
}

export function withBody(body: string | Uint8Array) {
  return (exchange: Exchange): Exchange => ({
    ...exchange,
    chunks: [{ at: exchange.startedAt + 0.02, bytes: Buffer.from(body) }],
  });
}

export function withHeader(name: string, value: string | null) {
  return (exchange: Exchange): Exchange => {
    if (exchange.response === undefined) return exchange;
    const others = exchange.response.headers.filter(([key]) => key.toLowerCase() !== name);
    const headers = value === null ? others : [...others, [name, value] as const];
    return { ...exchange, response: { ...exchange.response, headers } };
  };
}

/** The same subscription with other words, as fast or as slowly as it was. */
export function saying(batches: readonly (readonly SpokenWord[])[]) {
  return (exchange: Exchange): Exchange => {
    if (exchange.purpose.kind !== 'subscription') throw new Error(`${exchange.id} is no subscription`);
    const { id, credential, startedAt } = exchange;
    const burst = exchange.purpose.role === 'snapshot';
    return delivered(exchange.purpose.role, batches, { startedAt, burst }, { id, credential });
  };
}

export function judged(recording: Recording, options: { strict?: boolean; contract?: Contract } = {}): Assessment {
  return assess(gatherEvidence(recording, options.contract ?? contract, requirements), {
    checks,
    strict: options.strict ?? false,
    waivers: [],
    today: '2026-11-22',
  });
}

/** `id: outcome` of every requirement that is broken, and nothing else. */
export function broken(recording: Recording): readonly string[] {
  return judged(recording)
    .requirements.filter(
      ({ outcome }) => outcome !== 'pass' && outcome !== 'inconclusive' && outcome !== 'not-applicable',
    )
    .map(({ id, outcome }) => `${id}: ${outcome}`)
    .sort();
}

/** `id because cause` of what can no longer be verified. */
export function blocked(recording: Recording): readonly string[] {
  return judged(recording)
    .requirements.filter(({ outcome }) => outcome === 'inconclusive')
    .map(({ id, because }) => (because === undefined ? id : `${id} because ${because}`))
    .sort();
}

export function resultOf(recording: Recording, id: string): RequirementResult {
  const result = judged(recording).requirements.find((one) => one.id === id);
  if (result === undefined) throw new Error(`no requirement ${id}`);
  return result;
}

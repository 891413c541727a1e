import { loadContract } from '../../../helpers/contract/load.ts';
import { type RecordOptions, record } from '../../../helpers/probes/record.ts';
import type { Exchange, Recording } from '../../../helpers/recording/recording.ts';
import type { Settings } from '../../../helpers/settings/settings.ts';

export const API_KEY = 'sk_live_9fQ2xT7bLm4VzR8aKc1W';
export const BEARER = 'tok_Zy8Xw7Vu6Ts5Rq4Po3Nm2Lk1';
export const OTHER_KEY = 'sk_live_0aBcDeFgHiJkLmNoPqRs';

/** Of the reference server: one account to certify, and another one. */
export const ACCOUNTS = [
  { name: 'certified', apiKeys: [API_KEY], bearerTokens: [BEARER] },
  { name: 'other', apiKeys: [OTHER_KEY], bearerTokens: [] },
];

export function testSettings(overrides: Partial<Settings> = {}): Settings {
  return {
    baseUrl: null,
    apiKey: API_KEY,
    bearerToken: BEARER,
    otherApiKey: OTHER_KEY,
    session: { mode: 'create', type: 'text_stream', avatarId: 'avatar', voiceId: 'voice' },
    completedStreamIds: [],
    burst: false,
    unwatched: false,
    strict: false,
    maxSeconds: 60,
    maxBytes: 16 * 2 ** 20,
    endCloseSeconds: 5,
    timeCapToleranceSeconds: 0.1,
    speed: 8,
    playwrightReport: false,
    out: '',
    ...overrides,
  };
}

export const suite = { name: 'words-conformance', version: '0.0.0' };

export function recordAt(
  baseUrl: string,
  overrides: Partial<Settings> = {},
  options: Partial<RecordOptions> = {},
): Promise<Recording> {
  return record(testSettings(overrides), { suite, contract: loadContract(), baseUrl, ...options });
}

export function exchangeOf(recording: Recording, id: string): Exchange {
  const exchange = recording.exchanges.find((one) => one.id === id);
  if (!exchange) throw new Error(`no exchange ${id}: ${recording.exchanges.map((one) => one.id).join(', ')}`);
  return exchange;
}

export function bodyOf(exchange: Exchange): string {
  return Buffer.concat(exchange.chunks.map(({ bytes }) => bytes)).toString('utf8');
}

import { expect, test } from '@playwright/test';
import { type Challenge, newChallenge } from '../../../helpers/evidence/challenge.ts';
import { counterRead } from '../../../helpers/evidence/counter-read.ts';
import type { Evidence } from '../../../helpers/judging/check.ts';
import { variants } from '../../../helpers/mutants/index.ts';
import { runCase } from '../../../helpers/mutants/run-case.ts';
import { record } from '../../../helpers/probes/record.ts';
import type { Exchange, Recording } from '../../../helpers/recording/recording.ts';
import { type ReferenceServer, startReference } from '../../../helpers/reference/server.ts';
import type { Settings } from '../../../helpers/settings/settings.ts';
import { readSuite } from '../../../helpers/suite.ts';
import { checks } from '../../checks.ts';
import { contract } from '../support/reports.ts';
import { filesOf, inputOf, newKeys, verdictOn } from './support.ts';

/** Unusual servers that conform: odd framing, codings, batching, times, ids and heads. */
const HONEST = [
  'media-type-in-capitals',
  'close-delimited-body',
  'length-delimited-snapshot',
  'connection-closed-each-time',
  'path-prefix',
  'headers-of-proxies',
  'cr-lines',
  'mixed-line-endings',
  'byte-order-mark-first',
  'heartbeats-everywhere',
  'comments-that-look-like-data',
  'json-over-several-lines',
  'ids-and-retry',
  'members-not-named-by-the-contract',
  'numbers-with-exponents',
  'flush-when-a-word-crosses',
  'zero-length-words',
  'chinese',
  'partial-words',
  'snapshot-with-other-number-forms',
];

test('twenty conforming servers, however unusual, are believed', async () => {
  const chosen = variants.filter(({ id }) => HONEST.includes(id));
  expect(chosen).toHaveLength(20);
  const queue = [...chosen];
  const refused: unknown[] = [];
  let believed = 0;
  const next = async (): Promise<void> => {
    for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
      const { evidence } = await runCase(one, checks);
      if (evidence === undefined) throw new Error(`${one.id} was not recorded`);
      // On a busy machine a run may miss its late subscriber: then it is a draft, and nothing worse.
      const input = inputOf(evidence.recording, { draft: true });
      const verdict = await verdictOn(await filesOf(input), { trial: true });
      const sections = input.results.verdict === 'incomplete' ? ['draft'] : [];
      if (verdict.tier !== 2 || verdict.sections.join() !== sections.join()) refused.push([one.id, verdict]);
      if (sections.length === 0) believed += 1;
    }
  };
  await Promise.all(Array.from({ length: 3 }, next));
  expect(refused).toEqual([]);
  expect(believed).toBeGreaterThan(0);
});

const ACCOUNT = { name: 'vendor', apiKeys: ['vendor-key-9fQ2xT7bLm4V'], bearerTokens: ['vendor-token-Zy8Xw7Vu6Ts5'] };
const settingsFor = (baseUrl: string, challenge?: string): Settings => ({
  baseUrl,
  apiKey: ACCOUNT.apiKeys[0] ?? '',
  bearerToken: ACCOUNT.bearerTokens[0] ?? '',
  session: { mode: 'create', type: 'text_stream', avatarId: 'avatar', voiceId: 'voice' },
  completedStreamIds: [],
  burst: false,
  unwatched: false,
  strict: false,
  maxSeconds: 30,
  maxBytes: 16 * 2 ** 20,
  endCloseSeconds: 1,
  timeCapToleranceSeconds: 0.1,
  speed: 1,
  playwrightReport: false,
  out: '',
  ...(challenge === undefined ? {} : { challenge }),
});

test.describe('a vendor and an authority', () => {
  let server: ReferenceServer;
  let recording: Recording;
  let challenge: Challenge;
  const { privateKey, publicKey } = newKeys();
  test.beforeAll(async () => {
    server = await startReference({ accounts: [ACCOUNT], speed: 20, startDelaySeconds: 0.4 });
    challenge = newChallenge();
    const settings = settingsFor(server.baseUrl, challenge.words.join(' '));
    recording = await record(settings, { suite: readSuite(), contract, baseUrl: server.baseUrl });
  });
  test.afterAll(() => server.close());

  const reading = (baseUrl: string, apiKey?: string) => (evidence: Evidence) => {
    const settings = {
      ...settingsFor(baseUrl),
      ...(apiKey === undefined ? {} : { apiKey, bearerToken: `${apiKey}-either` }),
    };
    return counterRead(evidence, { settings, baseUrl, suite: readSuite(), contract });
  };
  const packed = (changed: Recording = recording) => filesOf(inputOf(changed, { privateKey }));
  const asked = () => ({ key: publicKey, challenge, counterRead: reading(server.baseUrl) });

  test('reach tier 4: signed, judged again, fresh, and read again at the target', async () => {
    expect(await verdictOn(await packed(), asked())).toEqual({ tier: 4, sections: [] });
  });

  test('a word changed wherever it was heard is seen at the target', async () => {
    const edited = { ...recording, exchanges: recording.exchanges.map(sayingInstead('welcome', 'wellcome')) };
    expect(await verdictOn(await packed(edited), asked())).toEqual({ tier: 3, sections: ['counter-read'] });
  });

  test('a time changed wherever it was heard is seen at the target', async () => {
    const end = /"word":"welcome","start":([\d.]+)/.exec(String(bodyOf('snapshot', recording)))?.[1] ?? '';
    const edited = {
      ...recording,
      exchanges: recording.exchanges.map(sayingInstead(`"start":${end}`, `"start":${(Number(end) + 0.01).toFixed(3)}`)),
    };
    expect((await verdictOn(await packed(edited), asked())).sections).toEqual(['counter-read']);
  });

  test('another server, and one that lets nobody in, is no counter-read', async () => {
    const other = await startReference({ accounts: [ACCOUNT] });
    try {
      const files = await packed();
      expect((await verdictOn(files, { counterRead: reading(other.baseUrl) })).sections).toEqual(['counter-read']);
      expect(
        (await verdictOn(files, { counterRead: reading(server.baseUrl, 'not-the-key-of-anyone') })).sections,
      ).toEqual(['counter-read']);
    } finally {
      await other.close();
    }
  });
});

function bodyOf(id: string, { exchanges }: Recording): Buffer {
  return Buffer.concat(exchanges.find((one) => one.id === id)?.chunks.map(({ bytes }) => bytes) ?? []);
}

/** The same bytes but for a text, cut where they were. */
function sayingInstead(from: string, to: string) {
  return (exchange: Exchange): Exchange => ({
    ...exchange,
    chunks: exchange.chunks.map(({ at, bytes }) => ({
      at,
      bytes: Buffer.from(Buffer.from(bytes).toString().replace(from, to)),
    })),
  });
}

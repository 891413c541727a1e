import { Buffer } from 'node:buffer';
import type { Contract } from '../../contract/types.ts';
import {
  type Chunk,
  type Exchange,
  RECORDING_FORMAT,
  type Recording,
  type SubscriptionRole,
} from '../../recording/recording.ts';
import { readSuite } from '../../suite.ts';

const LATIN =
  "The morning train was late again , so everybody waited on the platform and talked about the weather . “ It won't rain today , ” said a man in a well-known coat , “ but take 3.5 umbrellas with you ! ”".split(
    ' ',
  );
const MANY_SCRIPTS =
  "Café naïve , größer — Привет , мир ! 你 好 ， 世界 。 こんにちは 、 元気 ですか ？ नमस्ते दुनिया । مرحبا ، بالعالم ؟ สวัสดี ชาวโลก 안녕 하세요 . 😀 don't 3.14".split(
    ' ',
  );

export type Vocabulary = 'latin' | 'many-scripts';

const VOCABULARIES: Readonly<Record<Vocabulary, readonly string[]>> = { latin: LATIN, 'many-scripts': MANY_SCRIPTS };

/** Sizes of batches as an ordinary voice fills them within a second, one after another. */
const BATCH_SIZES = [4, 5, 3, 6, 4, 5, 7, 2, 10, 4];
/** Faster than anyone speaks, so that a million words fit into the longest time that counts as one of an audio stream. */
const WORD_SECONDS = 0.08;

/** A conforming stream, a chunk for each batch as it arrives. `words`: word events, punctuation included. */
export function spokenChunks(words: number, vocabulary: Vocabulary = 'latin', openedAt = 0): Chunk[] {
  const tokens = VOCABULARIES[vocabulary];
  const chunks: Chunk[] = [];
  let word = 0;
  while (word < words) {
    const size = Math.min(BATCH_SIZES[chunks.length % BATCH_SIZES.length] ?? 1, words - word);
    let batch = '';
    for (const from = word; word < from + size; word += 1) {
      const token = JSON.stringify(tokens[word % tokens.length]);
      const start = (word * WORD_SECONDS).toFixed(3);
      batch += `${batch === '' ? '' : ','}{"word":${token},"start":${start},"end":${((word + 0.9) * WORD_SECONDS).toFixed(3)}}`;
    }
    chunks.push({ at: openedAt + word * WORD_SECONDS, bytes: Buffer.from(`data: {"words":[${batch}]}\n\n`) });
  }
  const at = openedAt + words * WORD_SECONDS + 0.2;
  chunks.push({ at, bytes: Buffer.from('event: end\ndata: {}\n\n') });
  return chunks;
}

export function subscription(
  id: string,
  role: SubscriptionRole,
  chunks: readonly Chunk[],
  startedAt: number,
): Exchange {
  return {
    id,
    purpose: { kind: 'subscription', role },
    streamId: 'stream',
    credential: 'api-key',
    request: { method: 'GET', url: 'http://bench.test/v3/avatar-realtime/stream/words', headers: [] },
    startedAt,
    response: {
      at: startedAt,
      status: 200,
      statusText: 'OK',
      httpVersion: '1.1',
      headers: [['content-type', 'text/event-stream']],
    },
    chunks,
    wireBytes: bytesOf(chunks),
    ending: { kind: 'complete', at: (chunks.at(-1)?.at ?? startedAt) + 0.01 },
    echoes: [],
  };
}

export function recordingOf(exchanges: readonly Exchange[], { title, version, sha256 }: Contract): Recording {
  return {
    format: RECORDING_FORMAT,
    suite: readSuite(),
    contract: { title, version, sha256 },
    target: { baseUrl: 'http://bench.test' },
    startedAt: '2026-01-01T00:00:00.000Z',
    finishedAt: '2026-01-01T01:00:00.000Z',
    settings: {
      sessionMode: 'ids',
      strict: false,
      burst: false,
      hasApiKey: true,
      hasBearerToken: false,
      hasOtherAccount: false,
      speed: 1,
      maxSeconds: 1e6,
      maxBytes: 2 ** 30,
      endCloseSeconds: 5,
      timeCapToleranceSeconds: 0.1,
    },
    streams: [{ streamId: 'stream', origin: 'ids', state: 'live', statuses: [] }],
    exchanges,
    unmet: [],
    stalls: [],
    earlier: [],
  };
}

export function bytesOf(chunks: readonly Chunk[]): number {
  return chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

import type { Contract } from '../contract/types.ts';
import { loadRecording } from '../recording/load.ts';
import type { EarlierWords, Exchange } from '../recording/recording.ts';
import { readTranscript } from '../transcript/read.ts';

/** What an earlier recording holds of each completed stream that it read to its end. @throws RecordingError */
export async function loadEarlierWords(path: string, contract: Contract): Promise<readonly EarlierWords[]> {
  const recording = await loadRecording(path);
  const readings = new Map<string, Exchange>();
  for (const exchange of recording.exchanges) {
    const { purpose, streamId, response, ending } = exchange;
    if (purpose.kind !== 'subscription' || purpose.role === 'dropped' || streamId === undefined) continue;
    if (response?.status !== 200 || ending.kind !== 'complete') continue;
    if (!readings.has(streamId) || purpose.role === 'snapshot') readings.set(streamId, exchange);
  }
  return [...readings].map(([streamId, exchange]) => {
    const { text, start, end } = readTranscript(exchange, contract).words;
    const words = text.map((word, index) => [word, start[index] ?? Number.NaN, end[index] ?? Number.NaN] as const);
    return { streamId, recordedAt: recording.startedAt, baseUrl: recording.target.baseUrl, words };
  });
}

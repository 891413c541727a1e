import { type ChartData, type StreamData, TIME_UNIT } from '../chart-data.ts';

/** One stream with its words as they are drawn: columns of seconds, NaN where there is no time. */
export interface Stream extends Omit<StreamData, 'subscriptions'> {
  readonly lanes: readonly Lane[];
}

export interface Lane {
  readonly id: string;
  readonly text: readonly string[];
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly batches: readonly Batch[];
  readonly extra: ReadonlySet<number>;
  readonly missing: readonly { readonly text: string; readonly start: number; readonly end: number }[];
}

export interface Batch {
  readonly firstWord: number;
  readonly words: number;
  /** Seconds on the run's clock. */
  readonly at: number;
  /** Of its first word; and of its last word, the start and the end: seconds of audio. */
  readonly from: number;
  readonly lastStart: number;
  readonly to: number;
}

/** The data that the page carries, gzip in base64; no streams where it carries none. */
export async function unpackChartData(): Promise<readonly Stream[]> {
  const packed = document.getElementById('chart-data')?.textContent;
  if (!packed) return [];
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const unzipped = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  const data = (await new Response(unzipped).json()) as ChartData;
  const start = summed(data.pool.start);
  const end = data.pool.length.map((length, index) =>
    length === null ? Number.NaN : (start[index] ?? 0) + length * TIME_UNIT,
  );
  const text = data.pool.text.map((index) => data.texts[index] ?? '');
  return data.streams.map(({ subscriptions, ...stream }) => ({
    ...stream,
    lanes: subscriptions.map((subscription) => {
      const pooled = expanded(subscription.words);
      const times = (of: ArrayLike<number>) => Float64Array.from(pooled, (index) => of[index] ?? Number.NaN);
      const lane = { text: pooled.map((index) => text[index] ?? ''), start: times(start), end: times(end) };
      return {
        id: subscription.id,
        ...lane,
        batches: batches(subscription.batchWords, summed(subscription.batchAt), lane),
        extra: new Set(subscription.extra),
        missing: subscription.missing.map((index) => ({
          text: text[index] ?? '',
          start: start[index] ?? Number.NaN,
          end: end[index] ?? Number.NaN,
        })),
      };
    }),
  }));
}

function batches(
  words: readonly number[],
  at: readonly number[],
  lane: { readonly start: Float64Array; readonly end: Float64Array },
): readonly Batch[] {
  let firstWord = 0;
  const all: Batch[] = [];
  for (const [index, count] of words.entries()) {
    const last = Math.min(firstWord + count, lane.start.length) - 1;
    if (last < firstWord) break;
    all.push({
      firstWord,
      words: count,
      at: at[index] ?? Number.NaN,
      from: lane.start[firstWord] ?? Number.NaN,
      lastStart: lane.start[last] ?? Number.NaN,
      to: lane.end[last] ?? Number.NaN,
    });
    firstWord += count;
  }
  return all;
}

/** Runs of the pool as single indexes. */
function expanded(runs: readonly number[]): number[] {
  const all: number[] = [];
  for (let run = 0; run < runs.length; run += 2)
    for (let offset = 0; offset < (runs[run + 1] ?? 0); offset++) all.push((runs[run] ?? 0) + offset);
  return all;
}

/** Differences back to seconds. */
function summed(deltas: readonly (number | null)[]): number[] {
  let units = 0;
  return deltas.map((delta) => {
    if (delta === null) return Number.NaN;
    units += delta;
    return units * TIME_UNIT;
  });
}

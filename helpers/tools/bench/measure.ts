import type { Contract } from '../../contract/types.ts';
import type { Recording } from '../../recording/recording.ts';
import { floor, judge } from './judging.ts';
import { bytesOf, recordingOf, spokenChunks, subscription } from './speech.ts';

export const LIMITS = {
  /** Times the floor that judging takes beyond the floor itself, at a million words. */
  beyondFloor: 1.5,
  /** Times as long for ten times the words, with room for the caches of the machine. */
  growth: 15,
  bytesPerByte: 4,
  bytesBesides: 150e6,
} as const;

interface BenchRecording {
  readonly name: string;
  readonly words: number;
  /** Whether the limit on time is about it. */
  readonly limited: boolean;
  make(): Recording;
}

const SMALL = '10⁵ words';
const LARGE = '10⁶ words';
export const AN_HOUR = 'an hour, six subscriptions';
const WORDS_IN_AN_HOUR = 12_000;

/** All but the last are one subscription, whose bytes the floor reads as well. */
export function recordings(contract: Contract): readonly BenchRecording[] {
  const alone = (words: number, vocabulary?: 'many-scripts') => () =>
    recordingOf([subscription('first', 'first', spokenChunks(words, vocabulary), 0)], contract);
  return [
    { name: '10⁴ words', words: 1e4, limited: false, make: alone(1e4) },
    { name: SMALL, words: 1e5, limited: false, make: alone(1e5) },
    { name: LARGE, words: 1e6, limited: true, make: alone(1e6) },
    { name: '10⁶ words of many scripts', words: 1e6, limited: true, make: alone(1e6, 'many-scripts') },
    {
      name: AN_HOUR,
      words: 6 * WORDS_IN_AN_HOUR,
      limited: false,
      make: () => recordingOf(sixSubscriptions(), contract),
    },
  ];
}

function sixSubscriptions() {
  const live = spokenChunks(WORDS_IN_AN_HOUR);
  const over = live.at(-1)?.at ?? 0;
  const half = over / 2;
  const joined = live.map(({ at, bytes }) => ({ at: Math.max(at, half + 0.05), bytes }));
  const again = live.map(({ bytes }) => ({ at: over + 5, bytes }));
  return [
    subscription('first', 'first', live, 0),
    subscription('concurrent', 'concurrent', live, 0),
    subscription('late', 'late', joined, half),
    subscription('reconnected', 'reconnected', joined, half),
    subscription('snapshot', 'snapshot', again, over + 4),
    subscription('snapshot-again', 'snapshot', again, over + 4),
  ];
}

export interface Measured {
  readonly name: string;
  readonly words: number;
  readonly bytes: number;
  readonly limited: boolean;
  /** Milliseconds, medians. */
  readonly floor: number;
  readonly judging: number;
  /** Median of what judging took beyond the floor of the same round, as a multiple of it. */
  readonly beyondFloor: number;
}

/** Measures in turns, so that whatever else the machine does falls on all of them alike. */
export function measureAll(chosen: readonly BenchRecording[], contract: Contract, rounds: number): readonly Measured[] {
  const subjects = chosen.map((one) => ({
    ...one,
    recording: one.make(),
    floors: [] as number[],
    judgings: [] as number[],
  }));
  for (const { name, recording } of subjects) assertConforms(name, recording, contract);
  for (let round = 0; round <= rounds; round += 1)
    for (const { recording, floors, judgings } of subjects) {
      const [floorTime, judgingTime] = [
        timeOf(() => floor(recording, contract)),
        timeOf(() => judge(recording, contract)),
      ];
      // The first round warms the code up.
      if (round === 0) continue;
      floors.push(floorTime);
      judgings.push(judgingTime);
    }
  return subjects.map(({ name, words, limited, recording, floors, judgings }) => ({
    name,
    words,
    limited,
    bytes: recording.exchanges.reduce((sum, { chunks }) => sum + bytesOf(chunks), 0),
    floor: medianOf(floors),
    judging: medianOf(judgings),
    beyondFloor: medianOf(judgings.map((time, round) => time / (floors[round] ?? time) - 1)),
  }));
}

/** Times of a judge that does not do its work, or of one that mostly writes findings, would say nothing. */
function assertConforms(name: string, recording: Recording, contract: Contract): void {
  const { requirements } = judge(recording, contract);
  const found = requirements.filter(({ outcome }) => outcome === 'fail' || outcome === 'warn' || outcome === 'error');
  if (found.length > 0) throw new Error(`${name}: it should conform, but for ${found.map(({ id }) => id).join(', ')}`);
  const batches = requirements.find(({ id }) => id === 'schema.batch')?.observations;
  if (batches !== floor(recording, contract))
    throw new Error(`${name}: the floor and the checks see different batches`);
}

/** How many times as long a million words take as a hundred thousand. */
export function growthOf(measured: readonly Measured[]): number {
  const timeFor = (name: string) => measured.find((one) => one.name === name)?.judging ?? Number.NaN;
  return timeFor(LARGE) / timeFor(SMALL);
}

function timeOf(work: () => unknown): number {
  // What the one left behind is not the other's to clear away.
  globalThis.gc?.();
  const from = performance.now();
  work();
  return performance.now() - from;
}

export function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

import type { Transcript } from '../../transcript/transcript.ts';
import { perTranscript, shownNumber } from '../judging.ts';

/** Fewer spoken words than this say too little about the unit of their times. */
export const FEWEST_WORDS = 5;
/** Below that, only words that last this long tell. */
const FEWEST_ENDLESS_WORDS = 3;
const FEWEST_FAST_WORDS = 8;
/** The middle word of a stream lasts longer in no script and at no speed. */
const ENDLESS_WORD_SECONDS = 20;
/** Both together are met by no slow voice and by no script whose tokens are whole phrases. */
const LONG_WORD_SECONDS = 5;
const LONG_LETTER_SECONDS = 1.2;
/** Both together are met by no fast voice, not even in words of one letter or with placeholder lengths. */
const SHORT_LETTER_SECONDS = 0.005;
const WORDS_PER_SECOND = 50;
/** A spoken word of ordinary length, to guess the unit by. */
const USUAL_WORD_SECONDS = 0.3;

const UNITS: readonly (readonly [perSecond: number, name: string])[] = [
  [1e9, 'nanoseconds'],
  [1e6, 'microseconds'],
  [48000, 'samples'],
  [16000, 'samples'],
  [1000, 'milliseconds'],
  [100, 'hundredths of a second'],
  [25, 'video frames'],
  [1 / 60, 'minutes'],
  [1 / 3600, 'hours'],
];

export interface Unit {
  /** Words looked at that hold a letter or digit and last longer than zero. */
  readonly spoken: number;
  readonly judged: boolean;
  /** Middle length of a spoken word, as sent. */
  readonly middle: number;
  /** Spoken words in each second from the first start to the last end, as sent. */
  readonly perSecond: number;
  /** Where the times are not seconds: the figures that show it, what they look like, and about how many make a second. */
  readonly fault?: { readonly figures: string; readonly likely: string; readonly perSecond: number };
}

/** A longer stream is sampled: its middle word does not change with more of them. */
const MOST_SAMPLES = 20_000;

const SPOKEN = /[\p{L}\p{N}]/u;

/** Judges, on the whole stream, whether its times can be seconds of speech. One odd word changes nothing. */
export const unitOf = perTranscript(({ words }: Transcript): Unit => {
  const stride = Math.ceil(words.length / MOST_SAMPLES);
  const lengths = new Float64Array(Math.min(words.length, MOST_SAMPLES));
  const perLetter = new Float64Array(lengths.length);
  let spoken = 0;
  let first = Number.POSITIVE_INFINITY;
  let final = Number.NEGATIVE_INFINITY;
  for (let sample = 0; sample < lengths.length; sample += 1) {
    // Uneven steps, so that no rhythm of the stream can hide from them.
    const word = sample * stride + ((sample * 40503) % stride);
    const start = words.start[word] ?? Number.NaN;
    const end = words.end[word] ?? Number.NaN;
    const text = words.text[word] ?? '';
    if (!(end > start) || !SPOKEN.test(text)) continue;
    lengths[spoken] = end - start;
    perLetter[spoken] = (end - start) / text.length;
    spoken += 1;
    if (start < first) first = start;
    if (end > final) final = end;
  }
  const middle = middleOf(lengths.subarray(0, spoken));
  const middleLetter = middleOf(perLetter.subarray(0, spoken));
  const perSecond = (spoken * stride) / (final - first);
  const endless = spoken >= FEWEST_ENDLESS_WORDS && middle > ENDLESS_WORD_SECONDS;
  const long = spoken >= FEWEST_WORDS && middle > LONG_WORD_SECONDS && middleLetter > LONG_LETTER_SECONDS;
  const fast = spoken >= FEWEST_FAST_WORDS && middleLetter < SHORT_LETTER_SECONDS && perSecond > WORDS_PER_SECOND;
  const unit = { spoken, judged: spoken >= FEWEST_WORDS || endless, middle, perSecond };
  if (!endless && !long && !fast) return unit;
  const figures = fast
    ? `${spoken} spoken words pass at ${Math.round(perSecond)} a second`
    : `the middle one of ${spoken} spoken words lasts ${shownNumber(Number(middle.toPrecision(4)))} seconds`;
  const unitsPerSecond = middle / USUAL_WORD_SECONDS;
  return { ...unit, fault: { figures, likely: likelyUnit(unitsPerSecond), perSecond: unitsPerSecond } };
});

export function isInSeconds(transcript: Transcript): boolean {
  return unitOf(transcript).fault === undefined;
}

function middleOf(values: Float64Array): number {
  return values.sort()[values.length >> 1] ?? 0;
}

function likelyUnit(unitsPerSecond: number): string {
  const distance = (perSecond: number): number => Math.abs(Math.log(perSecond / unitsPerSecond));
  const [nearest] = [...UNITS].sort(([a], [b]) => distance(a) - distance(b));
  return nearest?.[1] ?? 'another unit';
}

import type { Transcript } from '../transcript/transcript.ts';
import { shownNumber } from './findings.ts';
import { isSpoken } from './glued-punctuation.ts';
import { perTranscript } from './root-causes.ts';
import { sameBounds } from './word-times.ts';

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
/** The middle word of a stream starts so long after the one before at no speed, nor in a session of many silences. */
const ENDLESS_STEP_SECONDS = 60;
/** A step that is longer may be silence, or a unit that is shorter than a second. */
const LONG_STEP_SECONDS = 5;
/** A spoken word of ordinary length, to guess the unit by. */
const USUAL_WORD_SECONDS = 0.3;

/** The middle word of a stream is no longer, as a rule. */
const LONGEST_USUAL_WORD_SECONDS = 1;

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
  /** Words looked at that hold a letter or digit and last, or, where hardly any lasts, that hold one. */
  readonly spoken: number;
  readonly judged: boolean;
  /** The figures that it is judged by, as sent. */
  readonly measured: string;
  /** Where the times are not seconds: which, the figures that show it, their likely unit, and about how many make a second. */
  readonly fault?: {
    readonly of: 'times' | 'ends';
    readonly figures: string;
    readonly likely: string;
    readonly perSecond: number;
  };
}

/** A longer stream is sampled: its middle word does not change with more of them. */
const MOST_SAMPLES = 20_000;

/** Of its length: so little silence follows a word that is told to last until the next. */
const GAP_FILLED = 0.02;
/** In a stream of such words, their lengths hold its silences. */
const GAPS_FILLED = 0.8;

/** Words that share their bounds, as those of a sentence may, are one. */
interface Sample {
  readonly start: number;
  /** Seconds, zero or more. */
  readonly length: number;
  readonly letters: number;
  /** It lasts until the next word starts, silence included. */
  readonly fillsGap: boolean;
}

/** Judges, on the whole stream, whether its times can be seconds of speech. One odd word changes nothing. */
export const unitOf = perTranscript(({ words }: Transcript): Unit => {
  const stride = Math.max(1, Math.ceil(words.length / MOST_SAMPLES));
  const samples = samplesOf(words, stride);
  const byLengths = unitOfLengths(
    samples.filter(({ length }) => length > 0),
    stride,
  );
  return byLengths.judged || samples.length < FEWEST_FAST_WORDS ? byLengths : unitOfStarts(samples, stride);
});

function samplesOf(words: Transcript['words'], stride: number): readonly Sample[] {
  const samples: Sample[] = [];
  let from = 0;
  for (let sample = 0; sample * stride < words.length; sample += 1) {
    // Uneven steps, so that no rhythm of the stream can hide from them.
    const word = sample * stride + ((sample * 40503) % stride);
    const start = words.start[word] ?? Number.NaN;
    const end = words.end[word] ?? Number.NaN;
    if (word < from || !(end >= start) || !isSpoken(words.text[word] ?? '')) continue;
    let letters = 0;
    for (from = word; from < words.length && sameBounds(words, word, from); from += 1)
      letters += words.text[from]?.length ?? 0;
    const gap = (words.start[from] ?? Number.NaN) - end;
    samples.push({ start, length: end - start, letters, fillsGap: Math.abs(gap) <= (end - start) * GAP_FILLED });
  }
  return samples;
}

function unitOfLengths(lasting: readonly Sample[], stride: number): Unit {
  const spoken = lasting.length;
  const middle = middleOf(lasting.map(({ length }) => length));
  const middleLetter = middleOf(lasting.map(({ length, letters }) => length / letters));
  const perSecond = pace(lasting, stride);
  const endless = spoken >= FEWEST_ENDLESS_WORDS && middle > ENDLESS_WORD_SECONDS;
  const long =
    spoken >= FEWEST_WORDS &&
    middle > LONG_WORD_SECONDS &&
    middleLetter > LONG_LETTER_SECONDS &&
    !holdsSilences(lasting);
  const fast = spoken >= FEWEST_FAST_WORDS && middleLetter < SHORT_LETTER_SECONDS && perSecond > WORDS_PER_SECOND;
  const measured = `a middle word length of ${rounded(middle)} and ${rounded(perSecond)} words a second`;
  const unit = { spoken, judged: spoken >= FEWEST_WORDS || endless, measured };
  if (!endless && !long && !fast) return unit;
  if (fast) return { ...unit, fault: faultOf(tooFast(spoken, perSecond), middle) };
  const length = faultOf(`the middle one of ${spoken} spoken words lasts ${rounded(middle)} seconds`, middle);
  const ends = unitOfEnds(lasting);
  return { ...unit, fault: ends === undefined ? length : { ...length, of: 'ends', likely: ends } };
}

/** The unit that brings the ends to where words end that start at these seconds; undefined where the starts have a unit, too. */
function unitOfEnds(lasting: readonly Sample[]): string | undefined {
  const [nearest] = UNITS.map(([perSecond, name]) => ({
    name,
    distance: middleOf(lasting.map(({ start, length }) => Math.abs((start + length) / perSecond - start))),
  })).sort((a, b) => a.distance - b.distance);
  return nearest !== undefined && nearest.distance < LONGEST_USUAL_WORD_SECONDS ? nearest.name : undefined;
}

/** Whether words are long for the pauses after them: frames and hundredths are whole numbers. */
function holdsSilences(lasting: readonly Sample[]): boolean {
  const filled = lasting.filter(({ fillsGap }) => fillsGap).length;
  return filled >= lasting.length * GAPS_FILLED && lasting.some(({ start }) => !Number.isInteger(start));
}

/** Of words that have no length: by the time from one to the next, where that can be told from silence. */
function unitOfStarts(samples: readonly Sample[], stride: number): Unit {
  const spoken = samples.length;
  const middle = middleOf(samples.slice(1).map(({ start }, index) => (start - (samples[index]?.start ?? 0)) / stride));
  const perSecond = pace(samples, stride);
  const endless = middle > ENDLESS_STEP_SECONDS;
  const fast = perSecond > WORDS_PER_SECOND && perSecond < Number.POSITIVE_INFINITY;
  const measured = `a middle step of ${rounded(middle)} from one start to the next and ${rounded(perSecond)} words a second`;
  const usual = middle < LONG_STEP_SECONDS && perSecond <= WORDS_PER_SECOND;
  const unit = { spoken, judged: usual || endless || fast, measured };
  if (fast) return { ...unit, fault: faultOf(tooFast(spoken, perSecond), 1 / perSecond) };
  if (!endless) return unit;
  const step = `the middle one of ${spoken} words without length starts ${rounded(middle)} seconds after the one before`;
  return { ...unit, fault: faultOf(step, middle) };
}

/** Spoken words in each second. */
function pace(samples: readonly Sample[], stride: number): number {
  let first = Number.POSITIVE_INFINITY;
  let final = Number.NEGATIVE_INFINITY;
  for (const { start, length } of samples) {
    first = Math.min(first, start);
    final = Math.max(final, start + length);
  }
  return (samples.length * stride) / (final - first);
}

function tooFast(spoken: number, perSecond: number): string {
  return `${spoken} spoken words pass at ${Math.round(perSecond)} a second`;
}

/** `wordSeconds`: what a word takes, as sent. */
function faultOf(figures: string, wordSeconds: number): NonNullable<Unit['fault']> {
  const perSecond = wordSeconds / USUAL_WORD_SECONDS;
  return { of: 'times', figures, likely: likelyUnit(perSecond), perSecond };
}

function rounded(seconds: number): string {
  return shownNumber(Number(seconds.toPrecision(4)));
}

export function isInSeconds(transcript: Transcript): boolean {
  return unitOf(transcript).fault === undefined;
}

function middleOf(values: readonly number[]): number {
  return Float64Array.from(values).sort()[values.length >> 1] ?? 0;
}

function likelyUnit(unitsPerSecond: number): string {
  const distance = (perSecond: number): number => Math.abs(Math.log(perSecond / unitsPerSecond));
  const [nearest] = [...UNITS].sort(([a], [b]) => distance(a) - distance(b));
  return nearest?.[1] ?? 'another unit';
}

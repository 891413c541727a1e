import { batchLimits, groupWords } from '../reference/batches.ts';
import type { Item, SubscriptionContext, TimedWord } from '../reference/pipeline.ts';
import { isPunctuation } from '../reference/tokens.ts';
import {
  all,
  delivered,
  fromBatch,
  inBatch,
  indexOf,
  inLongSession,
  longText,
  milliseconds,
  onLive,
  onReplay,
  onSnapshot,
  saidWord,
  saidWords,
  viewedWord,
  withVoice,
} from './overrides.ts';
import type { Fault, Variant } from './types.ts';

const scaled =
  (perSecond: number) =>
  ({ word, start, end }: TimedWord): TimedWord => ({ word, start: start * perSecond, end: end * perSecond });

const shifted =
  (seconds: number) =>
  ({ word, start, end }: TimedWord): TimedWord => ({ word, start: start + seconds, end: end + seconds });

/** Start of the sentence that a word stands in. */
function sentenceStart(word: TimedWord, { stream }: SubscriptionContext): number {
  const index = stream.words.indexOf(word);
  const stop = stream.words.slice(0, index).findLastIndex((one) => /^[.!?]$/.test(one.word));
  return stream.words[stop + 1]?.start ?? 0;
}

function sentenceBounds(words: readonly TimedWord[]): readonly TimedWord[] {
  const isStop = ({ word }: TimedWord) => /^[.!?]$/.test(word);
  return words.map(({ word, start, end }, index) => ({
    word,
    start: words[words.slice(0, index).findLastIndex(isStop) + 1]?.start ?? start,
    end: words.slice(index).find(isStop)?.end ?? end,
  }));
}

/** Index of the first word of a sentence in the second half of the session. */
function overflowingSentence({ stream }: SubscriptionContext): number {
  return stream.words.findIndex(({ word }, index) => word === '.' && index > stream.words.length / 2) + 1;
}

function swapped(words: readonly TimedWord[]): readonly TimedWord[] {
  const [first, second, ...others] = words;
  return first === undefined || second === undefined ? words : [second, first, ...others];
}

export const orderingFaults: readonly Fault[] = [
  {
    id: 'words-sorted-by-text',
    sentence: 'It keeps the words of a batch in a set, sorted by their text.',
    stages: (defaults) =>
      saidWords(defaults, (words) => [...words].sort((a, b) => (a.word < b.word ? -1 : a.word > b.word ? 1 : 0))),
    turns: { 'ordering.in-batch': 'fail' },
  },
  {
    id: 'two-words-swapped-once',
    sentence: 'Two threads of its aligner swap two words of one batch.',
    stages: (defaults) => saidWords(defaults, swapped, inBatch(1)),
    turns: { 'ordering.in-batch': 'fail' },
  },
  {
    id: 'punctuation-before-its-word',
    sentence: 'It puts punctuation at the front of its batch, late in a long session.',
    completed: [longText],
    stages: (defaults) =>
      saidWords(
        defaults,
        (words) => [
          ...words.filter(({ word }) => isPunctuation(word)),
          ...words.filter(({ word }) => !isPunctuation(word)),
        ],
        all(inLongSession, fromBatch(120)),
      ),
    turns: { 'ordering.in-batch': 'fail' },
  },
  {
    id: 'batches-swapped',
    sentence: 'Two batches overtake each other on their way through its queue.',
    stages: () =>
      delivered(async function* (items) {
        let index = 0;
        let kept: Item | undefined;
        for await (const item of items) {
          index += item.kind === 'batch' ? 1 : 0;
          if (item.kind === 'batch' && index === 2) {
            kept = item;
            continue;
          }
          yield item;
          if (kept !== undefined) yield kept;
          kept = undefined;
        }
      }),
    turns: { 'ordering.across-batches': 'fail' },
  },
  {
    id: 'times-restart-with-each-sentence',
    sentence: 'Its times start anew with each sentence.',
    stages: (defaults) => saidWord(defaults, (word, ctx) => shifted(-sentenceStart(word, ctx))(word)),
    turns: { 'ordering.across-batches': 'fail' },
  },
  {
    id: 'times-relative-to-the-batch',
    sentence: 'Its times are measured from the start of the batch.',
    stages: (defaults) => saidWords(defaults, (words) => words.map(shifted(-(words[0]?.start ?? 0)))),
    turns: { 'ordering.across-batches': 'fail' },
  },
  {
    id: 'times-restart-late-in-long-session',
    sentence: 'Its counter of samples overflows in a long session.',
    completed: [longText],
    stages: (defaults) =>
      saidWord(
        defaults,
        (word, ctx) => {
          const overflow = ctx.stream.words[overflowingSentence(ctx)]?.start ?? 0;
          return word.start < overflow ? word : shifted(-overflow)(word);
        },
        inLongSession,
      ),
    turns: { 'ordering.across-batches': 'fail' },
  },
  {
    id: 'punctuation-ends-before-it-starts',
    sentence: 'Its punctuation ends where the word before it ended.',
    stages: (defaults) =>
      saidWord(defaults, (word) => (isPunctuation(word.word) ? { ...word, end: word.start - 0.03 } : word)),
    turns: { 'ordering.bounds': 'fail' },
  },
  {
    id: 'last-word-ends-with-the-audio',
    sentence: 'It clips the end of the last word to the length of the audio, which it rounds down.',
    completed: [longText],
    stages: (defaults) =>
      saidWord(
        defaults,
        (word, ctx) =>
          indexOf(word, ctx) === ctx.stream.words.length - 1 ? { ...word, end: Math.floor(word.start) } : word,
        inLongSession,
      ),
    turns: { 'ordering.bounds': 'fail' },
  },
  {
    id: 'first-word-before-the-audio',
    sentence: 'It subtracts its latency from all times, so that the first words start before zero.',
    stages: (defaults) => saidWord(defaults, shifted(-0.5)),
    turns: { 'ordering.origin': 'fail' },
  },
  {
    id: 'wall-clock-times',
    sentence: 'Its times are seconds since 1970.',
    stages: (defaults) => saidWord(defaults, shifted(1_790_000_000)),
    turns: { 'ordering.origin': 'fail' },
  },
  {
    id: 'times-in-milliseconds',
    sentence: 'Its times are milliseconds.',
    stages: (defaults) => saidWord(defaults, scaled(1000)),
    turns: { 'ordering.seconds': 'fail' },
  },
  {
    id: 'times-in-milliseconds-on-snapshot',
    sentence: 'It stores times in milliseconds, and forgets to turn them back.',
    stages: (defaults) => saidWord(defaults, scaled(1000), onSnapshot),
    turns: { 'ordering.seconds': 'fail', 'snapshot.equals-live': 'fail' },
  },
  {
    id: 'times-in-samples',
    sentence: 'Its times are samples of audio at 16 kHz.',
    stages: (defaults) => saidWord(defaults, scaled(16_000)),
    turns: { 'ordering.seconds': 'fail' },
  },
  {
    id: 'times-in-microseconds',
    sentence: 'Its times are microseconds.',
    stages: (defaults) => saidWord(defaults, scaled(1e6)),
    turns: { 'ordering.seconds': 'fail' },
  },
  {
    id: 'times-in-ticks',
    sentence: 'Its times are ticks of 100 nanoseconds.',
    stages: (defaults) => saidWord(defaults, scaled(1e7)),
    turns: { 'ordering.seconds': 'fail' },
  },
  {
    id: 'times-in-minutes',
    sentence: 'Its times are minutes.',
    stages: (defaults) => saidWord(defaults, scaled(1 / 60)),
    turns: { 'ordering.seconds': 'fail' },
  },
  {
    id: 'words-delivered-twice',
    sentence: 'It acknowledges too late, so that every seventh word is delivered twice.',
    stages: () => viewedWord((word, index) => (index % 7 === 3 ? [word, word] : [word])),
    turns: { 'ordering.no-duplicates': 'fail' },
  },
  {
    id: 'last-batch-delivered-twice',
    sentence: 'It flushes its last batch when the session ends, and once more when the connection ends.',
    stages: () =>
      delivered(async function* (items) {
        let last: Item | undefined;
        for await (const item of items) {
          if (item.kind === 'end' && last !== undefined) yield last;
          if (item.kind === 'batch') last = item;
          yield item;
        }
      }),
    turns: { 'ordering.no-duplicates': 'fail' },
  },
  {
    id: 'seam-doubles-a-word',
    sentence: 'The last word of history is also the first one that it sends live.',
    stages: () =>
      viewedWord(
        (word, index, stretch, ctx) =>
          stretch.phase === 'live' && index === ctx.historyLength
            ? [...ctx.stream.words.slice(index - 1, index), word]
            : [word],
        onReplay,
      ),
    turns: { 'ordering.no-duplicates': 'fail', 'replay.no-gap': 'fail', 'replay.reconnect': 'fail' },
  },
  {
    id: 'history-delivered-twice-to-first',
    sentence: 'When its worker is replaced in the middle, listeners get the last three words again.',
    stages: () =>
      viewedWord((word, index, _, ctx) => (index === 12 ? [...ctx.stream.words.slice(9, 12), word] : [word]), onLive),
    turns: { 'ordering.no-duplicates': 'fail', 'replay.concurrent': 'fail' },
  },
  {
    id: 'word-again-with-its-end-corrected',
    sentence: 'When its aligner corrects the end of a word, it sends the word again.',
    stages: () =>
      viewedWord((word, index) => (index === 9 ? [word, { ...word, end: milliseconds(word.end + 0.02) }] : [word])),
    turns: { 'ordering.no-duplicates': 'fail' },
  },
  {
    id: 'every-word-three-times',
    sentence: 'Three replicas of its aligner report each word.',
    completed: [longText],
    stages: () => viewedWord((word) => [word, word, word], inLongSession),
    turns: { 'ordering.no-duplicates': 'fail' },
  },
  {
    id: 'words-again-with-ends-moved',
    sentence: 'It sends the last words of a sentence again when they are aligned anew, a few hundredths longer.',
    completed: [longText],
    stages: () =>
      viewedWord(
        (word, index, _, ctx) =>
          index === 40
            ? [...ctx.stream.words.slice(37, 40).map((one) => ({ ...one, end: milliseconds(one.end + 0.03) })), word]
            : [word],
        inLongSession,
      ),
    turns: { 'ordering.no-duplicates': 'fail' },
  },
  {
    id: 'bounds-of-the-sentence',
    sentence: 'It knows when sentences begin and end, and gives each word those times.',
    stages: (defaults) => withVoice(defaults, sentenceBounds),
    turns: { 'ordering.own-times': 'fail' },
  },
  {
    id: 'bounds-of-the-batch',
    sentence: 'It gives each word of a batch the time of the batch.',
    stages: (defaults) =>
      saidWords(defaults, (words) =>
        words.map(({ word }) => ({ word, start: words[0]?.start ?? 0, end: words.at(-1)?.end ?? 0 })),
      ),
    turns: { 'ordering.own-times': 'fail' },
  },
  {
    id: 'one-instant-from-the-eighth-second',
    sentence: 'Its aligner gives up after eight seconds: all further words have one time.',
    stages: (defaults) => saidWord(defaults, (word) => (word.start < 8 ? word : { word: word.word, start: 8, end: 8 })),
    turns: { 'ordering.own-times': 'fail' },
  },
  {
    id: 'all-times-zero',
    sentence: 'Where its aligner fails, all times are 0.',
    completed: [longText],
    stages: (defaults) => saidWord(defaults, ({ word }) => ({ word, start: 0, end: 0 }), inLongSession),
    turns: { 'ordering.own-times': 'fail' },
  },
  {
    id: 'ends-equal-starts',
    sentence: 'It knows when words start, and gives no other end.',
    stages: (defaults) => saidWord(defaults, (word) => ({ ...word, end: word.start })),
    turns: { 'ordering.own-times': 'warn' },
  },
  {
    id: 'ends-go-back',
    sentence: 'It lets words last into those that follow, and corrects the ends of punctuation back.',
    stages: (defaults) => ({
      ...saidWords(defaults, (words) =>
        words.map((word, at) => {
          const mark = words[at + 1];
          return mark !== undefined && isPunctuation(mark.word) ? { ...word, end: mark.end + 0.03 } : word;
        }),
      ),
      batches: (pending, next) => groupWords(pending, next, { ...batchLimits, maxSpan: 1.4 }),
    }),
    turns: { 'ordering.ends': 'warn' },
  },
];

export const orderingVariants: readonly Variant[] = [
  {
    id: 'words-said-twice-at-one-time',
    sentence: 'Gives each letter of a Chinese word the time of the word, so that equal ones follow each other.',
    near: 'ordering.no-duplicates',
    completed: ['谢谢大家！！妈妈看看爸爸，宝宝天天想想。谢谢！'],
    stages: (defaults) =>
      withVoice(defaults, (words) =>
        words.flatMap(({ word, start, end }) => [...word].map((letter) => ({ word: letter, start, end }))),
      ),
    script: 'Haha! One two three four, five six seven eight nine. And so on.',
  },
  {
    id: 'pieces-share-the-bounds-of-their-word',
    sentence: 'Cuts words into pieces of three letters, each with the bounds of the whole word.',
    near: 'ordering.own-times',
    completed: [longText],
    stages: (defaults) =>
      withVoice(defaults, (words) =>
        words.flatMap(({ word, start, end }) =>
          (/^\p{L}+$/u.test(word) ? (word.match(/.{1,3}/gu) ?? []) : [word]).map((piece) => ({
            word: piece,
            start,
            end,
          })),
        ),
      ),
  },
  {
    id: 'words-last-until-the-next',
    sentence: 'Lets each word last until the next one starts, pauses of seven seconds included.',
    near: 'ordering.seconds',
    script: 'One. Two. Three. Four. Five. Six.',
    stages: (defaults) =>
      withVoice(defaults, (words, from) =>
        words.map(({ word }, index) => ({
          word,
          start: milliseconds(from + 0.2 + index * 7.31),
          end: milliseconds(from + 0.2 + (index + 1) * 7.31),
        })),
      ),
  },
  {
    id: 'overlapping-words',
    sentence: 'Lets each word begin before the one before it has ended.',
    near: 'ordering.bounds',
    stages: (defaults) =>
      withVoice(defaults, (words) =>
        words.map(({ word, start, end }) => ({ word, start, end: milliseconds(end + 0.05) })),
      ),
  },
  {
    id: 'equal-starts',
    sentence: 'Lets a mark start with the word that it follows.',
    near: 'ordering.in-batch',
    stages: (defaults) =>
      withVoice(defaults, (words) =>
        words.map((word, index) => {
          const before = words[index - 1];
          return before && isPunctuation(word.word) ? { ...word, start: before.start } : word;
        }),
      ),
  },
  {
    id: 'zero-length-punctuation',
    sentence: 'Gives punctuation no length.',
    near: 'ordering.bounds',
    stages: (defaults) =>
      withVoice(defaults, (words) =>
        words.map((word) => (isPunctuation(word.word) ? { ...word, end: word.start } : word)),
      ),
  },
  {
    id: 'zero-length-words',
    sentence: 'Gives every fourth word no length.',
    near: 'ordering.seconds',
    stages: (defaults) =>
      withVoice(defaults, (words) =>
        words.map((word, index) => (index % 4 === 3 ? { ...word, end: word.start } : word)),
      ),
  },
  {
    id: 'different-events-share-a-time',
    sentence: 'Gives two different marks the same start and end.',
    near: 'ordering.no-duplicates',
    script: '"Well," she said, "we go." "Where?" "Home!" Then silence, "as ever."',
    stages: (defaults) =>
      withVoice(defaults, (words) =>
        words.map((word, index) => {
          const before = words[index - 1];
          const pair = before && isPunctuation(word.word) && isPunctuation(before.word) && before.word !== word.word;
          return pair ? { ...word, start: before.start, end: before.end } : word;
        }),
      ),
  },
  {
    id: 'the-same-word-again',
    sentence: 'Speaks the same word many times, each at its own time.',
    near: 'ordering.no-duplicates',
    script: 'No, no, no, no! No no no no. No, no.',
  },
  {
    id: 'first-word-at-zero',
    sentence: 'Starts its first word at 0.',
    near: 'ordering.origin',
    stages: (defaults) =>
      withVoice(defaults, (words, from) => {
        const lead = from === 0 ? (words[0]?.start ?? 0) : 0;
        return words.map(({ word, start, end }) => ({
          word,
          start: milliseconds(start - lead),
          end: milliseconds(end - lead),
        }));
      }),
  },
  {
    id: 'late-first-word',
    sentence: 'Is silent for the first twelve seconds of its audio.',
    near: 'ordering.origin',
    stages: (defaults) => ({ voice: (text, from) => defaults.voice(text, from === 0 ? 12 : from) }),
  },
  {
    id: 'long-pause',
    sentence: 'Pauses for six seconds in the middle.',
    near: 'ordering.seconds',
    script: 'We begin, slowly. Then we wait. And now we go on, as if nothing had happened at all.',
    stages: (defaults) =>
      withVoice(defaults, (words) =>
        words.map(({ word, start, end }, index) => {
          const pause = index < 7 ? 0 : 6;
          return { word, start: milliseconds(start + pause), end: milliseconds(end + pause) };
        }),
      ),
  },
  {
    id: 'float-noise',
    sentence: 'Writes times with the noise of binary fractions.',
    near: 'ordering.in-batch',
    stages: (defaults) =>
      withVoice(defaults, (words) =>
        words.map(({ word, start, end }) => ({ word, start: start * 1.1 + 0.1, end: end * 1.1 + 0.1 })),
      ),
  },
  {
    id: 'word-within-a-word',
    sentence: 'Lets a long word end after the next, shorter one.',
    near: 'ordering.ends',
    warns: ['ordering.ends'],
    stages: (defaults) => ({
      ...withVoice(defaults, (words) =>
        words.map((word, index) => (index === 3 ? { ...word, end: milliseconds(word.end + 0.6) } : word)),
      ),
      batches: (pending, next) =>
        groupWords(pending, next, { maxWords: 10, maxStartSpan: 0.8, maxSpan: 1.4, maxPause: 0.35 }),
    }),
    script: 'We say it and go on, all of us together, now.',
  },
];

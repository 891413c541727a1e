import type { Item, SubscriptionContext, TimedWord } from '../reference/pipeline.ts';
import { isPunctuation } from '../reference/tokens.ts';
import { type Fault, faultsOf, type Variant, variantsNear } from './cases.ts';
import {
  all,
  delivered,
  fromBatch,
  grouped,
  inBatch,
  inLongSession,
  longText,
  milliseconds,
  onLive,
  onSnapshot,
  retimed,
  saidWord,
  saidWords,
  spokenWord,
  stacked,
  viewedWord,
  withVoice,
} from './overrides.ts';
import { seamDoubles } from './replay.ts';

const IN_LONG_SESSION = { completed: [longText] };

const scaled = (perSecond: number) => retimed((time) => time * perSecond);
const shifted = (seconds: number) => retimed((time) => time + seconds);

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
  return [...words.slice(1, 2), ...words.slice(0, 1), ...words.slice(2)];
}

function marksFirst(words: readonly TimedWord[]): readonly TimedWord[] {
  return [...words].sort((a, b) => Number(isPunctuation(b.word)) - Number(isPunctuation(a.word)));
}

/** The second batch comes after the third. */
async function* secondBatchLater(items: AsyncIterable<Item>): AsyncIterable<Item> {
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
}

async function* lastBatchTwice(items: AsyncIterable<Item>): AsyncIterable<Item> {
  let last: Item | undefined;
  for await (const item of items) {
    if (item.kind === 'end' && last !== undefined) yield last;
    if (item.kind === 'batch') last = item;
    yield item;
  }
}

export const faults: readonly Fault[] = [
  ...faultsOf('ordering.in-batch', 'fail', {
    'words-sorted-by-text': [
      'It keeps the words of a batch in a set, sorted by their text.',
      saidWords((words) => [...words].sort((a, b) => (a.word < b.word ? -1 : a.word > b.word ? 1 : 0))),
    ],
    'two-words-swapped-once': [
      'Two threads of its aligner swap two words of one batch.',
      saidWords(swapped, inBatch(1)),
    ],
    'punctuation-before-its-word': [
      'It puts punctuation at the front of its batch, late in a long session.',
      saidWords(marksFirst, all(inLongSession, fromBatch(120))),
      IN_LONG_SESSION,
    ],
  }),
  ...faultsOf('ordering.across-batches', 'fail', {
    'batches-swapped-live': [
      'Two batches overtake each other on their way to those who listen live; its history is in order.',
      delivered(secondBatchLater, onLive),
    ],
    'batches-swapped': ['Two batches overtake each other on their way through its queue.', delivered(secondBatchLater)],
    'times-restart-with-each-sentence': [
      'Its times start anew with each sentence.',
      saidWord((word, ctx) => shifted(-sentenceStart(word, ctx))(word)),
    ],
    'times-relative-to-the-batch': [
      'Its times are measured from the start of the batch.',
      saidWords((words) => words.map(shifted(-(words[0]?.start ?? 0)))),
    ],
    'times-restart-late-in-long-session': [
      'Its counter of samples overflows in a long session.',
      saidWord((word, ctx) => {
        const overflow = ctx.stream.words[overflowingSentence(ctx)]?.start ?? 0;
        return word.start < overflow ? word : shifted(-overflow)(word);
      }, inLongSession),
      IN_LONG_SESSION,
    ],
  }),
  ...faultsOf('ordering.bounds', 'fail', {
    'punctuation-ends-before-it-starts': [
      'Its punctuation ends where the word before it ended.',
      saidWord((word) => (isPunctuation(word.word) ? { ...word, end: word.start - 0.03 } : word)),
    ],
    'last-word-ends-with-the-audio': [
      'It clips the end of the last word to the length of the audio, which it rounds down.',
      saidWord(
        (word, { stream }) => (word === stream.words.at(-1) ? { ...word, end: Math.floor(word.start) } : word),
        inLongSession,
      ),
      IN_LONG_SESSION,
    ],
  }),
  ...faultsOf('ordering.origin', 'fail', {
    'first-word-before-the-audio': [
      'It subtracts its latency from all times, so that the first words start before zero.',
      saidWord(shifted(-0.5)),
    ],
    'wall-clock-times': ['Its times are seconds since 1970.', saidWord(shifted(1_790_000_000))],
  }),
  ...faultsOf('ordering.seconds', 'fail', {
    'times-in-milliseconds': ['Its times are milliseconds.', saidWord(scaled(1000))],
    'times-in-milliseconds-on-snapshot': [
      'It stores times in milliseconds, and forgets to turn them back.',
      saidWord(scaled(1000), onSnapshot),
      { also: { 'snapshot.equals-live': 'fail' } },
    ],
    'times-in-samples': ['Its times are samples of audio at 16 kHz.', saidWord(scaled(16_000))],
    'times-in-microseconds': ['Its times are microseconds.', saidWord(scaled(1e6))],
    'times-in-ticks': ['Its times are ticks of 100 nanoseconds.', saidWord(scaled(1e7))],
    'times-in-minutes': ['Its times are minutes.', saidWord(scaled(1 / 60))],
  }),
  ...faultsOf('ordering.no-duplicates', 'fail', {
    'words-delivered-twice': [
      'It acknowledges too late, so that every seventh word is delivered twice.',
      viewedWord((word, index) => (index % 7 === 3 ? [word, word] : [word])),
    ],
    'last-batch-delivered-twice': [
      'It flushes its last batch when the session ends, and once more when the connection ends.',
      delivered(lastBatchTwice),
    ],
    'seam-doubles-a-word': [
      'The last word of history is also the first one that it sends live.',
      seamDoubles(1),
      { also: { 'replay.no-gap': 'fail', 'replay.reconnect': 'fail' } },
    ],
    'history-delivered-twice-to-first': [
      'When its worker is replaced in the middle, listeners get the last three words again.',
      viewedWord((word, index, _, ctx) => (index === 12 ? [...ctx.stream.words.slice(9, 12), word] : [word]), onLive),
      { also: { 'replay.concurrent': 'fail' } },
    ],
    'word-again-with-its-end-corrected': [
      'When its aligner corrects the end of a word, it sends the word again.',
      viewedWord((word, index) => (index === 9 ? [word, { ...word, end: milliseconds(word.end + 0.02) }] : [word])),
    ],
    'every-word-three-times': [
      'Three replicas of its aligner report each word.',
      viewedWord((word) => [word, word, word], inLongSession),
      IN_LONG_SESSION,
    ],
    'words-again-with-ends-moved': [
      'It sends the last words of a sentence again when they are aligned anew, a few hundredths longer.',
      viewedWord(
        (word, index, _, ctx) =>
          index === 40
            ? [...ctx.stream.words.slice(37, 40).map((one) => ({ ...one, end: milliseconds(one.end + 0.03) })), word]
            : [word],
        inLongSession,
      ),
      IN_LONG_SESSION,
    ],
  }),
  ...faultsOf('ordering.own-times', 'fail', {
    'bounds-of-the-sentence': [
      'It knows when sentences begin and end, and gives each word those times.',
      withVoice(sentenceBounds),
    ],
    'bounds-of-the-batch': [
      'It gives each word of a batch the time of the batch.',
      saidWords((words) => {
        const bounds = { start: words[0]?.start ?? 0, end: words.at(-1)?.end ?? 0 };
        return words.map(({ word }) => ({ word, ...bounds }));
      }),
    ],
    'one-instant-from-the-eighth-second': [
      'Its aligner gives up after eight seconds: all further words have one time.',
      saidWord((word) => (word.start < 8 ? word : { ...word, start: 8, end: 8 })),
    ],
    'all-times-zero': [
      'Where its aligner fails, all times are 0.',
      saidWord(scaled(0), inLongSession),
      IN_LONG_SESSION,
    ],
  }),
  ...faultsOf('ordering.own-times', 'warn', {
    'ends-equal-starts': [
      'It knows when words start, and gives no other end.',
      saidWord((word) => ({ ...word, end: word.start })),
    ],
    'times-cut-to-whole-seconds': [
      'It cuts its times to whole seconds, so that most words end when they start.',
      saidWord(({ word, start, end }) => ({ word, start: Math.floor(start), end: Math.floor(end) })),
    ],
  }),
  ...faultsOf('ordering.ends', 'warn', {
    'ends-go-back': [
      'It lets words last into those that follow, and corrects the ends of punctuation back.',
      stacked(
        saidWords((words) =>
          words.map((word, at) => {
            const mark = words[at + 1];
            return mark !== undefined && isPunctuation(mark.word) ? { ...word, end: mark.end + 0.03 } : word;
          }),
        ),
        grouped({ maxSpan: 1.4 }),
      ),
    ],
  }),
];

export const variants: readonly Variant[] = [
  ...variantsNear('ordering.no-duplicates', {
    'words-said-twice-at-one-time': [
      'Gives each letter of a Chinese word the time of the word, so that equal ones follow each other.',
      spokenWord((word) => [...word.word].map((letter) => ({ ...word, word: letter }))),
      {
        completed: ['谢谢大家！！妈妈看看爸爸，宝宝天天想想。谢谢！'],
        script: 'Haha! One two three four, five six seven eight nine. And so on.',
      },
    ],
    'different-events-share-a-time': [
      'Gives two different marks the same start and end.',
      spokenWord((word, index, words) => {
        const before = words[index - 1];
        const pair = before && isPunctuation(word.word) && isPunctuation(before.word) && before.word !== word.word;
        return pair ? { ...before, word: word.word } : word;
      }),
      { script: '"Well," she said, "we go." "Where?" "Home!" Then silence, "as ever."' },
    ],
    'the-same-word-again': [
      'Speaks the same word many times, each at its own time.',
      { script: 'No, no, no, no! No no no no. No, no.' },
    ],
  }),
  ...variantsNear('ordering.own-times', {
    'pieces-share-the-bounds-of-their-word': [
      'Cuts words into pieces of three letters, each with the bounds of the whole word.',
      spokenWord((word) => {
        const pieces = /^\p{L}+$/u.test(word.word) ? (word.word.match(/.{1,3}/gu) ?? []) : [word.word];
        return pieces.map((piece) => ({ ...word, word: piece }));
      }),
      IN_LONG_SESSION,
    ],
    'times-in-whole-seconds': [
      'Rounds its times to whole seconds, so that words share them.',
      saidWord(({ word, start, end }) => ({ word, start: Math.floor(start), end: Math.floor(end) + 1 })),
      { warns: ['batching.time-span'] },
    ],
  }),
  ...variantsNear('ordering.seconds', {
    'words-last-until-the-next': [
      'Lets each word last until the next one starts, pauses of seven seconds included.',
      withVoice((words, from) =>
        words.map(({ word }, index) => ({
          word,
          start: milliseconds(from + 0.2 + index * 7.31),
          end: milliseconds(from + 0.2 + (index + 1) * 7.31),
        })),
      ),
      { script: 'One. Two. Three. Four. Five. Six.' },
    ],
    'zero-length-words': [
      'Gives every fourth word no length.',
      spokenWord((word, index) => (index % 4 === 3 ? { ...word, end: word.start } : word)),
    ],
    'long-pause': [
      'Pauses for six seconds in the middle.',
      spokenWord((word, index) => (index < 7 ? word : retimed((time) => milliseconds(time + 6))(word))),
      { script: 'We begin, slowly. Then we wait. And now we go on, as if nothing had happened at all.' },
    ],
  }),
  ...variantsNear('ordering.bounds', {
    'overlapping-words': [
      'Lets each word begin before the one before it has ended.',
      spokenWord((word) => ({ ...word, end: milliseconds(word.end + 0.05) })),
    ],
    'zero-length-punctuation': [
      'Gives punctuation no length.',
      spokenWord((word) => (isPunctuation(word.word) ? { ...word, end: word.start } : word)),
    ],
  }),
  ...variantsNear('ordering.in-batch', {
    'equal-starts': [
      'Lets a mark start with the word that it follows.',
      spokenWord((word, index, words) =>
        isPunctuation(word.word) ? { ...word, start: words[index - 1]?.start ?? word.start } : word,
      ),
    ],
    'float-noise': [
      'Writes times with the noise of binary fractions.',
      spokenWord(retimed((time) => time * 1.1 + 0.1)),
    ],
  }),
  ...variantsNear('ordering.origin', {
    'first-word-at-zero': [
      'Starts its first word at 0.',
      withVoice((words, from) => {
        const lead = from === 0 ? (words[0]?.start ?? 0) : 0;
        return words.map(retimed((time) => milliseconds(time - lead)));
      }),
    ],
    'late-first-word': [
      'Is silent for the first twelve seconds of its audio.',
      (defaults) => ({ voice: (text, from) => defaults.voice(text, from === 0 ? 12 : from) }),
    ],
  }),
  ...variantsNear('ordering.ends', {
    'word-within-a-word': [
      'Lets a long word end after the next, shorter one.',
      stacked(
        spokenWord((word, index) => (index === 3 ? { ...word, end: milliseconds(word.end + 0.6) } : word)),
        grouped({ maxStartSpan: 0.8, maxSpan: 1.4 }),
      ),
      { warns: ['ordering.ends'], script: 'We say it and go on, all of us together, now.' },
    ],
  }),
];

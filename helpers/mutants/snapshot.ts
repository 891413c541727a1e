import { batchLimits, groupWords } from '../reference/batches.ts';
import { errorDocument, unknownStream } from '../reference/errors.ts';
import type { SubscriptionContext, TimedWord } from '../reference/pipeline.ts';
import { opening } from './auth.ts';
import { type Fault, faultsOf, type Variant, variantsNear } from './cases.ts';
import {
  all,
  delayed,
  frames,
  grouped,
  heads,
  milliseconds,
  type Override,
  onFirstSubscription,
  only,
  onSnapshot,
  respelt,
  retimed,
  viewedWords,
  type Where,
  withBearer,
} from './overrides.ts';
import { gluedAfter } from './tokens.ts';

const OLDER_SESSION = {
  completed: ['An older session, kept for ever. Is it all there? Yes, every word of it.'],
  earlier: true,
};
const UNWATCHED = { settings: { unwatched: true } };

/** A completed session that nobody had subscribed to. */
const unwatched: Where = all(onFirstSubscription, onSnapshot);

/** What the reader of a completed session gets in place of its words. */
function storedAs(
  rewrite: (words: readonly TimedWord[], ctx: SubscriptionContext) => readonly TimedWord[],
  where: Where = onSnapshot,
): Override {
  return viewedWords((words, _, ctx) => rewrite(words, ctx), where);
}

/** Each word of a completed session on its own. */
function storedWord(change: (word: TimedWord, ctx: SubscriptionContext) => TimedWord): Override {
  return storedAs((words, ctx) => words.map((word) => change(word, ctx)));
}

function roundedTo(seconds: number): (word: TimedWord) => TimedWord {
  return retimed((time) => milliseconds(Math.round(time / seconds) * seconds));
}

/** Refuses a session once it was read so often, by the subscriptions that `counted` picks. */
function lostAfter(most: number, counted: Where): Override {
  return (defaults) => {
    const reads = new Map<string, number>();
    return {
      head(ctx) {
        if (counted(ctx)) reads.set(ctx.stream.id, (reads.get(ctx.stream.id) ?? 0) + 1);
        return defaults.head(ctx);
      },
      async find(streamId, identity, sessions) {
        const isLost = (reads.get(streamId) ?? 0) >= most;
        return isLost ? { refused: unknownStream } : defaults.find(streamId, identity, sessions);
      },
    };
  };
}

/** Another answer in place of a completed session's stream, while live ones are served. */
function completedAnswers(status: number, type: string, body: string): Override {
  return heads(() => ({ status, headers: { 'content-type': type }, body }), onSnapshot);
}

/** Rounds the older session, which is the first to be spoken, as soon as the session of the later run speaks. */
const roundingTheOlder: Override = (defaults) => {
  let spoken = 0;
  return {
    voice(text, from) {
      spoken += 1;
      return defaults.voice(text, from);
    },
    view(stretch, ctx) {
      const words = defaults.view(stretch, ctx);
      return ctx.kind === 'snapshot' && spoken > 1 && words[0]?.word === 'An' ? words.map(roundedTo(0.1)) : words;
    },
  };
};

export const faults: readonly Fault[] = [
  ...faultsOf('snapshot.served', 'fail', {
    'snapshot-without-words': ['Stores the end of a session alone.', storedAs(() => [])],
    'session-forgotten-at-its-end': [
      'Forgets a session when it ends: 404.',
      opening(({ status }) => status === 'completed' && { refused: unknownStream }),
    ],
    'snapshot-not-ready': [
      'Answers 202 to the reader of a completed session, and no words.',
      completedAnswers(202, 'application/json', '{"status":"processing"}'),
    ],
    'snapshot-store-is-down': [
      'Answers 500 to the reader of a completed session.',
      completedAnswers(500, 'text/html', '<h1>Internal Server Error</h1>'),
    ],
    'snapshot-expires-after-one-read': [
      'Serves a completed session once, and 404 after that.',
      lostAfter(1, onSnapshot),
    ],
    'old-sessions-lost': [
      'Deletes older sessions when it cleans up.',
      // An earlier run reads a completed session three times.
      lostAfter(3, ({ stream }) => stream.stored),
      { ...OLDER_SESSION, also: { 'snapshot.durable': 'fail' } },
    ],
  }),
  ...faultsOf('snapshot.equals-live', 'fail', {
    'snapshot-rounded': ['Stores times to a hundredth of a second.', storedWord(roundedTo(0.01))],
    'snapshot-two-milliseconds-late': [
      'Stores times two milliseconds late.',
      storedWord(retimed((time) => time + 0.002)),
    ],
    'snapshot-truncated': ['Stores all but the last three words.', storedAs((words) => words.slice(0, -3))],
    'snapshot-lacks-the-last-mark': [
      'Stores all but the last mark of punctuation.',
      storedAs((words) => words.slice(0, -1)),
    ],
    'snapshot-without-its-start': ['Stores no more than the last twenty words.', storedAs((words) => words.slice(-20))],
    'snapshot-loses-a-word': [
      'Loses one word in the middle when it stores.',
      storedAs((words) => words.filter((_, index) => index !== 12)),
    ],
    'snapshot-retokenised': [
      'Splits words at hyphens and apostrophes when it stores.',
      storedAs((words) =>
        words.flatMap((word) => word.word.split(/(?<=[’'-])(?=\p{L})/u).map((part) => ({ ...word, word: part }))),
      ),
    ],
    'snapshot-glues-punctuation': [
      'Stores punctuation with the word before it.',
      storedAs((words) => gluedAfter(words, /^[,!?]$/)),
      { also: { 'tokens.punctuation-apart': 'fail' } },
    ],
    'snapshot-without-capitals': ['Stores its words in lower case.', storedWord(respelt((word) => word.toLowerCase()))],
    'snapshot-garbles-accents': [
      'Stores letters beyond ASCII as question marks.',
      storedWord(respelt((word) => word.replace(/(?<=\p{L})[^\0-\x7f]/gu, 'e'))),
    ],
    'snapshot-starts-at-zero': [
      'Stores times from the first word, not from the start of the audio.',
      storedAs((words) => words.map(retimed((time) => time - (words[0]?.start ?? 0)))),
    ],
  }),
  ...faultsOf('snapshot.stable', 'fail', {
    'snapshot-drifts': [
      'Aligns a completed session anew at each read: times differ a little.',
      storedWord((word, { ordinal }) => ({ ...word, end: milliseconds(word.end + ordinal / 250) })),
      { also: { 'snapshot.equals-live': 'fail' } },
    ],
    'snapshot-by-credential': [
      'Gives the holder of a bearer token a shorter snapshot.',
      storedAs((words) => words.slice(0, -2), all(onSnapshot, withBearer)),
    ],
  }),
  ...faultsOf('snapshot.durable', 'fail', {
    'old-sessions-rounded': ['Rounds the times of older sessions when it cleans up.', roundingTheOlder, OLDER_SESSION],
  }),
  ...faultsOf('snapshot.prompt', 'warn', {
    'snapshot-at-speaking-pace': [
      'Plays a completed session at the pace of speech.',
      delayed((item, { speed }) => {
        if (item.kind !== 'batch') return 0;
        return ((item.words.at(-1)?.end ?? 0) - (item.words[0]?.start ?? 0)) / speed;
      }, onSnapshot),
      { alone: true, settings: { speed: 8 } },
    ],
  }),
  ...faultsOf('snapshot.unwatched', 'fail', {
    'recorded-only-while-watched': [
      'Records a session only while somebody listens to it.',
      storedAs(() => [], unwatched),
      UNWATCHED,
    ],
    'recorded-from-the-first-listener-on': [
      'Keeps of a session without listeners what was spoken last, for it starts to record late.',
      storedAs((words) => words.slice(6), unwatched),
      UNWATCHED,
    ],
    'unwatched-session-forgotten': [
      'Forgets a session that ended without a listener.',
      heads(() => errorDocument(unknownStream), unwatched),
      UNWATCHED,
    ],
  }),
];

export const variants: readonly Variant[] = [
  ...variantsNear('snapshot.equals-live', {
    'snapshot-in-float32': ['Stores times as 32-bit floats.', storedWord(retimed(Math.fround))],
    'snapshot-batched-anew': [
      'Groups the words of a snapshot by two.',
      grouped({ maxWords: 2, maxPause: 9 }, onSnapshot),
    ],
    'snapshot-with-other-number-forms': [
      'Writes the same times with more zeros in a snapshot.',
      frames('any', (frame) => frame.replace(/"(start|end)":(\d+\.\d+)/g, '"$1":$200'), onSnapshot),
    ],
  }),
  ...variantsNear('snapshot.stable', {
    'snapshot-a-millisecond-off': [
      'Cuts times to milliseconds where live ones are rounded.',
      storedWord((word, { ordinal }) => ({ ...word, end: milliseconds(word.end + (ordinal % 2) / 1000) })),
    ],
    'snapshot-batched-by-chance': [
      'Groups the words of a snapshot differently at each read.',
      only(onSnapshot, () => ({
        batches: (pending, next, { ordinal }) =>
          groupWords(pending, next, { ...batchLimits, maxWords: 1 + (ordinal % 5), maxPause: 9 }),
      })),
    ],
    'snapshot-with-more-members': [
      'Tells in the end of a snapshot when it was stored.',
      (defaults) => ({
        endPayload: (ctx) => {
          const payload = defaults.endPayload(ctx) as object;
          return { ...payload, read: ctx.ordinal, stored: ctx.stream.stored };
        },
      }),
    ],
  }),
  ...variantsNear('snapshot.prompt', {
    'snapshot-in-one-chunk': [
      'Sends a snapshot as one chunk.',
      frames(
        'any',
        (frame, item, { scratch }) => {
          const held = `${scratch.get('held') ?? ''}${frame}`;
          scratch.set('held', held);
          return item.kind === 'end' ? held : '';
        },
        onSnapshot,
      ),
    ],
  }),
  ...variantsNear('snapshot.durable', {
    'older-sessions-as-well': [
      'Serves sessions that ended long before the run.',
      {
        completed: ['An older session, kept for ever. Is it all there? Yes.', 'Ein anderes Gespräch, ganz kurz.'],
        earlier: true,
      },
    ],
  }),
  ...variantsNear('snapshot.unwatched', {
    'unwatched-session-kept': [
      'Keeps a session that nobody listened to, in batches of other sizes than those of a live one.',
      grouped({ maxWords: 4 }),
      UNWATCHED,
    ],
  }),
];

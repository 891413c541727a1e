import type { TimedWord } from '../reference/pipeline.ts';
import { type Fault, faultsOf, type Variant, variantsNear } from './cases.ts';
import {
  all,
  beforeBatch,
  frames,
  fromBatch,
  inBatch,
  inLongSession,
  longText,
  onLive,
  onReplay,
  onSnapshot,
  payloadOf,
  respelt,
  saidObjects,
  saidWord,
  saidWords,
  spokenWord,
  withVoice,
} from './overrides.ts';

/** The two halves of an emoji, the first without length. */
function halves(word: TimedWord): readonly TimedWord[] {
  if (word.word !== '😀') return [word];
  return [
    { ...word, word: '\ud83d', end: word.start },
    { ...word, word: '\ude00' },
  ];
}

const ACCENTED = /[^\p{ASCII}]/u;

export const faults: readonly Fault[] = [
  ...faultsOf('schema.batch', 'fail', {
    'times-as-strings': [
      'Its times are strings.',
      saidObjects(({ word, start, end }) => ({ word, start: String(start), end: String(end) })),
    ],
    'end-member-missing-for-punctuation': [
      'It gives punctuation no end.',
      saidObjects(({ word, start, end }) => (/^\p{P}+$/u.test(String(word)) ? { word, start } : { word, start, end })),
    ],
    'word-is-null-once': [
      'A word that its aligner lost is null.',
      saidObjects((object, at) => (at === 0 ? { ...object, word: null } : object), inBatch(2)),
    ],
    'accented-words-are-null': [
      'It gives null for words beyond ASCII.',
      saidObjects((object) => (ACCENTED.test(String(object.word)) ? { ...object, word: null } : object)),
    ],
    'word-called-text': [
      'It calls the member text, on snapshots.',
      saidObjects(({ word, start, end }) => ({ text: word, start, end }), onSnapshot),
    ],
    'bare-array': ['A batch is a bare array of words.', () => ({ payload: (words) => words })],
    'times-null-late-in-long-session': [
      'After some minutes its aligner gives null for times.',
      saidObjects((object) => ({ ...object, end: null }), all(inLongSession, fromBatch(100))),
      { completed: [longText] },
    ],
    'heartbeat-as-batch': [
      'It keeps the connection open with data: {"type":"ping"}.',
      beforeBatch(2, 'data: {"type":"ping"}\n\n', onLive),
    ],
    'error-as-batch': [
      'It reports an error as data in the stream, after a 200.',
      beforeBatch(3, 'data: {"error":{"code":"internal_error","message":"try again"}}\n\n', onReplay),
    ],
    'words-null-when-silent': ['Where nothing was said, words is null.', beforeBatch(1, 'data: {"words":null}\n\n')],
  }),
  ...faultsOf('schema.word-text', 'fail', {
    'empty-word-for-a-pause': [
      'It sends a pause as an empty word.',
      saidWord(respelt((word) => (word === ',' ? '' : word))),
    ],
    'space-as-a-word': [
      'It sends the space between sentences as a word, once.',
      saidWord(respelt((word) => (word === ':' ? ' ' : word))),
    ],
    'half-a-character-as-a-word': [
      'It cuts tokens between the two halves of an emoji.',
      saidWords((words) => words.flatMap(halves)),
      {
        script:
          'One two three four. Here 😀 is a smile, and there. One two three four. The end is near, very near now.',
      },
    ],
  }),
  ...faultsOf('schema.one-token', 'warn', {
    'two-tokens-in-a-word': [
      'It sends a title and its name as one word.',
      saidWord(respelt((word) => (word === 'Dr.' ? 'Doc tor' : word))),
      {
        script:
          'One two three four. Here is Dr. Who, who knows the time. One two three four. The end is near, very near now.',
      },
    ],
  }),
  ...faultsOf('schema.nonempty-batch', 'warn', {
    'empty-batch-as-heartbeat': [
      'It keeps the connection open with empty batches.',
      beforeBatch(2, 'data: {"words":[]}\n\n'),
    ],
    'empty-batch-before-history': [
      'What it replays begins with an empty batch.',
      beforeBatch(0, 'data: {"words":[]}\n\n', onReplay),
    ],
  }),
  ...faultsOf('schema.unique-members', 'warn', {
    'member-twice': [
      'It writes start twice, as two services add it.',
      frames('batch', (frame) => frame.replaceAll('"start":', '"start":0,"start":')),
    ],
    'member-twice-on-snapshot-end': [
      'The end of its snapshots has a member twice.',
      frames('end', () => 'event: end\ndata: {"reason":"completed","reason":"stored"}\n\n', onSnapshot),
    ],
  }),
  ...faultsOf('schema.undocumented', 'note', {
    'member-of-its-own': [
      'It gives each word a confidence.',
      saidObjects((object) => ({ ...object, confidence: 0.98 })),
      { noted: /confidence/ },
    ],
  }),
];

export const variants: readonly Variant[] = [
  ...variantsNear('schema.one-token', {
    'vietnamese-words-with-spaces': [
      'Speaks Vietnamese, whose words have spaces between their syllables.',
      spokenWord(respelt((word) => word.replaceAll('_', ' '))),
      {
        script:
          'Xin_chào các_bạn, hôm_nay trời rất đẹp. Chúng_ta đi công_viên nhé, mọi_người cùng đi với_nhau. Cảm_ơn.',
      },
    ],
    'numbers-with-spaces': [
      'Writes large numbers with a space between their thousands.',
      spokenWord(respelt((word) => word.replaceAll('_', ' '))),
      { script: 'Here are 10_000 words, and 1_250_000 letters. One two three four. The end is near, very near now.' },
    ],
  }),
  ...variantsNear('schema.batch', {
    'members-not-named-by-the-contract': [
      'Adds members to batches and words.',
      (defaults) => ({
        payload: (words, ctx) => {
          const { words: plain } = defaults.payload(words, ctx) as { words: object[] };
          return {
            sequence: ctx.sent.batches,
            words: plain.map((word) => ({ confidence: 0.98, ...word, tags: [null] })),
          };
        },
      }),
    ],
    'members-named-like-prototypes': [
      'Adds members called __proto__, constructor and toString.',
      frames('any', (frame) =>
        frame.replaceAll('{"word":', '{"__proto__":{"start":-1},"constructor":null,"toString":1,"word":'),
      ),
    ],
    'members-in-another-order': [
      'Writes end, start and word in another order in each batch.',
      saidObjects(({ word, start, end }, _, { sent }) =>
        sent.batches % 2 === 0 ? { end, start, word } : { start, word, end },
      ),
    ],
    'integer-times': [
      'Speaks a word every second and gives times as integers.',
      withVoice((words, from) =>
        words.map(({ word }, index) => ({ word, start: Math.ceil(from) + index, end: Math.ceil(from) + index + 1 })),
      ),
      { script: 'One two, three four. Five six.' },
    ],
    'numbers-with-exponents': [
      'Writes its times as 1.2e-1 and 4.50.',
      frames('any', (frame) =>
        frame
          .replace(/"start":(\d+\.\d+)/g, (_, time: string) => `"start":${Number(time).toExponential()}`)
          .replace(/"end":(\d+\.\d+)/g, '"end":$10'),
      ),
    ],
  }),
  ...variantsNear('schema.unique-members', {
    'json-with-white-space': [
      'Writes white space between all parts of its JSON.',
      frames('batch', (_, item) => `data: ${JSON.stringify(payloadOf(item), null, 2).replaceAll('\n', ' \t')}\n\n`),
    ],
    'colons-in-words': [
      'Speaks words with colons, quotes and braces in them.',
      { script: 'At 10:30, see x:y and 7:5. Then 12:45 or {a} sounds.' },
    ],
  }),
  ...variantsNear('schema.nonempty-batch', {
    'empty-session': [
      'Says nothing at all: a session without a single word, and its end.',
      () => ({ voice: (_text, from) => ({ words: [], until: from + 1 }) }),
      { script: '. ' },
    ],
  }),
];

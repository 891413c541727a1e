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
  saidObjects,
  saidWord,
  saidWords,
  withBatchWords,
  withVoice,
} from './overrides.ts';
import type { Fault, Variant } from './types.ts';

const ACCENTED = /[^\p{ASCII}]/u;

export const schemaFaults: readonly Fault[] = [
  {
    id: 'times-as-strings',
    sentence: 'Its times are strings.',
    stages: (defaults) =>
      saidObjects(defaults, ({ word, start, end }) => ({ word, start: String(start), end: String(end) })),
    turns: { 'schema.batch': 'fail' },
  },
  {
    id: 'end-member-missing-for-punctuation',
    sentence: 'It gives punctuation no end.',
    stages: (defaults) =>
      saidObjects(defaults, ({ word, start, end }) =>
        /^\p{P}+$/u.test(String(word)) ? { word, start } : { word, start, end },
      ),
    turns: { 'schema.batch': 'fail' },
  },
  {
    id: 'word-is-null-once',
    sentence: 'A word that its aligner lost is null.',
    stages: (defaults) =>
      saidObjects(defaults, (object, at) => (at === 0 ? { ...object, word: null } : object), inBatch(2)),
    turns: { 'schema.batch': 'fail' },
  },
  {
    id: 'accented-words-are-null',
    sentence: 'It gives null for words beyond ASCII.',
    stages: (defaults) =>
      saidObjects(defaults, (object) => (ACCENTED.test(String(object.word)) ? { ...object, word: null } : object)),
    turns: { 'schema.batch': 'fail' },
  },
  {
    id: 'word-called-text',
    sentence: 'It calls the member text, on snapshots.',
    stages: (defaults) => saidObjects(defaults, ({ word, start, end }) => ({ text: word, start, end }), onSnapshot),
    turns: { 'schema.batch': 'fail' },
  },
  {
    id: 'bare-array',
    sentence: 'A batch is a bare array of words.',
    stages: () => ({ payload: (words) => words }),
    turns: { 'schema.batch': 'fail' },
  },
  {
    id: 'times-null-late-in-long-session',
    sentence: 'After some minutes its aligner gives null for times.',
    completed: [longText],
    stages: (defaults) =>
      saidObjects(defaults, (object) => ({ ...object, end: null }), all(inLongSession, fromBatch(100))),
    turns: { 'schema.batch': 'fail' },
  },
  {
    id: 'heartbeat-as-batch',
    sentence: 'It keeps the connection open with data: {"type":"ping"}.',
    stages: (defaults) => beforeBatch(defaults, 2, 'data: {"type":"ping"}\n\n', onLive),
    turns: { 'schema.batch': 'fail' },
  },
  {
    id: 'error-as-batch',
    sentence: 'It reports an error as data in the stream, after a 200.',
    stages: (defaults) =>
      beforeBatch(defaults, 3, 'data: {"error":{"code":"internal_error","message":"try again"}}\n\n', onReplay),
    turns: { 'schema.batch': 'fail' },
  },
  {
    id: 'words-null-when-silent',
    sentence: 'Where nothing was said, words is null.',
    stages: (defaults) => beforeBatch(defaults, 1, 'data: {"words":null}\n\n'),
    turns: { 'schema.batch': 'fail' },
  },
  {
    id: 'empty-word-for-a-pause',
    sentence: 'It sends a pause as an empty word.',
    stages: (defaults) => saidWord(defaults, (word) => (word.word === ',' ? { ...word, word: '' } : word)),
    turns: { 'schema.word-text': 'fail' },
  },
  {
    id: 'space-as-a-word',
    sentence: 'It sends the space between sentences as a word, once.',
    stages: (defaults) => saidWord(defaults, (word) => (word.word === ':' ? { ...word, word: ' ' } : word)),
    turns: { 'schema.word-text': 'fail' },
  },
  {
    id: 'half-a-character-as-a-word',
    sentence: 'It cuts tokens between the two halves of an emoji.',
    script: 'One two three four. Here 😀 is a smile, and there. One two three four. The end is near, very near now.',
    stages: (defaults) =>
      saidWords(defaults, (words) =>
        words.flatMap((word) =>
          word.word === '😀'
            ? [
                { ...word, word: '\ud83d', end: word.start },
                { ...word, word: '\ude00', start: word.start },
              ]
            : [word],
        ),
      ),
    turns: { 'schema.word-text': 'fail' },
  },
  {
    id: 'two-tokens-in-a-word',
    sentence: 'It sends a title and its name as one word.',
    stages: (defaults) => saidWord(defaults, (word) => (word.word === 'Dr.' ? { ...word, word: 'Doc tor' } : word)),
    script:
      'One two three four. Here is Dr. Who, who knows the time. One two three four. The end is near, very near now.',
    turns: { 'schema.one-token': 'warn' },
  },
  {
    id: 'empty-batch-as-heartbeat',
    sentence: 'It keeps the connection open with empty batches.',
    stages: (defaults) => beforeBatch(defaults, 2, 'data: {"words":[]}\n\n'),
    turns: { 'schema.nonempty-batch': 'warn' },
  },
  {
    id: 'empty-batch-before-history',
    sentence: 'What it replays begins with an empty batch.',
    stages: (defaults) => beforeBatch(defaults, 0, 'data: {"words":[]}\n\n', onReplay),
    turns: { 'schema.nonempty-batch': 'warn' },
  },
  {
    id: 'member-twice',
    sentence: 'It writes start twice, as two services add it.',
    stages: (defaults) => frames(defaults, 'batch', (frame) => frame.replaceAll('"start":', '"start":0,"start":')),
    turns: { 'schema.unique-members': 'warn' },
  },
  {
    id: 'member-twice-on-snapshot-end',
    sentence: 'The end of its snapshots has a member twice.',
    stages: (defaults) =>
      frames(defaults, 'end', () => 'event: end\ndata: {"reason":"completed","reason":"stored"}\n\n', onSnapshot),
    turns: { 'schema.unique-members': 'warn' },
  },
  {
    id: 'member-of-its-own',
    sentence: 'It gives each word a confidence.',
    stages: (defaults) => saidObjects(defaults, (object) => ({ ...object, confidence: 0.98 })),
    turns: { 'schema.undocumented': 'note' },
    noted: /confidence/,
  },
];

export const schemaVariants: readonly Variant[] = [
  {
    id: 'vietnamese-words-with-spaces',
    sentence: 'Speaks Vietnamese, whose words have spaces between their syllables.',
    near: 'schema.one-token',
    script: 'Xin_chào các_bạn, hôm_nay trời rất đẹp. Chúng_ta đi công_viên nhé, mọi_người cùng đi với_nhau. Cảm_ơn.',
    stages: (defaults) =>
      withVoice(defaults, (words) => words.map((word) => ({ ...word, word: word.word.replaceAll('_', ' ') }))),
  },
  {
    id: 'numbers-with-spaces',
    sentence: 'Writes large numbers with a space between their thousands.',
    near: 'schema.one-token',
    script: 'Here are 10_000 words, and 1_250_000 letters. One two three four. The end is near, very near now.',
    stages: (defaults) =>
      withVoice(defaults, (words) => words.map((word) => ({ ...word, word: word.word.replaceAll('_', ' ') }))),
  },
  {
    id: 'members-not-named-by-the-contract',
    sentence: 'Adds members to batches and words.',
    near: 'schema.batch',
    stages: (defaults) => ({
      payload: (words, ctx) => {
        const { words: plain } = defaults.payload(words, ctx) as { words: object[] };
        return {
          sequence: ctx.sent.batches,
          words: plain.map((word) => ({ confidence: 0.98, ...word, tags: [null] })),
        };
      },
    }),
  },
  {
    id: 'members-named-like-prototypes',
    sentence: 'Adds members called __proto__, constructor and toString.',
    near: 'schema.batch',
    stages: (defaults) =>
      frames(defaults, 'any', (frame) =>
        frame.replaceAll('{"word":', '{"__proto__":{"start":-1},"constructor":null,"toString":1,"word":'),
      ),
  },
  {
    id: 'members-in-another-order',
    sentence: 'Writes end, start and word in another order in each batch.',
    near: 'schema.batch',
    stages: (defaults) =>
      withBatchWords(defaults, (words, ctx) =>
        words.map(({ word, start, end }) => (ctx.sent.batches % 2 === 0 ? { end, start, word } : { start, word, end })),
      ),
  },
  {
    id: 'integer-times',
    sentence: 'Speaks a word every second and gives times as integers.',
    near: 'schema.batch',
    script: 'One two, three four. Five six.',
    stages: (defaults) =>
      withVoice(defaults, (words, from) =>
        words.map(({ word }, index) => ({ word, start: Math.ceil(from) + index, end: Math.ceil(from) + index + 1 })),
      ),
  },
  {
    id: 'numbers-with-exponents',
    sentence: 'Writes its times as 1.2e-1 and 4.50.',
    near: 'schema.batch',
    stages: (defaults) =>
      frames(defaults, 'any', (frame) =>
        frame
          .replace(/"start":(\d+\.\d+)/g, (_, time: string) => `"start":${Number(time).toExponential()}`)
          .replace(/"end":(\d+\.\d+)/g, '"end":$10'),
      ),
  },
  {
    id: 'json-with-white-space',
    sentence: 'Writes white space between all parts of its JSON.',
    near: 'schema.unique-members',
    stages: (defaults) => ({
      frame(item, ctx) {
        if (item.kind !== 'batch') return defaults.frame(item, ctx);
        return `data: ${JSON.stringify(item.payload, null, 2).replaceAll('\n', ' \t')}\n\n`;
      },
    }),
  },
  {
    id: 'empty-session',
    sentence: 'Says nothing at all: a session without a single word, and its end.',
    near: 'schema.nonempty-batch',
    script: '. ',
    stages: () => ({ voice: (_text, from) => ({ words: [], until: from + 1 }) }),
  },
  {
    id: 'colons-in-words',
    sentence: 'Speaks words with colons, quotes and braces in them.',
    near: 'schema.unique-members',
    script: 'At 10:30, see x:y and 7:5. Then 12:45 or {a} sounds.',
  },
];

import fc from 'fast-check';
import type { SpokenWord } from '../support/recordings.ts';

/** Words as voices of these languages say them: what stands inside or at the edge of a word belongs to it. */
const WORDS: readonly (readonly string[])[] = [
  ['we', 'Morning', "don't", 'well-known', '3.14', '1,000', '10:30', 'U.S.', 'Mr.', 'e.g.', '$5', '5%', 'C++', '#1'],
  ['@me', "'cause", 'heygen.com', 'AT&T', "rock'n'roll", "boys'", '😀', 'x²', '½', '.NET', 'a/b', '2nd', 'O’Neill'],
  ['Größe', 'über', 'z.B.', 'garçon', "l'été", 'niño', 'São', 'İstanbul', 'naïve', 'Łódź'],
  ['Привет', 'мир', 'что-то', 'т.е.', 'καλημέρα', 'κόσμε', 'Երևան', 'გამარჯობა'],
  ['你', '好', '世界', '電話', 'こんにちは', 'カタカナ', 'ですか', '안녕', '하세요'],
  ['مرحبا', 'بالعالم', 'לא', 'צה״ל', 'नमस्ते', 'दुनिया', 'สวัสดี', 'ชาวโลก', 'வணக்கம்', 'ሰላም'],
];
const PAUSES = [',', ';', ':', '—', '–', '、', '，', '،', '-', '…', '(', ')', '“', '”', '«', '»', '"', '「', '」'];
const ENDS = ['.', '!', '?', '?!', '...', '。', '！', '？', '।', '؟', '։', '።'];

const letters = fc
  .constantFrom('a', 'е', 'ω', '字', 'か', 'ن', 'क', 'é')
  .chain((letter) => fc.integer({ min: 1, max: 12 }).map((length) => letter.repeat(length)));

const word = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...WORDS).chain((language) => fc.constantFrom(...language)) },
  { weight: 1, arbitrary: letters },
);

const sentence = fc
  .tuple(
    fc.array(fc.tuple(word, fc.option(fc.constantFrom(...PAUSES), { freq: 4 })), { minLength: 1, maxLength: 12 }),
    fc.constantFrom(...ENDS),
  )
  .map(([words, end]) => [...words.flatMap(([text, pause]) => (pause === null ? [text] : [text, pause])), end]);

/** Milliseconds: how much later than the one before a word starts, and how long it lasts. */
const ordinary = fc.record({ after: fc.integer({ min: 40, max: 600 }), lasts: fc.integer({ min: 60, max: 500 }) });
const timing = fc.oneof(
  { weight: 8, arbitrary: ordinary },
  { weight: 1, arbitrary: fc.record({ after: fc.constant(0), lasts: fc.integer({ min: 60, max: 400 }) }) },
  { weight: 1, arbitrary: fc.record({ after: fc.constant(500), lasts: fc.constantFrom(500, 3000) }) },
  { weight: 1, arbitrary: fc.record({ after: fc.integer({ min: 1000, max: 8000 }), lasts: fc.constant(200) }) },
);

/** How seconds come to be numbers: rounded, with the noise of binary fractions, in single precision, whole. */
const CLOCKS: readonly ((milliseconds: number) => number)[] = [
  (milliseconds) => milliseconds / 1000,
  (milliseconds) => milliseconds * 0.001,
  (milliseconds) => Math.fround(milliseconds / 1000),
  (milliseconds) => Math.floor(milliseconds / 20) * 0.02,
];

interface Timing {
  readonly after: number;
  readonly lasts: number;
}

/** In so many words, two may share both bounds; more that do break ordering.own-times. */
const WORDS_BETWEEN_PAIRS = 8;

/** Starts and ends that never go back; words may overlap, start together, and marks have no length. */
function timed(texts: readonly string[], timings: readonly Timing[], clock: (milliseconds: number) => number) {
  let start = 100;
  let end = 0;
  const words: SpokenWord[] = [];
  texts.forEach((text, index) => {
    const { after, lasts } = timings[index % timings.length] ?? { after: 300, lasts: 200 };
    const isMark = /^\p{P}+$/u.test(text);
    // The same text at the same time would be the same word event twice.
    start += index > 0 && words.at(-1)?.[0] !== text ? after : Math.max(after, 40);
    const earlier = end;
    end = Math.max(end, isMark ? start : start + lasts);
    if (!isMark && end === earlier && index % WORDS_BETWEEN_PAIRS !== 1) end += 40;
    words.push([text, clock(start), clock(end)]);
  });
  return words;
}

/** What conforming sessions say: words of several scripts, punctuation apart. */
export const sessions: fc.Arbitrary<readonly SpokenWord[]> = fc
  .tuple(
    fc.array(sentence, { maxLength: 5 }),
    fc.array(timing, { minLength: 1, maxLength: 30 }),
    fc.constantFrom(...CLOCKS),
  )
  .map(([sentences, timings, clock]) => withoutTwins(timed(sentences.flat(), timings, clock)));

/** Sessions without oddities of their own, so that what one mutation does to them is all that is wrong. */
export const plainSessions: fc.Arbitrary<readonly SpokenWord[]> = fc
  .array(fc.record({ after: fc.integer({ min: 250, max: 450 }), lasts: fc.integer({ min: 150, max: 240 }) }), {
    minLength: 7,
    maxLength: 20,
  })
  .map((timings) => timed(PLAIN, timings, (milliseconds) => milliseconds / 1000));

/** No word stands twice in it. */
const PLAIN =
  'When morning came over hills , every bird began singing loudly . People walked slowly along wet streets ; carrying warm bread home ! Nobody knew what would happen next ?'.split(
    ' ',
  );

/** Rounding may give two words of one text one time. */
function withoutTwins(words: readonly SpokenWord[]): readonly SpokenWord[] {
  const seen = new Set<string>();
  return words.filter((one) => {
    const key = one.join(' ');
    return !seen.has(key) && seen.add(key);
  });
}

/** Batches within the caps, cut at these words and wherever a cap wants it. */
export function cutIntoBatches(words: readonly SpokenWord[], cuts: ReadonlySet<number> = new Set()): SpokenWord[][] {
  const batches: SpokenWord[][] = [];
  words.forEach((one, index) => {
    const open = batches.at(-1);
    const from = open?.[0]?.[1] ?? 0;
    const fits = open !== undefined && open.length < 10 && one[1] - from <= 1 && one[2] - from <= 1.5;
    if (open !== undefined && fits && !cuts.has(index)) open.push(one);
    else batches.push([one]);
  });
  return batches;
}

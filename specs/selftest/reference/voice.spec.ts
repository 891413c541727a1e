import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { groupWords } from '../../../helpers/reference/batches.ts';
import { isPunctuation, settledLength, tokenize } from '../../../helpers/reference/tokens.ts';
import { speak, voiceAtTempo } from '../../../helpers/reference/voice.ts';

const cases: readonly (readonly [name: string, text: string, tokens: string])[] = [
  [
    'sentence punctuation stands apart',
    `Hello, world! "Hi there," she said: why?`,
    `Hello , world ! " Hi there , " she said : why ?`,
  ],
  [
    'contractions and elisions stay whole',
    `don't 'cause rock'n'roll rock’n’roll the boys' o'clock '90s`,
    `don't 'cause rock'n'roll rock’n’roll the boys' o'clock '90s`,
  ],
  ['quoted words lose their quotes', `'boys' 'Hi' ‘yes’ (“no”)`, `' boys ' ' Hi ' ‘ yes ’ ( “ no ” )`],
  ['numbers stay whole', `3.14 1,000 10:30 -5 .5 3–5 $5 5% #1 50%.`, `3.14 1,000 10:30 -5 .5 3–5 $5 5% #1 50% .`],
  ['abbreviations stay whole', `U.S. Mr. Smith, e.g. Dr. Who.`, `U.S. Mr. Smith , e.g. Dr. Who .`],
  [
    'names and addresses stay whole',
    `heygen.com AT&T C++ C#, @me https://a.b/c?d=1, me@x.com.`,
    `heygen.com AT&T C++ C# , @me https://a.b/c?d=1 , me@x.com .`,
  ],
  ['hyphens join, dashes part', `well-known well—ok —yes— wait...`, `well-known well — ok — yes — wait ...`],
  ['runs of marks stay together', `What?! Yes!! No...`, `What ?! Yes !! No ...`],
  [
    'Spanish, French and German marks',
    `¿Qué tal? ¡Hola! «Bonjour» „Hallo“`,
    `¿ Qué tal ? ¡ Hola ! « Bonjour » „ Hallo “`,
  ],
  ['Arabic', `مرحبا، كيف حالك؟`, `مرحبا ، كيف حالك ؟`],
  ['Hindi', `नमस्ते दुनिया। आप कैसे हैं?`, `नमस्ते दुनिया । आप कैसे हैं ?`],
  ['Chinese', `你好，世界！iPhone。`, `你好 ， 世界 ！ iPhone 。`],
  ['Japanese', `こんにちは、世界。テストです！`, `こんにちは 、 世界 。 テスト です ！`],
  ['Thai', `สวัสดีชาวโลก วันนี้อากาศดี`, `สวัสดี ชาว โลก วัน นี้ อากาศ ดี`],
  ['symbols are no punctuation', `x² 👍🏽 €5 5°`, `x² 👍🏽 €5 5°`],
];

for (const [name, text, tokens] of cases)
  test(`tokens: ${name}`, () => {
    expect(tokenize(text).join(' ')).toBe(tokens);
  });

test('tokens hold neither white space nor control characters nor lone surrogates', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      for (const token of tokenize(text)) {
        expect(token).toMatch(/^[^\s\p{Cc}\p{Cs}]+$/u);
      }
    }),
  );
});

const prose = fc.string({
  unit: fc.constantFrom(
    'a',
    'B',
    "don't",
    '3',
    '.',
    ',',
    '!',
    '?',
    ' ',
    ' ',
    '"',
    '’',
    '好',
    '。',
    '，',
    'ก',
    '—',
    '\n',
    ':',
  ),
  maxLength: 60,
});

test('no letter, digit or mark is lost or moved', () => {
  fc.assert(
    fc.property(prose, (text) => {
      expect(tokenize(text).join('')).toBe(text.replace(/\s+/gu, ''));
    }),
  );
});

test('no word ends or begins with sentence punctuation', () => {
  fc.assert(
    fc.property(prose, (text) => {
      for (const token of tokenize(text)) {
        if (/[\p{L}\p{N}]/u.test(token)) expect(token).not.toMatch(/^[,!?"—。，:]|[,!?"—。，:]$/u);
      }
    }),
  );
});

test('text in pieces gives the words of the whole', () => {
  fc.assert(
    fc.property(fc.array(prose, { maxLength: 6 }), (deltas) => {
      const tokens: string[] = [];
      let unsettled = '';
      for (const delta of deltas) {
        unsettled += delta;
        const settled = settledLength(unsettled);
        tokens.push(...tokenize(unsettled.slice(0, settled)));
        unsettled = unsettled.slice(settled);
      }
      tokens.push(...tokenize(unsettled));
      expect(tokens).toEqual(tokenize(deltas.join('')));
    }),
  );
});

test('a run of a hundred thousand marks is read in linear time', () => {
  expect(tokenize('.'.repeat(100_000)).join('')).toHaveLength(100_000);
  expect(tokenize('"\''.repeat(50_000))).toHaveLength(100_000);
});

test('the voice is deterministic, ordered, and counts whole milliseconds from the given moment', () => {
  fc.assert(
    fc.property(prose, fc.double({ min: 0, max: 3600, noNaN: true }), fc.constantFrom(1, 5), (text, from, tempo) => {
      const voice = voiceAtTempo(tempo);
      const { words, until } = voice(text, from);
      expect(voice(text, from).words).toEqual(words);
      let end = Math.round(from * 1000) / 1000;
      for (const word of words) {
        expect(word.start).toBeGreaterThanOrEqual(end);
        expect(word.end).toBeGreaterThan(word.start);
        expect(Number.isInteger(Number((word.end * 1000).toFixed(6)))).toBe(true);
        end = word.end;
      }
      expect(until).toBeGreaterThanOrEqual(end);
    }),
  );
});

test('the voice speaks at the pace of a person and pauses after a sentence', () => {
  const { words } = speak('This is a sentence of some length, spoken calmly. And this is another one.', 0);
  const spoken = words.filter(({ word }) => !isPunctuation(word));
  const last = words[words.length - 1];
  const wordsPerSecond = spoken.length / (last?.end ?? 0);
  expect(wordsPerSecond).toBeGreaterThan(1.5);
  expect(wordsPerSecond).toBeLessThan(4);
  const stop = words.findIndex(({ word }) => word === '.');
  expect((words[stop + 1]?.start ?? 0) - (words[stop]?.end ?? 0)).toBeGreaterThan(0.3);
});

test('speech that is taken up where it stopped equals speech in one go', () => {
  const first = speak('Hello, world! ', 0);
  const second = speak('This is it.', first.until);
  expect([...first.words, ...second.words]).toEqual(speak('Hello, world! This is it.', 0).words);
});

test('batches hold at most ten words that start within one second, and lose nothing', () => {
  fc.assert(
    fc.property(prose, fc.constantFrom(1, 5, 8), fc.nat(20), (text, tempo, cut) => {
      const { words } = voiceAtTempo(tempo)(text, 0);
      const first = groupWords(words.slice(0, cut), words[cut] ?? null);
      const second = groupWords([...first.rest, ...words.slice(cut)], null);
      const batches = [...first.batches, ...second.batches];
      expect(second.rest).toEqual([]);
      expect(batches.flat()).toEqual(words);
      // However the words came, the batches are the same.
      expect(batches).toEqual(groupWords(words, null).batches);
      for (const batch of batches) {
        const start = batch[0]?.start ?? 0;
        expect(batch.length).toBeGreaterThan(0);
        expect(batch.length).toBeLessThanOrEqual(10);
        expect((batch[batch.length - 1]?.start ?? 0) - start).toBeLessThan(1);
        if (batch.length > 1) expect((batch[batch.length - 1]?.end ?? 0) - start).toBeLessThanOrEqual(1.5);
      }
    }),
  );
});

test('at a high tempo a batch is full at ten words', () => {
  const { words } = voiceAtTempo(8)('one two three four five six seven eight nine ten eleven twelve', 0);
  expect(groupWords(words, null).batches.map((batch) => batch.length)).toEqual([10, 2]);
});

import { expect, test } from '@playwright/test';
import { judge, judgeBody } from '../support/judging.ts';
import { batchFrame, buildRecording, buildSubscription, END_FRAME, type SpokenWord } from '../support/recordings.ts';

const spoken = (words: readonly string[]) =>
  batchFrame(words.map((word, index): SpokenWord => [word, index / 10, (index + 1) / 10])) + END_FRAME;
const data = (...payloads: unknown[]) =>
  payloads.map((payload) => `data: ${JSON.stringify(payload)}\n\n`).join('') + END_FRAME;
const raw = (...payloads: string[]) => payloads.map((payload) => `data: ${payload}\n\n`).join('') + END_FRAME;
const word = (members: Record<string, unknown> = {}) => ({ word: 'Hello', start: 0.1, end: 0.4, ...members });

const conforming: Record<string, string> = {
  'members that the contract does not name, everywhere': data({
    words: [word({ confidence: 0.9, 'a/b': { c: [1] } })],
    seq: 1,
  }),
  'whole numbers and exponents': raw(
    '{"words":[{"word":"one","start":0,"end":1},{"word":"two","start":1,"end":15e-1}]}',
  ),
  'members in another order': raw('{"words":[{"end":0.4,"start":0.1,"word":"Hello"}]}'),
  'escaped text': raw('{"words":[{"word":"\\u0048i","start":0.1,"end":0.4}]}'),
  'partial words, digits, symbols, emoji': spoken(['un', 'believ', 'able', '42', '$5', '👍', '👨‍👩‍👧', '—', 'x²']),
  'any script': spoken(['你好', 'こんにちは', 'مرحبا', 'नमस्ते', 'สวัสดี']),
  'digits grouped by no-break spaces': spoken(['10\u202f000', '2\u00a0500']),
  'digits grouped by spaces': spoken(['10 000', '1 250 000']),
  'a control character in a word': spoken(['Hel\u0007lo']),
  'Vietnamese words': spoken(['xin chào', 'các bạn', 'rất', 'đẹp', 'thông tin']),
  'white space at an edge': spoken([' Hello', 'there ']),
};

for (const [name, body] of Object.entries(conforming))
  test(`conforms: ${name}`, () => {
    expect(judgeBody(body).broken).toEqual([]);
  });

const broken: Record<string, readonly [body: string, ids: readonly string[]]> = {
  'no words': [data({ batch: [word()] }), ['schema.batch']],
  'words: null': [data({ words: null }), ['schema.batch']],
  'words as an object': [data({ words: { 0: word() } }), ['schema.batch']],
  'a bare array of words': [data([word()]), ['schema.batch']],
  'a word without end': [data({ words: [{ word: 'Hello', start: 0.1 }] }), ['schema.batch']],
  'a word without word': [data({ words: [{ text: 'Hello', start: 0.1, end: 0.4 }] }), ['schema.batch']],
  'a word that is a number': [data({ words: [word({ word: 5 })] }), ['schema.batch']],
  'a word that is null': [data({ words: [word({ word: null })] }), ['schema.batch']],
  'a word that is an object': [data({ words: [word({ word: { text: 'Hello, you' } })] }), ['schema.batch']],
  'times as strings': [data({ words: [word({ start: '0.1', end: '0.4' })] }), ['schema.batch']],
  'a start that is null': [data({ words: [word({ start: null })] }), ['schema.batch']],
  'a number beyond all numbers': [raw('{"words":[{"word":"Hello","start":0.1,"end":1e999}]}'), ['schema.batch']],
  'a word that is a string': [data({ words: ['Hello'] }), ['schema.batch']],
  'an error in place of a batch': [data({ error: { code: 'internal', message: 'x' } }), ['schema.batch']],
  'a fault in the last batch alone': [
    data({ words: [word()] }, { words: [word({ end: undefined })] }),
    ['schema.batch'],
  ],
  'an empty word': [spoken(['Hello', '']), ['schema.word-text']],
  'a word of spaces': [spoken(['Hello', '  ']), ['schema.word-text']],
  'a word of an ideographic space': [spoken(['你好', '\u3000']), ['schema.word-text']],
  'a word of a next-line control': [spoken(['Hello', '\u0085']), ['schema.word-text']],
  'half a character': [spoken(['Hello', '\ud83d']), ['schema.word-text']],
  'a number and a word': [spoken(['10 km']), ['schema.one-token']],
  'two words in one': [spoken(['New York']), ['schema.one-token']],
  'a line break inside': [spoken(['New\nYork']), ['schema.one-token']],
  'an ideographic space inside': [spoken(['你\u3000好']), ['schema.one-token']],
  'an empty batch': [data({ words: [] }, { words: [word()] }), ['schema.nonempty-batch']],
  'a member twice in a word': [
    raw('{"words":[{"word":"Hello","word":"Hullo","start":0.1,"end":0.4}]}'),
    ['schema.unique-members'],
  ],
  'a member twice in a batch': [
    raw('{"words":[],"words":[{"word":"Hello","start":0.1,"end":0.4}]}'),
    ['schema.unique-members'],
  ],
};

for (const [name, [body, ids]] of Object.entries(broken))
  test(`found: ${name}`, () => {
    expect(judgeBody(body).broken).toEqual(ids);
  });

const messages: Record<string, readonly [body: string, message: string]> = {
  'a time that is a string': [
    data({ words: [word(), word({ word: 'there', start: '0.375' })] }),
    'words[1].start of "there" is "0.375" (a string); it must be a number.',
  ],
  'an end that is null': [
    data({ words: [word({ end: null })] }),
    'words[0].end of "Hello" is null; it must be a number.',
  ],
  'an end that is missing, and a start': [
    data({ words: [{ word: 'Hello', start: 0.1 }, word({ start: true })] }),
    'words[0] of "Hello" is {"word":"Hello","start":0.1} (an object); it must have required property \'end\'.',
  ],
  'a word that is a number': [
    data({ words: [word({ word: 5 })] }),
    'words[0].word is 5 (a number); it must be a string.',
  ],
  'a bare array': [data([]), 'it is [] (an array); it must be an object.'],
  'a number beyond all numbers': [
    raw('{"words":[{"word":"Hello","start":0.1,"end":1e999}]}'),
    'words[0].end of "Hello" is Infinity (a number that is too large to be read); it must be a number.',
  ],
};

for (const [name, [body, message]] of Object.entries(messages))
  test(`says which value is wrong, of which word, and what it must be: ${name}`, () => {
    const [violation] = judgeBody(body).of('schema.batch').violations;
    expect(violation?.message).toBe(`Event 0 is no valid WordBatch: ${message}`);
    expect(message).toContain(`is ${violation?.actual};`);
    expect(violation?.expected).toEqual([
      expect.stringMatching(/^a value that is valid against \/components\/schemas\//),
    ]);
  });

test('no text of the target acts on a terminal', () => {
  const [violation] = judgeBody(data({ words: [word({ word: '\u001b[31m', end: '\u202e' })] })).of(
    'schema.batch',
  ).violations;
  expect(violation?.message).toContain('"\\u{001b}[31m" is "\\u{202e}" (a string)');
});

test('a member twice in the end is found', () => {
  const body = `${batchFrame([['Hello', 0.1, 0.4]])}event: end\ndata: {"a":1,"a":2}\n\n`;
  expect(judgeBody(body).broken).toEqual(['schema.unique-members']);
});

test('undocumented members are counted over all subscriptions, and break nothing', () => {
  const body = data({ words: [word({ confidence: 1 }), word({ confidence: 1, start: 0.2 })], seq: 1 });
  const judged = judge(buildRecording([buildSubscription('first', body), buildSubscription('late', body)]));
  expect(judged.broken).toEqual([]);
  expect(judged.of('schema.undocumented').notes).toEqual(['words/*/confidence: 4 times', 'seq: 2 times']);
});

test('hostile member names do no harm', () => {
  const body = raw(
    '{"words":[{"word":"Hello","start":0.1,"end":0.4,"__proto__":{"x":1},"constructor":1,"\\u001b[31m":1}]}',
  );
  const judged = judgeBody(body);
  expect(judged.broken).toEqual([]);
  expect(judged.of('schema.undocumented').notes?.join('\n')).not.toMatch(/\p{Cc}(?<!\n)/u);
});

test('words of a batch that breaks the schema are no observation of what words are', () => {
  const judged = judgeBody(data({ words: [word(), word()] }, { words: [word({ end: undefined }), word()] }));
  for (const id of ['schema.word-text', 'schema.one-token', 'tokens.punctuation-apart'] as const)
    expect(judged.of(id).observations, id).toBe(2);
});

test('a session without a batch leaves the rules about batches unverified', () => {
  const judged = judgeBody(END_FRAME);
  for (const id of ['schema.batch', 'schema.word-text', 'schema.nonempty-batch'] as const)
    expect(judged.of(id).unverified, id).toBeDefined();
});

test('a thousand violations are counted, and twenty kept', () => {
  const judgement = judgeBody(data(...Array.from({ length: 1000 }, () => ({})))).of('schema.batch');
  expect(judgement.violationCount).toBe(1000);
  expect(judgement.violations).toHaveLength(20);
});

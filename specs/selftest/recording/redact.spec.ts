import { Buffer } from 'node:buffer';
import { expect, test } from '@playwright/test';
import { Redactor } from '../../../helpers/recording/redact.ts';

const KEY = 'sk_live/9fQ2+xT7"bLm4==';
const redactor = new Redactor([
  { kind: 'near-api-key', value: KEY.slice(0, 14), placeholder: '$TRUNCATED_API_KEY' },
  { kind: 'api-key', value: KEY, placeholder: '$WORDS_API_KEY' },
]);

function redactedBody(pieces: readonly string[], kind: 'api-key' | 'none' = 'api-key') {
  const body = redactor.body(kind);
  const chunks: { at: number; text: string }[] = [];
  const echoes: unknown[] = [];
  const take = (released: ReturnType<typeof body.end>) => {
    for (const { at, bytes } of released.chunks) chunks.push({ at, text: Buffer.from(bytes).toString('latin1') });
    echoes.push(...released.echoes);
  };
  for (const [at, piece] of pieces.entries()) take(body.push(at, Buffer.from(piece, 'latin1')));
  take(body.end());
  return { text: chunks.map(({ text }) => text).join(''), chunks, echoes };
}

const forms: readonly (readonly [name: string, form: string])[] = [
  ['as it is', KEY],
  ['percent-encoded', encodeURIComponent(KEY)],
  ['percent-encoded in lower case', encodeURIComponent(KEY).replace(/%../g, (code) => code.toLowerCase())],
  ['JSON-escaped', JSON.stringify(KEY)],
  ['JSON-escaped with slashes', JSON.stringify(KEY).replaceAll('/', '\\/')],
  ['HTML-escaped', KEY.replaceAll('"', '&quot;')],
  ['hexadecimal', Buffer.from(KEY).toString('hex')],
];

for (const [name, form] of forms) {
  test(`a credential ${name} is replaced by as many bytes, wherever the body is cut`, () => {
    const bare = form.replace(/^"|"$/g, '');
    const body = `{"error":{"message":"bad key ${bare}, sorry"}}`;
    for (let cut = 0; cut <= body.length; cut++) {
      const { text, echoes } = redactedBody([body.slice(0, cut), body.slice(cut)]);
      expect(text).toBe(body.replace(bare, '*'.repeat(bare.length)));
      expect(echoes).toEqual([{ where: 'body', byteOffset: body.indexOf(bare), credential: 'api-key' }]);
    }
  });
}

test('a credential one byte at a time is replaced, and every byte keeps its arrival time', () => {
  const body = `x${KEY}y${KEY}`;
  const { text, chunks, echoes } = redactedBody([...body]);
  expect(text).toBe(`x${'*'.repeat(KEY.length)}y${'*'.repeat(KEY.length)}`);
  expect(chunks.map(({ at }) => at)).toEqual([...body].map((_, index) => index));
  expect(echoes).toHaveLength(2);
});

test('inside any base64 text nothing of a credential can be read', () => {
  for (const lead of ['', 'a', 'ab', 'user:', 'password:x']) {
    const encoded = Buffer.from(`${lead}${KEY}:tail`).toString('base64');
    const { text, echoes } = redactedBody([encoded]);
    expect(Buffer.from(text.replaceAll('*', 'A'), 'base64').toString('latin1')).not.toContain(KEY.slice(2, -2));
    expect(echoes).toHaveLength(1);
  }
});

test('the beginning of a credential at the end of a body is not held back for ever', () => {
  expect(redactedBody(['words sk_live/9f']).text).toBe('words sk_live/9f');
});

test('a truncated credential is told from the whole one, cut in two', () => {
  const whole = redactedBody([KEY.slice(0, 14), KEY.slice(14)]);
  expect(whole.echoes).toEqual([{ where: 'body', byteOffset: 0, credential: 'api-key' }]);
  const truncated = redactedBody([KEY.slice(0, 14), ' is wrong']);
  expect(truncated.echoes).toEqual([{ where: 'body', byteOffset: 0, credential: 'near-api-key' }]);
});

test('a short credential is replaced where it stands alone, and never proves an echo', () => {
  const short = new Redactor([{ kind: 'api-key', value: 'test', placeholder: '$WORDS_API_KEY' }]);
  const body = short.body('api-key');
  const first = body.push(0, Buffer.from('key=test; contest, tests, te'));
  const last = body.push(1, Buffer.from('st'));
  const rest = body.end();
  const text = [first, last, rest].flatMap(({ chunks }) => chunks.map(({ bytes }) => Buffer.from(bytes).toString()));
  expect(text.join('')).toBe('key=****; contest, tests, ****');
  expect([...first.echoes, ...last.echoes, ...rest.echoes]).toEqual([]);
  const tiny = new Redactor([{ kind: 'api-key', value: 'abc', placeholder: '$WORDS_API_KEY' }]);
  expect(tiny.text('abc')).toBe('abc');
});

test('headers say by which credential they echo', () => {
  const { headers, echoes } = redactor.headers([['x-request', `key ${KEY}`]], 'api-key');
  expect(headers).toEqual([['x-request', 'key $WORDS_API_KEY']]);
  expect(echoes).toEqual([{ where: 'header', header: 'x-request', credential: 'api-key' }]);
});

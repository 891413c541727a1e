import { Buffer } from 'node:buffer';
import { expect, test } from '@playwright/test';
import { redactorOf } from '../../../helpers/http/redactor-of.ts';
import { Redactor } from '../../../helpers/recording/redact.ts';
import { FORMS } from '../support/secret-forms.ts';

const KEY = 'sk_live/9fQ2+xT7"bLm4==';
const redactor = new Redactor([{ kinds: ['api-key', 'near-api-key'], value: KEY, placeholder: '$WORDS_API_KEY' }]);

function redactedBody(pieces: readonly string[], redact = redactor) {
  const body = redact.body('api-key');
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

for (const [name, write] of Object.entries(FORMS)) {
  test(`a credential ${name} is replaced, in a text and in a body, wherever it is cut`, () => {
    const form = write(KEY);
    expect(redactor.text(`bad key <${form}>, sorry`)).toMatch(/^bad key <[^$]{0,8}\$WORDS_API_KEY[^$]{0,5}>, sorry$/);
    const body = Buffer.from(`{"error":{"message":"bad key <${form}>, sorry"}}`).toString('latin1');
    const start = body.indexOf('<') + 1;
    for (let cut = 0; cut <= body.length; cut++) {
      const { text, echoes } = redactedBody([body.slice(0, cut), body.slice(cut)]);
      expect(text).toHaveLength(body.length);
      expect(text.replace(/\*+/, '')).toMatch(/^\{"error":\{"message":"bad key <[^"]{0,14}>, sorry"\}\}$/);
      expect(echoes).toEqual([{ where: 'body', byteOffset: expect.any(Number), credential: 'api-key' }]);
      expect((echoes[0] as { byteOffset: number }).byteOffset - start).toBeLessThan(10);
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

test('less than a telling part of a credential stays, and is not held back for ever', () => {
  expect(redactedBody(['words sk_live/9f']).text).toBe('words sk_live/9f');
  expect(redactedBody(['event: end\ndata: {}\n\n']).chunks).toHaveLength(1);
});

test('a value of fewer than eight characters is an ordinary word: nothing is replaced', () => {
  const short = new Redactor([{ kinds: ['api-key'], value: 'word', placeholder: '$WORDS_API_KEY' }]);
  expect(short.text('{"word":"word"}')).toBe('{"word":"word"}');
  expect(redactedBody(['{"word":"word"}'], short).echoes).toEqual([]);
});

test('a part of fewer than eight characters is replaced, and proves no echo', () => {
  const short = new Redactor([{ kinds: ['api-key'], value: 'password1', placeholder: '$WORDS_API_KEY' }]);
  expect(short.text('wrong passwor')).toBe('wrong $WORDS_API_KEY');
  expect(redactedBody(['wrong passwor'], short).echoes).toEqual([]);
  expect(redactedBody(['wrong password1'], short).echoes).toHaveLength(1);
});

test('the head of a JWT is no secret that an answer repeats; its signature is', () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = part({ alg: 'HS256', typ: 'JWT' });
  const token = `${head}.${part({ iss: 'https://api.example.com', sub: 'a' })}.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg`;
  const jwt = new Redactor([{ kinds: ['bearer'], value: token, placeholder: '$WORDS_BEARER_TOKEN' }]);
  const cookie = `${head}.${part({ iss: 'https://api.example.com', sub: 'b' })}.YW5vdGhlci1zaWduYXR1cmU`;
  expect(redactedBody([cookie], jwt).echoes).toEqual([]);
  expect(redactedBody([token.slice(-20)], jwt).echoes).toHaveLength(1);
  expect(redactedBody([token], jwt).echoes).toHaveLength(1);
  expect(jwt.text(`is ${token}.`)).toBe('is $WORDS_BEARER_TOKEN.');
});

test('heads say by which credential they echo, and where', () => {
  const response = { at: 0, status: 200, statusText: `OK ${KEY}`, httpVersion: '1.1' };
  const headers = [
    ['x-request', `key ${KEY}`],
    [`x-${KEY.slice(0, 14)}`, '1'],
  ] as const;
  expect(redactor.echoesIn({ ...response, headers }, 'api-key')).toEqual([
    { where: 'status', credential: 'api-key' },
    { where: 'header', header: 'x-request', credential: 'api-key' },
    { where: 'header', header: 'x-$WORDS_API_KEY', credential: 'api-key' },
  ]);
  expect(redactor.value({ headers })).toEqual({
    headers: [
      ['x-request', 'key $WORDS_API_KEY'],
      ['x-$WORDS_API_KEY', '1'],
    ],
  });
});

test('a text full of beginnings takes a time that grows with its length alone', () => {
  const long = Array.from({ length: 8192 }, (_, index) => ((index * index * 31 + index) % 36).toString(36)).join('');
  const slow = new Redactor([{ kinds: ['bearer'], value: long, placeholder: '$WORDS_BEARER_TOKEN' }]);
  for (const unit of [long.slice(0, 11), '%', '\\', '&a;', 'a']) {
    const body = slow.body('bearer');
    const piece = Buffer.from(unit.repeat(2 ** 16 / unit.length));
    for (let count = 0; count < 32; count++) body.push(count, piece);
    expect(body.end().echoes).toEqual([]);
  }
});

test('a key in the path of the base URL is replaced', () => {
  const key = 'k9Qd72LmPz81XwEa';
  const settings = { baseUrl: `https://api.example.com/t/${key};token=zz81xwea9/api` };
  expect(redactorOf(settings).text(`at ${settings.baseUrl}/v3`)).toBe(
    'at https://api.example.com/t/$WORDS_BASE_URL;token=$WORDS_BASE_URL/api/v3',
  );
  const plain = 'https://api.example.com/staging/realtime-words-2';
  expect(redactorOf({ baseUrl: 'https://api.example.com/staging' }).text(plain)).toBe(plain);
});

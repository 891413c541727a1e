import { Buffer } from 'node:buffer';
import { execFileSync } from 'node:child_process';
import { expect, test } from '@playwright/test';
import type { RecordedRequest } from '../../../helpers/recording/recording.ts';
import { curlCommand } from '../../../helpers/results/curl.ts';
import { excerptOf } from '../../../helpers/results/excerpt.ts';
import { buildSubscription, END_FRAME } from '../support/recordings.ts';
import { resultOf, runOf } from '../support/runs.ts';

function excerpt(body: Uint8Array | string, offset: number, length?: number, cutAt?: number) {
  const bytes = Buffer.from(body);
  const chunks = cutAt === undefined ? [bytes] : [bytes.subarray(0, cutAt), bytes.subarray(cutAt)];
  const exchange = { ...buildSubscription('first'), chunks: chunks.map((part, at) => ({ at, bytes: part })) };
  return excerptOf(exchange, offset, length);
}

test('control characters, ANSI escapes, line separators and bidi marks are escaped', () => {
  const shown = excerpt('a\u001b[31m\u2028\u202eb\r\n\0\\', 0)?.text;
  expect(shown).toBe('a\\u{001b}[31m\\u{2028}\\u{202e}b\\r\\n\\u{0000}\\\\');
});

test('bytes that are not UTF-8 are shown one by one', () => {
  expect(excerpt(Uint8Array.from([0x41, 0xff, 0xe2, 0x82, 0xc3, 0xa9, 0xed, 0xa0, 0x80]), 0)?.text).toBe(
    'A\\xff\\xe2\\x82é\\xed\\xa0\\x80',
  );
});

test('an excerpt shows what lies around the place, and how much it leaves out of the middle', () => {
  const body = 'x'.repeat(1000);
  expect(excerpt(body, 500, 10)).toMatchObject({ byteOffset: 460, omitted: 0, text: 'x'.repeat(90) });
  const long = excerpt(body, 100, 700);
  expect(long).toMatchObject({ byteOffset: 60, omitted: 380 });
  expect(long?.hex.replace(/[^x0-9a-f]/g, '').length).toBe(800);
  expect(excerpt(body, 998)?.text).toBe('x'.repeat(42));
});

test('up to 400 bytes that break a rule are shown whole, with what lies around them', () => {
  const broken = 'y'.repeat(400);
  const shown = excerpt(`${'x'.repeat(300)}${broken}${'z'.repeat(300)}`, 300, 400);
  expect(shown).toMatchObject({ omitted: 0, text: `${'x'.repeat(40)}${broken}${'z'.repeat(40)}` });
});

for (const [what, texts] of [
  ['an escaped quote and brackets before it', ['a "}]"', 'é']],
  ['the same word twice', ['Hello', 'Hello']],
  ['a long batch around it', Array.from({ length: 40 }, (_, index) => `word${index}`)],
] as const)
  test(`a finding on a word quotes that word whole: ${what}`, () => {
    const at = Math.floor(texts.length / 2);
    // It alone ends before it starts.
    const words = texts.map((word, index) => ({ word, start: index / 100, end: index === at ? 0 : index / 100 }));
    const body = `: {no batch\n\ndata: ${JSON.stringify({ words })}\n\n${END_FRAME}`;
    const { evidence } = resultOf(runOf([buildSubscription('first', body)]), 'ordering.bounds').violations[0] ?? {};
    expect(evidence?.text.replaceAll('\\\\', '\\')).toContain(JSON.stringify(words[at]));
    const before = body.indexOf(JSON.stringify(words[at]));
    expect(evidence?.byteOffset).toBe(Buffer.byteLength(body.slice(0, before)) - 40);
    expect(evidence?.omitted).toBe(0);
  });

test('an excerpt does not depend on how the body was cut', () => {
  for (const cutAt of [1, 7, 40, 41])
    expect(excerpt('é'.repeat(40), 20, 4, cutAt)).toEqual(excerpt('é'.repeat(40), 20, 4));
});

test('a place outside the body has no excerpt', () => {
  expect(excerpt('', 0)).toBeUndefined();
  expect(excerpt('ab', 200)).toBeUndefined();
});

const ENVIRONMENT = {
  WORDS_API_KEY: 'key-0123456789',
  WORDS_BEARER_TOKEN: 'token-0123456789',
  PATH: process.env.PATH ?? '',
};

/** The arguments that a shell makes of a command line. */
function argumentsOf(request: RecordedRequest): string[] {
  const command = curlCommand(request).replace(/^curl /, '');
  const script = `for argument in ${command}; do printf '%s\\0' "$argument"; done`;
  return execFileSync('bash', ['-c', script], { encoding: 'utf8', env: ENVIRONMENT }).split('\0').slice(0, -1);
}

const request = (over: Partial<RecordedRequest>): RecordedRequest => ({
  method: 'GET',
  url: 'http://target.test/v3/avatar-realtime/stream-1/words',
  headers: [],
  ...over,
});

test('a curl line holds the credential as a variable, and the shell puts it in', () => {
  const headers = [['x-api-key', '$WORDS_API_KEY']] as const;
  expect(curlCommand(request({ headers }))).toBe(
    "curl -sS -i -N --globoff --path-as-is -H 'x-api-key: '\"$" +
      '{WORDS_API_KEY}" http://target.test/v3/avatar-realtime/stream-1/words',
  );
  expect(argumentsOf(request({ headers }))).toContain('x-api-key: key-0123456789');
  expect(argumentsOf(request({ headers: [['authorization', 'Bearer $WORDS_BEARER_TOKEN']] }))).toContain(
    'authorization: Bearer token-0123456789',
  );
});

test('a near credential is made from the right one, a wrong one stays harmless text', () => {
  expect(argumentsOf(request({ headers: [['x-api-key', '$NEAR_API_KEY']] }))).toContain('x-api-key: key-012345xxxx');
  expect(argumentsOf(request({ headers: [['x-api-key', '$TRUNCATED_API_KEY']] }))).toContain('x-api-key: key-01');
  for (const [placeholder, made] of [
    ['$SHORTENED_API_KEY', 'key-012345678'],
    ['$LENGTHENED_API_KEY', 'key-0123456789x'],
    ['$RECASED_API_KEY', 'KEY-0123456789'],
  ] as const)
    expect(argumentsOf(request({ headers: [['x-api-key', placeholder]] }))).toContain(`x-api-key: ${made}`);
  expect(argumentsOf(request({ headers: [['x-api-key', '$WRONG_API_KEY']] }))).toContain('x-api-key: $WRONG_API_KEY');
});

test('an empty header value is sent, not dropped', () => {
  expect(argumentsOf(request({ headers: [['x-api-key', '']] }))).toContain('x-api-key;');
});

for (const url of [
  'http://t.test/a/%00%zz/words',
  "http://t.test/'; touch /tmp/x; '/words",
  'http://t.test/$(id)`id`$HOME$WORDS_API_KEY/words',
  'http://t.test/[1-3]{a,b}/../words',
  'http://t.test/\u001b[31m\u2028é/words',
])
  test(`a shell passes on the URL as recorded: ${JSON.stringify(url)}`, () => {
    const line = curlCommand(request({ url }));
    expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
    expect(argumentsOf(request({ url })).at(-1)).toBe(url);
  });

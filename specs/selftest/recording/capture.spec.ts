import { Buffer } from 'node:buffer';
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { RecordingError, recordingIn } from '../../../helpers/recording/load.ts';
import { certify, resultsIn } from '../support/certify.ts';
import { batched, speech } from '../support/reports.ts';
import { broken, judged } from '../support/runs.ts';

const BATCHES = batched(speech(34));
const frame = (words: unknown) => `data: ${JSON.stringify({ words })}\n\n`;
const written = (words: readonly (readonly [string, number, number])[]) =>
  frame(words.map(([word, start, end]) => ({ word, start, end })));
const BODY = `${BATCHES.map(written).join('')}event: end\ndata: {}\n\n`;
const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n';

function captured(text: string | Buffer) {
  return recordingIn(Buffer.from(text as string), '/somewhere/capture.sse');
}

function harOf(entries: readonly object[]): string {
  return JSON.stringify({ log: { version: '1.2', creator: { name: 'WebInspector', version: '1' }, entries } });
}

function entryOf(body: string | undefined, headers: readonly object[] = []) {
  return {
    request: { method: 'GET', url: 'https://api.example.com/p/v3/avatar-realtime/s1/words', headers },
    response: {
      status: 200,
      statusText: 'OK',
      headers: [{ name: 'content-type', value: 'text/event-stream' }],
      content: { size: 1, mimeType: 'text/event-stream', ...(body === undefined ? {} : { text: body }) },
    },
  };
}

const FORMS: Readonly<Record<string, string | Buffer>> = {
  'a body': BODY,
  'a body in UTF-16, as PowerShell saves it': Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(BODY, 'utf16le')]),
  'a body still in gzip': gzipSync(BODY),
  'head and body': HEAD + BODY,
  'head and body behind the head of a proxy': `HTTP/1.1 200 Connection established\r\n\r\nHTTP/2 200 \r\nContent-Type: text/event-stream\r\n\r\n${BODY}`,
  'a HAR of a browser': harOf([{ request: { method: 'GET', url: 'https://a.test/x' } }, entryOf(BODY)]),
};

for (const [name, capture] of Object.entries(FORMS)) {
  test(`${name} of a conforming stream is a capture that breaks nothing, and is not conformant`, () => {
    const { verdict, requirements } = judged(captured(capture));
    expect(requirements.filter(({ outcome }) => outcome === 'fail' || outcome === 'error')).toEqual([]);
    expect(verdict).toBe('incomplete');
    const outcomes = new Map<string, (typeof requirements)[number]>(requirements.map((row) => [row.id, row]));
    for (const id of ['framing.json', 'ending.once', 'schema.batch', 'batching.word-cap', 'ordering.across-batches'])
      expect([id, outcomes.get(id)?.outcome]).toEqual([id, 'pass']);
    for (const id of [
      'http.status',
      'liveness.streams',
      'replay.no-gap',
      'snapshot.prompt',
      'auth.missing',
      'ending.closes',
    ])
      expect(outcomes.get(id)).toMatchObject({
        outcome: 'inconclusive',
        reason: expect.stringMatching(/is a capture/),
      });
  });
}

test('a capture with eleven words in a batch breaks batching.word-cap', () => {
  const eleven = written(speech(11).map(([word], index) => [word, index / 20, index / 20 + 0.04]));
  expect(broken(captured(`${eleven}event: end\ndata: {}\n\n`))).toEqual(['batching.word-cap: fail']);
});

test('a capture that breaks off says nothing about the end', () => {
  const { requirements } = judged(captured(BODY.slice(0, -40)));
  const ending = requirements.filter(({ area }) => area === 'ending').map(({ outcome }) => outcome);
  expect(new Set(ending)).toEqual(new Set(['inconclusive']));
});

test('a credential in a HAR of a browser is replaced', () => {
  const key = 'sk_live_9fQ2xT7bLm4VzR8aKc1W';
  const recording = captured(harOf([entryOf(`: ${key}\n\n${BODY}`, [{ name: 'x-api-key', value: key }])]));
  const [exchange] = recording.exchanges;
  expect(exchange?.request.headers).toEqual([['x-api-key', '$WORDS_API_KEY']]);
  expect(Buffer.from(exchange?.chunks[0]?.bytes ?? []).toString()).not.toContain(key);
});

test('what is no capture is refused in a line with a remedy', () => {
  for (const [text, message] of [
    ['{"error":{"code":"x"}}', /other JSON, such as an error/],
    [harOf([entryOf(undefined)]), /has a body\. Save it when the stream is over/],
    ['<html>no</html>', /no line that begins with data:/],
    ['', /no line that begins with data:/],
    ['HTTP/1.1 200 OK\r\n', /no line that begins with data:/],
  ] as const) {
    expect(() => captured(text)).toThrow(RecordingError);
    expect(() => captured(text)).toThrow(message);
  }
});

test('the command judges a capture: exit 1 where a MUST is broken, 2 where none is, and no host in what repeats it', async () => {
  const out = test.info().outputPath('out');
  const path = test.info().outputPath('capture.sse');
  writeFileSync(path, BODY.replace('"words"', '"wordz"'));
  expect((await certify(['--out', out, '--no-playwright-report'], { WORDS_RECORDING: path })).code).toBe(1);
  const failed = resultsIn(out).requirements.find(({ id }) => id === 'schema.batch');
  expect(failed?.violations[0]?.curl).toMatch(/"\$\{WORDS_BASE_URL\}"\/v3\//);
  const again = test.info().outputPath('again');
  expect((await certify(['judge', `${out}/recording.har`, '--out', again, '--no-playwright-report'])).code).toBe(1);
  writeFileSync(path, BODY);
  expect((await certify(['judge', path, '--out', out, '--no-playwright-report'])).code).toBe(2);
});

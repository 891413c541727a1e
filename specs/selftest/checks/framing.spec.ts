import { Buffer } from 'node:buffer';
import { expect, test } from '@playwright/test';
import { judge, judgeBody } from '../support/judging.ts';
import {
  BATCHES,
  batchFrame,
  buildRecording,
  buildSubscription,
  END_FRAME,
  type SpokenWord,
  streamBody,
} from '../support/recordings.ts';

const [FIRST = [], SECOND = []] = BATCHES as readonly (readonly SpokenWord[])[];
const BODY = streamBody();
const batchJson = (words: readonly SpokenWord[]) =>
  JSON.stringify({ words: words.map(([word, start, end]) => ({ word, start, end })) });

const conforming: Record<string, string | Uint8Array> = {
  'line feeds': BODY,
  'carriage returns': BODY.replaceAll('\n', '\r'),
  both: BODY.replaceAll('\n', '\r\n'),
  'mixed line endings': BODY.replace('\n', '\r\n').replace('\n\n', '\r\r\n'),
  'a byte order mark at the start': `\uFEFF${BODY}`,
  'comments and heartbeats': `: hello\n\n${batchFrame(FIRST)}:\n:\n\n${batchFrame(SECOND)}${END_FRAME}: bye\n\n`,
  'no space after the colon': BODY.replaceAll(': {', ':{').replace('event: end', 'event:end'),
  'JSON over several data lines': BODY.replace('"words":', '\ndata: "words":\ndata:'),
  'an explicit event: message': BODY.replace('data:', 'event: message\ndata:'),
  'id and retry': `retry: 3000\nid: 1\n${BODY}`,
  'blocks of id or retry alone': `retry: 3000\n\nid: 1\n\nid\n\n${BODY}`,
  'several blank lines': BODY.replaceAll('\n\n', '\n\n\n\n'),
  'words in UTF-8': streamBody([
    [
      ['naïve', 0, 0.4],
      ['你好', 0.4, 0.8],
    ],
  ]),
};

for (const [name, body] of Object.entries(conforming))
  test(`conforms: ${name}`, () => {
    const judged = judgeBody(body);
    expect(judged.broken).toEqual([]);
    expect(Object.keys(judged.unverified).filter((id) => id.startsWith('framing'))).toEqual([]);
  });

test('conforms: one byte a chunk, characters cut in two', () => {
  const bytes = Buffer.from(
    streamBody([
      [
        ['naïve', 0, 0.4],
        ['你好', 0.4, 0.8],
      ],
    ]),
  );
  const chunks = [...bytes].map((byte, index) => [index / 1000, Buffer.from([byte])] as const);
  expect(judgeBody(chunks).broken).toEqual([]);
});

test('conforms: a body that we stopped inside a character and inside an event', () => {
  const bytes = Buffer.from(`${batchFrame(FIRST)}data: {"words":[{"word":"é`).subarray(0, -1);
  const dropped = buildSubscription('dropped', bytes, { ending: { kind: 'stopped', at: 1, bound: 'probe' } });
  expect(judge(buildRecording([buildSubscription('first'), dropped])).broken).toEqual([]);
});

function spoken(second: number): object {
  return { word: 'tick', start: second, end: second + 0.5 };
}

const broken: Record<string, readonly [body: string | Uint8Array, ids: readonly string[]]> = {
  'Latin-1': [Buffer.from(BODY.replace('Ada', 'Adé'), 'latin1'), ['framing.utf8']],
  'UTF-16 with its mark': [Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(BODY, 'utf16le')]), ['framing.utf8']],
  'UTF-16 without a mark': [Buffer.from(BODY, 'utf16le'), ['framing.utf8']],
  'Data: for data:': [BODY.replace('data:', 'Data:'), ['framing.fields']],
  'a space before data:': [BODY.replace('data:', ' data:'), ['framing.fields']],
  'a space after data': [BODY.replace('data:', 'data :'), ['framing.fields']],
  'JSON without a field name': [BODY.replace('data: ', ''), ['framing.fields']],
  'JSON printed over lines that are no data lines, a hundred times': [
    Array.from({ length: 100 }, (_, at) => `data: ${JSON.stringify({ words: [spoken(at)] }, null, 2)}\n\n`).join('') +
      END_FRAME,
    ['framing.fields'],
  ],
  'frames as Python prints bytes': [
    BODY.replaceAll(/data: (.*)\n\n(?=data|event)/g, "b'data: $1\\n\\n'"),
    ['framing.fields'],
  ],
  'frames in quotes': [BODY.replaceAll(/data: (.*)\n\n(?=data|event)/g, '"data: $1\\n\\n"\n\n'), ['framing.fields']],
  'batches and the end printed over lines that are no data lines': [
    BODY.replace('data: {}', 'data: {\n  "reason": "completed"\n}').replace('{"words":[', '{\n"words": [\n'),
    ['framing.fields'],
  ],
  'Event: end': [BODY.replace('event: end', 'Event: end'), ['framing.fields']],
  'Data: at the end': [BODY.replace('data: {}', 'Data: {}'), ['framing.fields']],
  'a field of another name': [`version: 1\n${BODY}`, ['framing.unknown-fields']],
  'no blank line after the end': [BODY.slice(0, -1), ['framing.dispatched']],
  'no line end after the end': [BODY.slice(0, -2), ['framing.dispatched']],
  'an end without data': [BODY.replace('data: {}\n', ''), ['framing.dispatched']],
  'a heartbeat event without data': [`event: ping\n\n${BODY}`, ['framing.dispatched']],
  'batches of the type words': [
    BODY.replaceAll('data: {"words"', 'event: words\ndata: {"words"'),
    ['framing.event-types'],
  ],
  'a heartbeat event': [`event: ping\ndata: {}\n\n${BODY}`, ['framing.event-types']],
  'an error event': [
    BODY.replace('event: end', 'event: error\ndata: {"error":{"code":"x","message":"y"}}\n\nevent: end'),
    ['framing.event-types'],
  ],
  'a byte order mark between events': [BODY.replace('\n\n', '\n\n\uFEFF'), ['framing.bom']],
  'two byte order marks at the start': [`\uFEFF\uFEFF${BODY}`, ['framing.bom']],
  'a byte order mark before the end': [BODY.replace('event: end', '\uFEFFevent: end'), ['framing.bom']],
  'a trailing comma': [BODY.replace('}]}', '},]}'), ['framing.json']],
  NaN: [BODY.replace('"start":0.1', '"start":NaN'), ['framing.json']],
  'two documents': [BODY.replace(batchJson(FIRST), `${batchJson(FIRST)}${batchJson(SECOND)}`), ['framing.json']],
  'two documents on two data lines': [
    BODY.replace(batchJson(FIRST), `${batchJson(FIRST)}\ndata: ${batchJson(SECOND)}`),
    ['framing.json'],
  ],
  'JSON inside a JSON string': [BODY.replace(batchJson(FIRST), JSON.stringify(batchJson(FIRST))), ['framing.json']],
  'an end whose data is no JSON': [BODY.replace('data: {}', 'data: done'), ['framing.json']],
  'retry with a unit': [`retry: 3s\n${BODY}`, ['framing.retry-id']],
  'an id with a NUL': [`id: a\0b\n${BODY}`, ['framing.retry-id']],
};

for (const [name, [body, ids]] of Object.entries(broken))
  test(`found: ${name}`, () => {
    expect(judgeBody(body).broken).toEqual(ids);
  });

test('a rule broken on replay only is found there', () => {
  const judged = judge(
    buildRecording([buildSubscription('first'), buildSubscription('late', BODY.replace('data:', 'Data:'))]),
  );
  expect(judged.broken).toEqual(['framing.fields']);
  expect(judged.of('framing.fields').violations[0]).toMatchObject({ exchange: 'late', byteOffset: 0, at: 0.02 });
});

test('a violation says where it stands', () => {
  const body = BODY.replace('}]}', '},]}');
  const [violation] = judgeBody(body).of('framing.json').violations;
  expect(violation).toMatchObject({
    exchange: 'first',
    event: 0,
    byteOffset: 0,
    byteLength: body.indexOf('\n\n') + 2,
    at: 0.02,
  });
  expect(violation?.expected.length).toBeGreaterThan(0);
});

test('the first bad byte is named', () => {
  const body = Buffer.from(BODY.replace('Ada', 'Adé'), 'latin1');
  expect(judgeBody(body).of('framing.utf8').violations[0]).toMatchObject({
    byteOffset: body.indexOf(0xe9),
    actual: expect.stringContaining('e9'),
  });
});

test('what can no longer be verified names its cause', () => {
  expect(judgeBody(Buffer.from(BODY, 'utf16le')).unverified).toMatchObject({
    'framing.json': 'framing.utf8',
    'ending.once': 'framing.utf8',
    'schema.batch': 'framing.utf8',
    'ordering.bounds': 'framing.utf8',
  });
  expect(judgeBody(BODY.replace('event: end', 'Event: end')).unverified).toMatchObject({
    'ending.once': 'framing.fields',
  });
  expect(judgeBody(BODY.replaceAll('data: {"words"', 'event: words\ndata: {"words"')).unverified).toMatchObject({
    'schema.batch': 'framing.event-types',
    'batching.word-cap': 'framing.event-types',
    'tokens.punctuation-apart': 'framing.event-types',
  });
});

test('an answer that opened no stream leaves every rule unverified, with the reason', () => {
  const refused = buildSubscription('first', 'no', { status: 503 });
  const html = buildSubscription('first', '<html>', { headers: [['content-type', 'text/html']] });
  for (const [exchange, because] of [
    [refused, 'http.status'],
    [html, 'http.content-type'],
  ] as const) {
    const { broken: none, unverified } = judge(buildRecording([exchange]));
    expect(none).toEqual([]);
    for (const [id, cause] of Object.entries(unverified)) if (id !== 'tokens.script') expect(cause, id).toBe(because);
  }
});

test('a body without a byte passes nothing', () => {
  const { broken: found, unverified } = judgeBody('');
  expect(found).toEqual(['ending.once']);
  expect(Object.keys(unverified)).toContain('framing.utf8');
  expect(Object.keys(unverified)).toContain('framing.json');
});

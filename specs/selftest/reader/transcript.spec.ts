import { Buffer } from 'node:buffer';
import { expect, test } from '@playwright/test';
import { loadContract } from '../../../helpers/contract/load.ts';
import type { Transcript } from '../../../helpers/transcript/transcript.ts';
import { BATCHES, batchFrame, END_FRAME, streamBody } from '../support/recordings.ts';
import { readPieces } from './event-log.ts';

const contract = loadContract();

function read(body: string): Transcript {
  return readPieces([Buffer.from(body)], contract);
}

function frame(payload: unknown, type?: string): string {
  return `${type === undefined ? '' : `event: ${type}\n`}data: ${JSON.stringify(payload)}\n\n`;
}

function wordsOf({ words }: Transcript): unknown[] {
  return words.text.map((text, index) => [text, words.start[index], words.end[index], words.event[index]]);
}

test('a conforming session: words in columns, nothing to find', () => {
  const transcript = read(streamBody());
  expect(wordsOf(transcript)).toEqual(
    BATCHES.flatMap((batch, event) => batch.map(([word, start, end]) => [word, start, end, event])),
  );
  expect(transcript.words.length).toBe(7);
  const [first, second, end] = transcript.events;
  expect(first).toEqual({
    index: 0,
    type: 'message',
    kind: 'batch',
    dispatch: 'dispatched',
    byteOffset: 0,
    byteLength: batchFrame(BATCHES[0] ?? []).length,
    at: 1,
    json: null,
    schemaIssues: [],
    firstWord: 0,
    wordCount: 5,
    undocumented: {},
    duplicateMembers: [],
  });
  expect(second).toMatchObject({ index: 1, firstWord: 5, wordCount: 2 });
  expect(end).toMatchObject({ type: 'end', kind: 'end', firstWord: 7, wordCount: 0, payload: {} });
  expect(transcript).toMatchObject({ invalidUtf8At: null, strayByteOrderMarks: [], lineIssues: [], lineIssueCount: 0 });
});

test('columns grow past their first size', () => {
  const batch = Array.from({ length: 10 }, (_, index) => [`w${index}`, index, index + 0.5] as const);
  const transcript = read(batchFrame(batch).repeat(120));
  expect(transcript.words.length).toBe(1200);
  expect([transcript.words.start.length, transcript.words.end.length, transcript.words.event.length]).toEqual([
    1200, 1200, 1200,
  ]);
  expect(wordsOf(transcript)).toEqual(
    Array.from({ length: 1200 }, (_, index) => [
      `w${index % 10}`,
      index % 10,
      (index % 10) + 0.5,
      Math.floor(index / 10),
    ]),
  );
});

test('an explicit message is a batch; another type is neither batch nor end', () => {
  const { events, words } = read(frame({ words: [] }, 'message') + frame({ words: [] }, 'words') + frame({}, 'END'));
  expect(events.map(({ type, kind, payload }) => [type, kind, payload])).toEqual([
    ['message', 'batch', undefined],
    ['words', 'other', { words: [] }],
    ['END', 'other', {}],
  ]);
  expect(words.length).toBe(0);
});

test.describe('a batch that breaks the schema', () => {
  test('gives its issues, its payload, and the words that can be used', () => {
    const payload = {
      words: [
        { word: 'ok', start: 0, end: 1 },
        { word: 7, start: '0.5', end: null },
        'lost',
        ['lost'],
        null,
        { start: 2 },
        { word: { a: [1] }, start: 3, end: 4 },
      ],
    };
    const transcript = read(frame(payload));
    expect(wordsOf(transcript)).toEqual([
      ['ok', 0, 1, 0],
      ['7', Number.NaN, Number.NaN, 0],
      ['', 2, Number.NaN, 0],
      ['{"a":[1]}', 3, 4, 0],
    ]);
    expect(transcript.events[0]?.payload).toEqual(payload);
    expect(transcript.events[0]?.schemaIssues.length).toBeGreaterThan(0);
  });

  test('an infinite number is no time', () => {
    const transcript = read('data: {"words":[{"word":"a","start":1e999,"end":-1e999}]}\n\n');
    expect(wordsOf(transcript)).toEqual([['a', Number.NaN, Number.NaN, 0]]);
  });

  for (const data of ['[]', '7', 'null', '"hello"', '{}', '{"words":{}}', '{"words":null}', '{"Words":[]}'])
    test(`${data} holds no words`, () => {
      const { events, words } = read(`data: ${data}\n\n`);
      expect(words.length).toBe(0);
      expect(events[0]).toMatchObject({ json: null, payload: JSON.parse(data) });
      expect(events[0]?.schemaIssues).not.toEqual([]);
    });

  test('issues without number are cut', () => {
    const [event] = read(frame({ words: Array.from({ length: 500 }, () => ({})) })).events;
    expect(event?.schemaIssues.length).toBeGreaterThan(0);
    expect(event?.schemaIssues.length).toBeLessThanOrEqual(50);
  });
});

test('a fault of the JSON leaves the schema out of it', () => {
  const { events } = read('data: {"words":[NaN]}\n\ndata: "{\\"words\\":[]}"\n\nevent: end\ndata\n\n');
  expect(events.map(({ json, schemaIssues, payload }) => [json !== null, schemaIssues, payload])).toEqual([
    [true, [], undefined],
    [true, [], undefined],
    [true, [], undefined],
  ]);
});

test('events that no client sees are not judged by what they hold', () => {
  const { events, words } = read('event: end\n\ndata: {"words":[{"word":"a","start":0,"end":1}]}\n');
  expect(events).toMatchObject([
    { kind: 'end', dispatch: 'no-data', json: null, wordCount: 0 },
    { kind: 'batch', dispatch: 'unterminated', json: null, schemaIssues: [], wordCount: 0 },
  ]);
  expect(words.length).toBe(0);
});

test.describe('members that the contract does not name', () => {
  const word = (more: object): object => ({ word: 'a', start: 0, end: 1, ...more });

  test('are counted by path', () => {
    const { events } = read(
      frame({ seq: 1, words: [word({ confidence: 1 }), word({}), word({ confidence: 2, 'a/b~c': 3 })] }) +
        frame({ words: [word({ confidence: 3 }), word({ confidence: 4 })] }) +
        frame({ words: [word({})] }),
    );
    expect(events.map((event) => event.undocumented)).toEqual([
      { seq: 1, 'words/*/confidence': 2, 'words/*/a~1b~0c': 1 },
      { 'words/*/confidence': 2 },
      {},
    ]);
  });

  test('may be named like parts of a prototype', () => {
    const data =
      '{"__proto__":{"x":1},"constructor":2,"words":[{"word":"a","start":0,"end":1,"__proto__":{"word":"b"}}]}';
    const transcript = read(`data: ${data}\n\n`);
    expect(Object.entries(transcript.events[0]?.undocumented ?? {})).toEqual([
      ['__proto__', 1],
      ['constructor', 1],
      ['words/*/__proto__', 1],
    ]);
    expect(wordsOf(transcript)).toEqual([['a', 0, 1, 0]]);
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  test('do not fill the transcript', () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`m${index}${'x'.repeat(100)}`, 1]));
    const paths = Object.keys(read(frame({ words: [], ...many })).events[0]?.undocumented ?? {});
    expect(paths.length).toBe(50);
    expect(Math.max(...paths.map((path) => path.length))).toBeLessThan(70);
  });
});

test('members that stand twice are named, also beside colons in words', () => {
  const { events } = read(
    `${[
      '{"words":[{"word":":","start":0,"end":1}]}',
      '{"words":[{"word":":","start":0,"end":1,"end":1}]}',
      '{"words":[],"words":[]}',
      '{"words":[{"word":"10:30","start":0,"end":1,"x":{"y":1,"y":2}}]}',
    ]
      .map((data) => `data: ${data}\n\n`)
      .join('')}event: end\ndata: {"a":1,"a":2}\n\n`,
  );
  expect(events.map((event) => event.duplicateMembers)).toEqual([[], ['end'], ['words'], ['y'], ['a']]);
});

test('JSON over several data lines is one batch', () => {
  const transcript = read('data: {"words":\ndata:  [{"word":"a",\ndata: "start":0,"end":1}]}\n\n');
  expect(wordsOf(transcript)).toEqual([['a', 0, 1, 0]]);
});

test('words of every script, beside bytes that are no UTF-8', () => {
  const body = Buffer.concat([Buffer.from(batchFrame([['你好\u2028', 0, 1]])), Buffer.from([0x3a, 0xff, 0x0a])]);
  const transcript = readPieces([body], contract);
  expect(wordsOf(transcript)).toEqual([['你好\u2028', 0, 1, 0]]);
  expect(transcript.invalidUtf8At).toBe(body.length - 2);
});

test('an event arrives with its last byte, in whichever chunk that is', () => {
  const body = Buffer.from(batchFrame([['a', 0, 1]]) + END_FRAME);
  const transcript = readPieces(
    [body.subarray(0, 10), body.subarray(10, 10), body.subarray(10, 50), body.subarray(50)],
    contract,
  );
  expect(transcript.events.map((event) => [event.byteOffset + event.byteLength, event.at])).toEqual([
    [50, 3],
    [71, 4],
  ]);
  expect([0, 9, 10, 49, 50, 70, 999].map((offset) => transcript.arrivalOf(offset))).toEqual([1, 1, 3, 3, 4, 4, 4]);
});

test('a body without bytes', () => {
  const transcript = readPieces([], contract);
  expect(transcript).toMatchObject({ events: [], invalidUtf8At: null, lineIssueCount: 0 });
  expect(transcript.arrivalOf(0)).toBeNaN();
});

test.describe('a hostile body', () => {
  const DEPTH = 100_000;

  test('nested a hundred thousand deep, wherever it stands', () => {
    const deep = '['.repeat(DEPTH) + ']'.repeat(DEPTH);
    const { events, words } = read(
      `data: ${deep}\n\ndata: {"words":${deep}}\n\ndata: {"words":[{"word":${deep},"start":0,"end":1}]}\n\n` +
        `data: {"words":[{"word":"a","start":0,"end":1,"x":${deep}}]}\n\nevent: end\ndata: {"a":${deep}}\n\n` +
        `data: ${'{"a":'.repeat(DEPTH)}\n\n`,
    );
    expect(
      events.map(({ json, schemaIssues, wordCount }) => [json === null, schemaIssues.length > 0, wordCount]),
    ).toEqual([
      [true, true, 0],
      [true, true, 0],
      [true, true, 1],
      [true, false, 1],
      [true, false, 0],
      [false, false, 0],
    ]);
    expect(JSON.stringify([events, words.text]).length).toBeLessThan(10_000);
  });

  test('full of lines that clients ignore keeps the first of each kind and counts the rest', () => {
    const { lineIssues, lineIssueCount } = read(`${'x\n'.repeat(2000)}Data: a\n${'{\n'.repeat(100)}`);
    expect(lineIssueCount).toBe(2101);
    const kinds = lineIssues.map((issue) => issue.kind);
    expect(kinds.filter((kind) => kind === 'unknown-field').length).toBe(50);
    expect(kinds.filter((kind) => kind === 'disguised-field').length).toBe(1);
    expect(kinds.filter((kind) => kind === 'bare-json').length).toBe(50);
  });

  test('keeps, of lines that hide content, the first of each block, within bounds', () => {
    const { events, lineIssues } = read('data: {\n "words": [\n ]\n}\n\n'.repeat(300));
    for (const { byteOffset, byteLength } of events)
      expect(
        lineIssues.some((issue) => issue.byteOffset > byteOffset && issue.byteOffset < byteOffset + byteLength),
      ).toBe(true);
    expect(new Set(lineIssues.map(({ kind }) => kind))).toEqual(new Set(['bare-json']));
    expect(read('{\n\n'.repeat(30_000)).lineIssues.length).toBeLessThanOrEqual(20_050);
  });

  test('with a byte order mark before each line keeps the first thousand', () => {
    expect(read('\uFEFF: heartbeat\n'.repeat(3000)).strayByteOrderMarks.length).toBe(1000);
  });
});

import { expect, test } from '@playwright/test';
import type { Check } from '../../../helpers/judging/check.ts';
import type { Ending, Recording, SubscriptionRole } from '../../../helpers/recording/recording.ts';
import { endingChecks } from '../../ending/index.ts';
import { evidenceOf, judge, judgeBody, judgedBy } from '../support/judging.ts';
import {
  BATCHES,
  batchFrame,
  buildRecording,
  buildSubscription,
  END_FRAME,
  streamBody,
} from '../support/recordings.ts';

const WORDS = BATCHES.map(batchFrame).join('');
const BODY = streamBody();

const conforming: Record<string, string> = {
  'one end': BODY,
  'an end with unknown members': `${WORDS}event: end\ndata: {"reason":"completed","total":7}\n\n`,
  'comments and blank lines after the end': `${BODY}: bye\n\n\n:\n`,
  'an empty session': END_FRAME,
  'the end over several data lines': `${WORDS}event: end\ndata: {\ndata: }\n\n`,
};

for (const [name, body] of Object.entries(conforming))
  test(`conforms: ${name}`, () => {
    const judged = judgeBody(body);
    expect(judged.broken).toEqual([]);
    for (const { id } of endingChecks) expect(judged.of(id).observations, id).toBeGreaterThan(0);
  });

const broken: Record<string, readonly [body: string, ids: readonly string[]]> = {
  'no end': [WORDS, ['ending.once']],
  'two ends': [BODY + END_FRAME, ['ending.once']],
  END: [BODY.replace('event: end', 'event: END'), ['ending.once']],
  done: [BODY.replace('event: end', 'event: done'), ['ending.once']],
  '[DONE]': [`${WORDS}data: [DONE]\n\n`, ['ending.once']],
  'an end of the default type': [`${WORDS}data: {"type":"end"}\n\n`, ['ending.once']],
  'an empty object of the default type': [`${WORDS}data: {}\n\n`, ['ending.once']],
  'an end of the default type that counts words': [`${WORDS}data: {"words_total":7}\n\n`, ['ending.once']],
  'line feeds written as backslash and n': [BODY.replaceAll('\n\n', '\\n\\n').replace(/$/, '\n\n'), ['framing.json']],
  'lines of JSON and nothing else': ['{"words":[]}\n{"type":"end"}\n', ['framing.fields']],
  'a batch after the end': [batchFrame(BATCHES[0] ?? []) + END_FRAME + batchFrame(BATCHES[1] ?? []), ['ending.last']],
  'an event of another type after the end': [`${BODY}event: bye\ndata: {}\n\n`, ['ending.last', 'framing.event-types']],
  'two ends and a batch between': [
    batchFrame(BATCHES[0] ?? []) + END_FRAME + batchFrame(BATCHES[1] ?? []) + END_FRAME,
    ['ending.last', 'ending.once'],
  ],
  'an end that is null': [BODY.replace('data: {}', 'data: null'), ['ending.payload']],
  'an end that is an array': [BODY.replace('data: {}', 'data: []'), ['ending.payload']],
  'an end that is a string': [BODY.replace('data: {}', 'data: "end"'), ['ending.payload']],
  'an end that is a number': [BODY.replace('data: {}', 'data: 1'), ['ending.payload']],
};

for (const [name, [body, ids]] of Object.entries(broken))
  test(`found: ${name}`, () => {
    expect(judgeBody(body).broken).toEqual(ids);
  });

test('what stands in the place of an end is named', () => {
  const [violation] = judgeBody(BODY.replace('event: end', 'event: END')).of('ending.once').violations;
  expect(violation?.message).toContain('"END"');
});

for (const [how, body, part] of [
  ['without data', BODY.replace('data: {}\n', ''), 'without data'],
  ['without its blank line', BODY.slice(0, -1), 'without its blank line'],
] as const)
  test(`an end sent ${how} is told apart from one never sent`, () => {
    const judged = judgeBody(body);
    expect(judged.broken).toEqual(['framing.dispatched']);
    expect(judged.of('ending.once').unverified).toMatchObject({
      because: 'framing.dispatched',
      reason: expect.stringContaining(part),
    });
    for (const id of ['ending.last', 'ending.payload', 'ending.closes'] as const)
      expect(judged.of(id).unverified?.because, id).toBe('framing.dispatched');
  });

test('a body that breaks off inside a batch, or before the end, is told apart from one without', () => {
  const insideBatch = judgeBody(`${batchFrame(BATCHES[0] ?? [])}data: {"words":[{"word":"Ad`);
  expect(insideBatch.broken).toEqual(['framing.dispatched']);
  expect(insideBatch.of('ending.once').unverified?.reason).toContain('breaks off');
  const insideLine = judgeBody(`${WORDS}eve`);
  expect(insideLine.broken).toEqual(['ending.once']);
  expect(insideLine.of('ending.once').violations[0]?.actual).toContain('breaks off');
  expect(judgeBody(WORDS).of('ending.once').violations[0]?.actual).toContain('never sent');
});

for (const [name, body, last] of [
  ['a batch', WORDS, WORDS.trimEnd().split('\n').at(-1)],
  ['a comment behind the last batch', `${WORDS}: still there\r\n\r\n`, ': still there'],
  ['half a line', `${WORDS}eve`, 'eve'],
  ['comments alone', ': hello\n\n: still there\n\n', ': still there'],
] as const)
  test(`a stream without an end is quoted to its last byte, and so is its last line: ${name}`, () => {
    const [violation] = judgeBody(body).of('ending.once').violations;
    expect((violation?.byteOffset ?? 0) + (violation?.byteLength ?? 0)).toBe(Buffer.byteLength(body));
    const [head, tail] = [last?.slice(0, 70), last?.slice(-70)];
    expect(violation?.actual).toContain(`; the last line is "${head}`);
    expect(violation?.actual.endsWith(`${tail}"`)).toBe(true);
  });

test('an empty stream has no line to quote', () => {
  const [violation] = judgeBody('').of('ending.once').violations;
  expect(violation?.actual).toBe('no end event: it was never sent');
});

test('a batch that swallows the end is one cause', () => {
  const judged = judgeBody(`${WORDS.slice(0, -1)}${END_FRAME}`, 'Hello, my name is Ada.');
  expect(judged.broken).toEqual(['framing.json']);
  expect(judged.unverified).toMatchObject({ 'tokens.script': 'framing.json', 'ending.payload': 'framing.json' });
});

for (const [name, body, because] of [
  ['no end', WORDS, 'ending.once'],
  ['an end by another name', BODY.replace('event: end', 'event: END'), 'ending.once'],
  ['an end without data', BODY.replace('data: {}\n', ''), 'framing.dispatched'],
  ['byte order marks before each event', BODY.replaceAll('data: {"', '\uFEFFdata: {"'), 'framing.bom'],
  ['batches that are not JSON', BODY.replaceAll('}]}', '},]}'), 'framing.json'],
] as const)
  test(`rules that need the words or the end name their cause: ${name}`, () => {
    const judged = judgeBody(body, 'Hello, my name is Ada.');
    expect(judged.broken).toEqual([because]);
    for (const [id, cause] of Object.entries(judged.unverified)) expect(cause, id).toBe(because);
  });

test('an end that is no JSON leaves its payload unverified', () => {
  expect(judgeBody(BODY.replace('data: {}', 'data: done')).of('ending.payload').unverified?.because).toBe(
    'framing.json',
  );
});

test('a WordsEndEvent schema is enforced as soon as the contract has one', () => {
  const recording = buildRecording();
  const evidence = evidenceOf(recording);
  const schemaIssues = [
    {
      pointer: '',
      message: "must have required property 'total'",
      schemaPointer: '/components/schemas/WordsEndEvent/required',
    },
  ];
  const subscriptions = evidence.subscriptions.map((subscription) => ({
    ...subscription,
    transcript: {
      ...subscription.transcript,
      events: subscription.transcript.events.map((event) =>
        event.kind === 'end' ? { ...event, schemaIssues } : event,
      ),
    },
  }));
  const payload = endingChecks.find((check) => check.id === 'ending.payload') as Check;
  expect(judgedBy(payload, { ...evidence, subscriptions }).violations[0]?.message).toBe(
    "The data of the end event breaks the WordsEndEvent schema: it is {} (an object); it must have required property 'total'.",
  );
});

function subscribed(role: SubscriptionRole, body: string, at: number, ending: Ending) {
  return buildSubscription(role, [[at, body]], { ending });
}
const stopped = (at: number, bound: 'seconds' | 'bytes' | 'probe' | 'interrupt' = 'seconds'): Ending => ({
  kind: 'stopped',
  at,
  bound,
});
const complete = (at: number): Ending => ({ kind: 'complete', at });
const reset = (at: number): Ending => ({ kind: 'reset', at, detail: 'ECONNRESET' });
const completed: Partial<Recording> = {
  streams: [{ streamId: 'stream-1', origin: 'ids', state: 'completed', statuses: [] }],
};

test.describe('a body that was cut', () => {
  test('without an end: does not break ending.once', () => {
    const judged = judge(buildRecording([subscribed('first', WORDS, 1, reset(2))]));
    expect(judged.broken).toEqual([]);
    expect(judged.unverified).toMatchObject({
      'ending.once': 'http.complete-body',
      'ending.closes': 'http.complete-body',
    });
  });

  test('after two ends: breaks it', () => {
    expect(judge(buildRecording([subscribed('first', BODY + END_FRAME, 1, reset(2))])).broken).toEqual(['ending.once']);
  });

  test('by us, while a probe: nothing is said of its end', () => {
    const recording = buildRecording([
      buildSubscription('first'),
      subscribed('dropped', WORDS, 1, stopped(2, 'probe')),
    ]);
    expect(judge(recording)).toMatchObject({ broken: [] });
    expect(judge(recording).of('ending.once').unverified).toBeUndefined();
  });
});

test.describe('a stream that stays open', () => {
  test('with its session running: more time is needed', () => {
    const judged = judge(buildRecording([subscribed('first', WORDS, 1, stopped(60))]));
    expect(judged.broken).toEqual([]);
    expect(judged.of('ending.once').unverified?.remedy).toContain('WORDS_MAX_SECONDS');
  });

  test('at the bound of bytes: more bytes are needed', () => {
    const judged = judge(buildRecording([subscribed('first', WORDS, 1, stopped(60, 'bytes'))], completed));
    expect(judged.broken).toEqual([]);
    expect(judged.of('ending.once').unverified?.remedy).toContain('WORDS_MAX_BYTES');
  });

  test('of a completed session, silent: its end was never sent', () => {
    expect(judge(buildRecording([subscribed('snapshot', WORDS, 1, stopped(60))], completed)).broken).toEqual([
      'ending.once',
    ]);
  });

  test('of a completed session, still sending: more time is needed', () => {
    const judged = judge(buildRecording([subscribed('snapshot', WORDS, 57, stopped(60))], completed));
    expect(judged.broken).toEqual([]);
    expect(judged.unverified).toMatchObject({ 'ending.once': null });
  });

  test('with the session over by its status', () => {
    const streams: Recording['streams'] = [
      { streamId: 'stream-1', origin: 'create', state: 'live', statuses: [{ at: 20, status: 'completed' }] },
    ];
    expect(judge(buildRecording([subscribed('first', WORDS, 1, stopped(60))], { streams })).broken).toEqual([
      'ending.once',
    ]);
  });

  test('long after another subscription had its end', () => {
    const recording = buildRecording([
      subscribed('first', BODY, 10, complete(10.1)),
      subscribed('late', WORDS, 10, stopped(60)),
    ]);
    const judged = judge(recording);
    expect(judged.broken).toEqual(['ending.once']);
    expect(judged.of('ending.once').violations[0]).toMatchObject({ exchange: 'late' });
  });

  test('silent only because the runner was held up: more time is needed', () => {
    const recording = buildRecording([subscribed('snapshot', WORDS, 50, stopped(60))], {
      ...completed,
      stalls: [{ at: 51, seconds: 8 }],
    });
    expect(judge(recording).broken).toEqual([]);
  });

  test('for as long as this run waits: its end was never sent', () => {
    const { settings } = buildRecording();
    const recording = buildRecording([subscribed('snapshot', WORDS, 1, stopped(3))], {
      ...completed,
      settings: { ...settings, endCloseSeconds: 1 },
    });
    expect(judge(recording).broken).toEqual(['ending.once']);
  });

  test('interrupted: says so', () => {
    const judged = judge(buildRecording([subscribed('first', WORDS, 1, stopped(3, 'interrupt'))]));
    expect(judged.broken).toEqual([]);
    expect(judged.of('ending.once').unverified?.reason).toContain('interrupted');
  });
});

test.describe('how soon the response ends after its end event', () => {
  const closing = (ending: Ending, overrides: Partial<Recording> = {}) =>
    judge(buildRecording([subscribed('first', BODY, 10, ending)], overrides));

  test('at once, and at the limit', () => {
    expect(closing(complete(10.01)).broken).toEqual([]);
    expect(closing(complete(15)).broken).toEqual([]);
  });

  test('too late', () => {
    const judged = closing(complete(15.5));
    expect(judged.broken).toEqual(['ending.closes']);
    expect(judged.of('ending.closes').violations[0]?.message).toContain('5.5 s');
  });

  test('never, as far as we waited', () => {
    expect(closing(stopped(20)).broken).toEqual(['ending.closes']);
  });

  test('never, but we did not wait long enough', () => {
    const judged = closing(stopped(12));
    expect(judged.broken).toEqual([]);
    expect(judged.unverified).toMatchObject({ 'ending.closes': null });
    expect(judged.of('ending.once').observations).toBe(1);
  });

  test('the limit is the run’s', () => {
    const { settings } = buildRecording();
    expect(closing(complete(11), { settings: { ...settings, endCloseSeconds: 0.5 } }).broken).toEqual([
      'ending.closes',
    ]);
  });

  test('late by no more than the runner was held up: not verified', () => {
    const judged = closing(complete(16), { stalls: [{ at: 11, seconds: 2 }] });
    expect(judged.broken).toEqual([]);
    expect(judged.of('ending.closes').unverified?.reason).toContain('held up');
  });

  test('what follows the end has its own rule', () => {
    const body = [
      [10, BODY],
      [20, batchFrame([['more', 2, 2.4]])],
    ] as const;
    const judged = judge(buildRecording([buildSubscription('first', body, { ending: complete(20.1) })]));
    expect(judged.broken).toEqual(['ending.last']);
  });

  test('closed by length or by the connection: both count', () => {
    for (const headers of [[['content-length', String(BODY.length)]], [['connection', 'close']]] as const) {
      const exchange = buildSubscription('first', BODY, {
        headers: [['content-type', 'text/event-stream'], ...headers],
      });
      expect(judge(buildRecording([exchange])).of('ending.closes').observations).toBe(1);
    }
  });
});

test('an empty body is said to be empty', () => {
  const judged = judgeBody('');
  expect(judged.of('ending.once').violations[0]?.message).toContain('empty body');
  expect(judged.of('schema.batch').unverified?.reason).toContain('empty');
});

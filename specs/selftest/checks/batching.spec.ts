import { expect, test } from '@playwright/test';
import { judge, judgeBody } from '../support/judging.ts';
import { buildRecording, buildSubscription, type SpokenWord, streamBody } from '../support/recordings.ts';
import { inBatches, speak } from '../support/speech.ts';

const even = (count: number, step: number, from = 0): SpokenWord[] =>
  Array.from({ length: count }, (_, index) => [
    `w${index}`,
    from + index * step,
    from + index * step + Math.min(step, 0.3),
  ]);

const conforming: Record<string, readonly (readonly SpokenWord[])[]> = {
  'ten word events': [even(10, 0.09)],
  'one word a batch': inBatches(speak(), 1),
  'starts exactly one second apart': [even(5, 0.25)],
  'starts one second apart, as binary fractions have it': [
    even(11, 0.1, 0.7).slice(0, 10),
    even(11, 0.1, 1.7).slice(0, 10),
  ],
  'starts within the tolerance': [
    [
      ['a', 0, 0.2],
      ['b', 1.09, 1.3],
    ],
  ],
  'the last word crosses the second': [
    [
      ['a', 0, 0.5],
      ['b', 0.6, 0.9],
      ['c', 0.95, 1.4],
    ],
  ],
  'one word of three seconds': [[['hallelujah', 0, 3]], [['amen', 3, 3.5]]],
  'equal starts and zero lengths': [
    [
      ['a', 0, 0.3],
      ['!', 0.3, 0.3],
      ['"', 0.3, 0.3],
    ],
  ],
  'exactly one and a half seconds': [
    [
      ['a', 0.1, 0.5],
      ['b', 1.1, 1.6],
    ],
  ],
  'single-precision times': [
    [
      ['a', Math.fround(1000.1), 1000.5],
      ['b', Math.fround(1001.2), 1001.5],
    ],
  ],
  'a last word that lasts, now and then': [
    [...even(3, 0.3), ['looong', 0.9, 3]],
    ...[3, 6, 9].map((at) => even(3, 0.3, at)),
    [...even(3, 0.3, 12), ['looong', 12.9, 15]],
  ],
  'far apart, batch from batch': [even(3, 0.2), even(3, 0.2, 60)],
};

for (const [name, batches] of Object.entries(conforming))
  test(`conforms: ${name}`, () => {
    expect(judgeBody(streamBody(batches)).broken).toEqual([]);
  });

const broken: Record<string, readonly [batches: readonly (readonly SpokenWord[])[], ids: readonly string[]]> = {
  'eleven words': [[even(11, 0.05)], ['batching.word-cap']],
  'ten words and a mark': [[[...even(10, 0.05), ['.', 0.6, 0.6]]], ['batching.word-cap']],
  'a thousand words': [
    [Array.from({ length: 1000 }, (_, index) => [index ? `w${index}` : ',', 0.5, 0.6] as const)],
    ['batching.word-cap', 'ordering.own-times'],
  ],
  'starts 1.2 seconds apart': [[even(5, 0.3)], ['batching.time-cap']],
  'a batch across a pause': [[[...even(3, 0.3), ['late', 4, 4.3]]], ['batching.time-cap']],
  'a word in the middle that lasts': [
    [
      [
        ['looong', 0, 2],
        ['a', 0.5, 2.1],
      ],
    ],
    ['batching.time-span'],
  ],
  'last words that last, batch after batch': [
    [0, 3, 6].map((at) => [...even(3, 0.3, at), ['looong', at + 0.9, at + 2.9] as const]),
    ['batching.time-span'],
  ],
};

for (const [name, [batches, ids]] of Object.entries(broken))
  test(`found: ${name}`, () => {
    expect(judgeBody(streamBody(batches)).broken).toEqual(ids);
  });

test('eleven words on replay only are found there', () => {
  const words = even(11, 0.05);
  const recording = buildRecording([
    buildSubscription('first', streamBody([words.slice(0, 10), words.slice(10)])),
    buildSubscription('late', streamBody([words])),
  ]);
  const judged = judge(recording);
  expect(judged.broken).toEqual(['batching.word-cap']);
  expect(judged.of('batching.word-cap').violations).toEqual([
    expect.objectContaining({ exchange: 'late', event: 0, actual: '11 word events' }),
  ]);
});

test('batches that are all out of order name what broke them', () => {
  const judged = judgeBody(streamBody([even(5, 0.1).toReversed()]));
  expect(judged.broken).toEqual(['ordering.in-batch']);
  expect(judged.unverified).toMatchObject({
    'batching.time-cap': 'ordering.in-batch',
    'batching.time-span': 'ordering.in-batch',
  });
});

test('batches of one word each leave their span open, and nothing to mend', () => {
  const { unverified } = judgeBody(streamBody(even(5, 0.3).map((word) => [word]))).of('batching.time-span');
  expect(unverified?.reason).toBe('Each batch holds one word.');
  expect(unverified?.remedy).not.toContain('WORDS_SESSION');
});

test('the tolerance is the run’s', () => {
  const body = streamBody([
    [
      ['a', 0, 0.2],
      ['b', 1.05, 1.2],
    ],
  ]);
  const { settings } = buildRecording();
  for (const [timeCapToleranceSeconds, ids] of [
    [0, ['batching.time-cap']],
    [0.05, []],
  ] as const) {
    const recording = buildRecording([buildSubscription('first', body)], {
      settings: { ...settings, timeCapToleranceSeconds },
    });
    expect(judge(recording).broken).toEqual(ids);
  }
});

test('exactly one second never breaks a tolerance of none, whatever the fractions', () => {
  const { settings } = buildRecording();
  for (let tenths = 0; tenths < 36_000; tenths += 37) {
    const from = tenths / 10;
    const body = streamBody([
      [
        ['a', from, from + 0.1],
        ['b', from + 1, from + 1.1],
      ],
    ]);
    const recording = buildRecording([buildSubscription('first', body)], {
      settings: { ...settings, timeCapToleranceSeconds: 0 },
    });
    expect(judge(recording).broken, String(from)).toEqual([]);
  }
});

test('how large the largest batch was is noted', () => {
  const judged = judgeBody(streamBody([even(3, 0.3), even(2, 0.75, 2)]));
  expect(judged.of('batching.word-cap').notes).toEqual(['The largest batch holds 3 word events.']);
  expect(judged.of('batching.time-cap').notes).toEqual([
    'The words of the widest batch start within 0.75 s of each other.',
  ]);
});

test('figures stand in the message', () => {
  const [violation] = judgeBody(streamBody([[...even(3, 0.3), ['late', 4, 4.3]]])).of('batching.time-cap').violations;
  expect(violation?.message).toContain('4 s apart');
  expect(violation).toMatchObject({ exchange: 'first', event: 0, byteOffset: 0 });
});

test('a batch that was too long to be read to its end is found all the same', () => {
  const body = streamBody([Array.from({ length: 500 }, (_, index) => [`w${index}`, 0.1, 0.2] as const)]).slice(0, 9000);
  const stopped = (bound: 'bytes' | 'seconds') =>
    judge(buildRecording([buildSubscription('first', body, { ending: { kind: 'stopped', at: 1, bound } })]));
  expect(stopped('bytes').broken).toContain('batching.word-cap');
  expect(stopped('bytes').of('batching.word-cap').violations[0]?.actual).toMatch(/^more than \d{3} word events$/);
  expect(stopped('seconds').broken).toEqual([]);
});

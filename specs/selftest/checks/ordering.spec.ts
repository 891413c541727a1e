import { expect, test } from '@playwright/test';
import { judge, judgeBody } from '../support/judging.ts';
import { buildRecording, buildSubscription, END_FRAME, type SpokenWord, streamBody } from '../support/recordings.ts';
import { inBatches, retimed, speak } from '../support/speech.ts';

const WORDS = speak();
const BATCHES = inBatches(WORDS);
const batch = (index: number): SpokenWord[] => BATCHES[index] ?? [];
const found = (batches: readonly (readonly SpokenWord[])[]) => judgeBody(streamBody(batches)).broken;
const restarted = (words: readonly SpokenWord[]) => retimed(words, (seconds) => seconds - (words[0]?.[1] ?? 0));
const withWord = (index: number, change: (word: SpokenWord) => SpokenWord) =>
  inBatches(WORDS.map((word, at) => (at === index ? change(word) : word)));

const moved = ([word, start, end]: SpokenWord = ['', 0, 0], by: number): SpokenWord => [word, start, end + by];
/** Cut after each mark. */
function sentences(words: readonly SpokenWord[]): SpokenWord[][] {
  const cut: SpokenWord[][] = [[]];
  for (const word of words) {
    cut.at(-1)?.push(word);
    if (/\p{P}/u.test(word[0])) cut.push([]);
  }
  return cut.filter(({ length }) => length > 0);
}

const byStart = (words: readonly SpokenWord[]): SpokenWord[][] =>
  inBatches(words).flatMap((cut) => {
    const starts = [...new Set(cut.map(([, start]) => start))];
    return starts.map((start) => cut.filter((word) => word[1] === start));
  });

const conforming: Record<string, readonly (readonly SpokenWord[])[]> = {
  'a voice': BATCHES,
  'equal starts': [
    [
      ['a', 0, 0.3],
      ['b', 0, 0.3],
      ['c', 0.3, 0.5],
    ],
    [['d', 0.3, 0.6]],
  ],
  'overlapping words': [
    [
      ['a', 0, 0.5],
      ['b', 0.3, 0.7],
    ],
    [['c', 0.6, 0.7]],
  ],
  'a batch that begins while the last word lasts': [[['a', 0, 1.4]], [['b', 1, 1.5]]],
  'binary fractions around equal starts': [[['a', 0.1 + 0.2, 0.4]], [['b', 0.3, 0.4]]],
  'a rounded end that is a hair early': [
    [
      ['a', 0.30000000000000004, 0.3],
      ['b', 0.3, 0.6],
    ],
  ],
  'a first word at 0 and at minus 0': [[['a', -0, 0.3]]],
  'a first word after a long silence': [retimed(batch(0), (seconds) => seconds + 1800)],
  'an hour of speech': inBatches(retimed(speak(), (seconds) => seconds + 3590)),
  'one word of three seconds': [[['hallelujah', 0, 3]]],
  'slow speech': speak().map(([word, start, end]) => [[word, start * 5, end * 5]]),
  'spelled letters': inBatches(speak('a b c d e f g h i j'.split(' ')), 1).map((words) => retimed(words, (s) => s * 3)),
  'whole clauses as tokens': [
    [['今天天气很好我们去公园', 0, 4]],
    [['那里有很多花', 4, 8]],
    [['我们很高兴', 8, 12]],
    [['明天再来', 12, 16]],
    [['好不好', 16, 19]],
  ],
  'fast speech': inBatches(retimed(WORDS, (seconds) => seconds / 4)),
  'one odd word': [...BATCHES.slice(0, 3), [['hmmm', batch(3)[0]?.[1] ?? 0, 900]]],
  'a few words at one instant': [
    ...BATCHES.slice(0, 2),
    [['the', 2.9, 2.9] as const, ['cat', 2.9, 2.9] as const, ['sat', 2.9, 2.9] as const],
    ...BATCHES.slice(4),
  ],
  'the same words again at zero length, at one time': [
    [...batch(0), ['the', 1.1, 1.1], ['cat', 1.1, 1.1], ['the', 1.1, 1.1], ['hat', 1.1, 1.1]],
    ...BATCHES.slice(4),
  ],
  'words and marks said twice, each at one time': [
    [['谢', 0, 0.2] as const, ['谢', 0, 0.2] as const, ['!', 0.2, 0.25] as const, ['!', 0.2, 0.25] as const],
    [['bon', 0.5, 0.9] as const, ['bon', 0.5, 0.9] as const, ['妈', 1, 1.2] as const, ['妈', 1, 1.2] as const],
    ...BATCHES.slice(4),
  ],
  'parts of words that share the bounds of the word': byStart(
    speak('epä järjestelmä llisyyde llään hän on koti utu nut mailla mme jo pitkään'.split(' ')).map(
      ([word], index) => [word, Math.floor(index / 3.3), Math.floor(index / 3.3) + 0.9] as const,
    ),
  ),
  'three periods as three events': [
    [
      ['well', 0, 0.3],
      ['.', 0.3, 0.3],
      ['.', 0.3, 0.3],
      ['.', 0.3, 0.3],
    ],
  ],
  'the same word again in the same whole second': [
    [
      ['no', 1, 2],
      [',', 1, 2],
      ['no', 1, 2],
      ['no', 1, 2],
    ],
  ],
  'the same word again at the same time, with another between': [
    [
      ['fifty', 0.5, 1],
      ['-', 0.5, 1],
      ['fifty', 0.5, 1],
      ['now', 1, 1.3],
    ],
  ],
  'the same word again later': [
    [
      ['no', 0, 0.2],
      ['no', 0.3, 0.5],
    ],
    [['no', 0.6, 0.8]],
  ],
  'different words that share a time': [
    [
      ['fifty', 0, 0.5],
      ['-', 0, 0.5],
      ['one', 0, 0.5],
    ],
  ],
  'no word': [],
};

for (const [name, batches] of Object.entries(conforming))
  test(`conforms: ${name}`, () => {
    const ignored = new Set(['batching.time-span', 'ordering.ends']);
    expect(found(batches).filter((id) => name !== 'one odd word' || !ignored.has(id))).toEqual([]);
  });

const broken: Record<string, readonly [batches: readonly (readonly SpokenWord[])[], ids: readonly string[]]> = {
  'two words swapped in a batch': [
    [[batch(0)[1], batch(0)[0], ...batch(0).slice(2)] as SpokenWord[], ...BATCHES.slice(1)],
    ['ordering.in-batch'],
  ],
  'a batch in reverse': [[batch(0), batch(1).toReversed(), ...BATCHES.slice(2)], ['ordering.in-batch']],
  'two batches swapped': [[batch(0), batch(2), batch(1), ...BATCHES.slice(3)], ['ordering.across-batches']],
  'times relative to the batch': [BATCHES.map(restarted), ['ordering.across-batches']],
  'times relative to the batch, words repeated': [
    [0, 1, 2, 3]
      .map(() => speak(['the', 'end', '.'], 0))
      .map((words, index) =>
        words.map(([word, start, end]) => [index % 2 ? `${word}` : word, start, end + index / 12] as const),
      ),
    ['ordering.across-batches'],
  ],
  'times relative to the utterance': [
    [...BATCHES.slice(0, 4), ...inBatches(restarted(BATCHES.slice(4).flat()))],
    ['ordering.across-batches'],
  ],
  'times relative to the utterance, which begins alike': [
    [
      ...inBatches(speak('hello there my dear old friend'.split(' '))),
      ...inBatches(speak('hello and goodbye to all of you'.split(' '))),
    ],
    ['ordering.across-batches'],
  ],
  'an end before its start': [withWord(8, ([word, start, end]) => [word, end, start]), ['ordering.bounds']],
  'negative times': [inBatches(retimed(WORDS, (seconds) => seconds - 0.7)), ['ordering.origin']],
  'the epoch in seconds': [inBatches(retimed(WORDS, (seconds) => seconds + 1.7e9)), ['ordering.origin']],
  'the epoch in milliseconds, words in seconds': [
    inBatches(retimed(WORDS, (seconds) => seconds + 1.7e12)),
    ['ordering.origin'],
  ],
  'a word delivered twice, its end moved': [
    [[...batch(0).slice(0, 2), moved(batch(0)[1], 0.04)], ...BATCHES.slice(1)],
    ['ordering.no-duplicates'],
  ],
  'a batch delivered twice, its ends moved': [
    [batch(0), batch(1), batch(1).map((word) => moved(word, 0.03)), ...BATCHES.slice(2)],
    ['ordering.no-duplicates'],
  ],
  'every word three times': [inBatches(WORDS.flatMap((word) => [word, word, word])), ['ordering.no-duplicates']],
  'every second word twice': [
    inBatches(WORDS.flatMap((word, index) => (index % 2 ? [word, word] : [word]))),
    ['ordering.no-duplicates'],
  ],
  'one instant for all': [inBatches(WORDS.map(([word]) => [word, 0, 0] as const)), ['ordering.own-times']],
  'one instant after some seconds': [
    [...BATCHES.slice(0, 3), ...inBatches(WORDS.slice(9).map(([word]) => [word, 9, 9] as const))],
    ['ordering.own-times'],
  ],
  'bounds of the sentence': [
    sentences(WORDS).map((words) => words.map(([word]) => [word, words[0]?.[1] ?? 0, words.at(-1)?.[2] ?? 0] as const)),
    ['ordering.own-times'],
  ],
  'no word that lasts': [
    inBatches(WORDS.map(([word, start]) => [word, start, start] as const)),
    ['ordering.own-times'],
  ],
  'a batch delivered twice': [[batch(0), batch(1), batch(1), ...BATCHES.slice(2)], ['ordering.no-duplicates']],
  'the last batch delivered twice': [[...BATCHES, BATCHES.at(-1) ?? []], ['ordering.no-duplicates']],
  'a seam that repeats three batches': [[...BATCHES.slice(0, 5), ...BATCHES.slice(2)], ['ordering.no-duplicates']],
  'a seam that repeats words, in other batches': [
    [...BATCHES.slice(0, 3), ...inBatches(WORDS.slice(5))],
    ['ordering.no-duplicates'],
  ],
  'everything twice': [[...BATCHES, ...BATCHES], ['ordering.no-duplicates']],
  'a long word that ends after the next': [
    withWord(8, ([word, start, end]) => [word, start, end + 0.5]),
    ['ordering.ends'],
  ],
};

for (const [name, [batches, ids]] of Object.entries(broken))
  test(`found: ${name}`, () => {
    expect(found(batches)).toEqual(ids);
  });

for (const [unit, factor, rounding] of [
  ['milliseconds', 1000, Math.round],
  ['milliseconds with fractions', 1000, Number],
  ['microseconds', 1e6, Math.round],
  ['nanoseconds', 1e9, Math.round],
  ['samples at 8 kHz', 8000, Math.round],
  ['samples at 16 kHz', 16_000, Math.round],
  ['samples at 24 kHz', 24_000, Math.round],
  ['samples at 44.1 kHz', 44_100, Math.round],
  ['samples at 48 kHz', 48_000, Math.round],
  ['ticks of 100 ns', 1e7, Math.round],
  ['hundredths of a second', 100, Math.round],
  ['video frames', 30, Number],
  ['minutes', 1 / 60, Number],
  ['hours', 1 / 3600, Number],
] as const) {
  const timed = (words: readonly SpokenWord[]) => retimed(words, (seconds) => rounding(seconds * factor));

  test(`found: ${unit}`, () => {
    const judged = judgeBody(streamBody(BATCHES.map(timed)));
    expect(judged.broken).toEqual(['ordering.seconds']);
    expect(judged.unverified).toMatchObject({
      'batching.time-cap': 'ordering.seconds',
      'batching.time-span': 'ordering.seconds',
    });
    const [violation] = judged.of('ordering.seconds').violations;
    expect(violation?.message).toMatch(/\d/);
  });

  test(`found: ${unit} at the end of an hour`, () => {
    const late = retimed(WORDS, (seconds) => seconds + 3590);
    expect(found(inBatches(late).map(timed))).toEqual(['ordering.seconds']);
  });
}

test('words that last until the next one starts are no video frames, however long the pauses', () => {
  const words = WORDS.map(([word], index) => [word, index * 7.31, (index + 1) * 7.31] as const);
  expect(found(inBatches(words))).toEqual([]);
  const frames = WORDS.map(([word], index) => [word, index * 9, (index + 1) * 9] as const);
  expect(found(inBatches(frames))).toEqual(['ordering.seconds']);
});

test('found: milliseconds, in five words', () => {
  const words = retimed(speak(['this', 'is', 'a', 'short', 'one', '.']), (seconds) => seconds * 1000);
  expect(found([words])).toEqual(['ordering.seconds']);
});

test('found: the epoch in milliseconds, words too: two causes', () => {
  const words = inBatches(WORDS).map((batch) => retimed(batch, (seconds) => (seconds + 1.7e9) * 1000));
  expect(found(words)).toEqual(['ordering.origin', 'ordering.seconds']);
});

for (const [which, units, change, said] of [
  ['all times', 'milliseconds', ([word, start, end]) => [word, start * 1000, end * 1000], 'The times of'],
  ['the ends alone', 'milliseconds', ([word, start, end]) => [word, start, end * 1000], 'The ends of'],
  ['the ends alone', 'samples', ([word, start, end]) => [word, start, end * 16_000], 'The ends of'],
] as const satisfies readonly (readonly [string, string, (word: SpokenWord) => SpokenWord, string])[])
  test(`${which} are named as what they look like, with figures: ${units}`, () => {
    const judged = judgeBody(streamBody(BATCHES.map((words) => words.map(change))));
    const [violation] = judged.of('ordering.seconds').violations;
    expect(violation?.message).toContain(`${said} subscriber "first" are not seconds`);
    expect(violation?.message.includes('and the starts are')).toBe(said === 'The ends of');
    expect(violation?.message).toMatch(new RegExp(`lasts [\\d.]+ seconds, as if the \\w+ were ${units}\\.$`));
  });

test('parts of a word that share its times are no duplicates where the script has them all', () => {
  const batches = [
    speak(['he', 'said']),
    [['ha', 3, 3.4] as const, ['ha', 3, 3.4] as const],
    [['.', 3.4, 3.4] as const],
  ];
  expect(judgeBody(streamBody(batches), 'He said haha.').broken).toEqual([]);
  expect(judgeBody(streamBody(batches), 'He said ha.').broken).toContain('ordering.no-duplicates');
  const unknown = judgeBody(streamBody(batches));
  expect(unknown.broken).not.toContain('ordering.no-duplicates');
  expect(unknown.of('ordering.no-duplicates').notes?.join()).toContain('"ha"');
});

test('parts of a word that share its times are no duplicates in a stream that was cut, either', () => {
  const batches = [speak(['he', 'said']), [['ha', 3, 3.4] as const, ['ha', 3, 3.4] as const]];
  const cut = buildSubscription('first', streamBody(batches).replace(END_FRAME, ''), {
    ending: { kind: 'stopped', at: 4, bound: 'probe' },
  });
  const streams = (script: string) =>
    [{ streamId: 'stream-1', origin: 'create', state: 'live', statuses: [], script }] as const;
  const found = (script: string) => judge(buildRecording([cut], { streams: streams(script) })).broken;
  expect(found('He said haha, and then he went.')).toEqual([]);
  expect(found('He said ha, and then he went.')).toEqual(['ordering.no-duplicates']);
});

test('a word that the script has once is a duplicate, at the same time too', () => {
  const batches = [[...batch(0).slice(0, 2), ...batch(0).slice(1)], ...BATCHES.slice(1)];
  const script = WORDS.map(([word]) => word).join(' ');
  expect(judgeBody(streamBody(batches), script).broken).toEqual(['ordering.no-duplicates']);
  expect(judgeBody(streamBody(batches)).broken).toEqual([]);
});

for (const [name, script] of [
  ['stand in two words side by side', 'Then we went home, and so on.'],
  ['stand in a row elsewhere', 'Well, we went, and then we we said: so on.'],
] as const)
  test(`a word too many is found where its letters ${name}`, () => {
    const spoken = speak([...(script.match(/\p{L}+|[^\p{L}\s]/gu) ?? [])]);
    const at = spoken.findIndex(([word]) => word === 'we');
    const doubled = [...spoken.slice(0, at + 1), ...spoken.slice(at)];
    expect(judgeBody(streamBody(inBatches(spoken)), script).broken).toEqual([]);
    expect(judgeBody(streamBody(inBatches(doubled)), script).broken).toContain('ordering.no-duplicates');
  });

test('a word that comes again with its end moved by hundredths is a duplicate', () => {
  const [first = ['', 0, 0]] = batch(1);
  const again = [first[0], first[1], first[2] + 0.08] as const;
  const batches = [batch(0), [first, again, ...batch(1).slice(1)], ...BATCHES.slice(2)];
  expect(judgeBody(streamBody(batches)).broken).toContain('ordering.no-duplicates');
});

test('sentences of two words, several to a batch, prove nothing without a script', () => {
  const sentences = Array.from({ length: 12 }, (_, at) => [
    ['Hello', at / 2, at / 2 + 0.4] as const,
    [`there${at}`, at / 2, at / 2 + 0.4] as const,
  ]);
  const batches = sentences.flatMap((one, at) => (at % 2 === 0 ? [[...one, ...(sentences[at + 1] ?? [])]] : []));
  expect(judgeBody(streamBody(batches)).of('ordering.own-times')).toMatchObject({
    observations: 0,
    unverified: { reason: expect.stringContaining('no script tells') },
  });
});

test('sentences of two words are found by their script', () => {
  const batches = [0, 1, 2, 3].map((at) => [['Hello', at, at + 0.8] as const, [`there${at}`, at, at + 0.8] as const]);
  const judged = judgeBody(streamBody(batches), 'Hello there0. Hello there1. Hello there2. Hello there3.');
  expect(judged.broken).toContain('ordering.own-times');
  expect(judgeBody(streamBody(batches)).of('ordering.own-times').unverified?.remedy).toContain('WORDS_SCRIPT');
});

test('times of whole seconds, which words share for want of digits, are noted', () => {
  const whole = WORDS.map(([word, start, end]) => [word, Math.floor(start), Math.ceil(end)] as const);
  const judged = judgeBody(streamBody(inBatches(whole)));
  expect(judged.broken).toEqual(['batching.time-span']);
  expect(judged.of('ordering.own-times').notes?.join()).toContain('whole seconds');
  expect(judgeBody(streamBody(BATCHES)).of('ordering.own-times').notes ?? []).toEqual([]);
});

test('parts of words, and numbers spoken as words, may share their bounds', () => {
  const words = 'un believ able|,|sev en ty two|po ta toes|and|eigh ty one|to ma toes|.'.split('|');
  const batches = words.map((word, at) => word.split(' ').map((part) => [part, at, at + 0.9] as const));
  const judged = judgeBody(streamBody(batches), 'Unbelievable, 72 potatoes and 81 tomatoes.');
  expect(judged.broken).not.toContain('ordering.own-times');
});

test('numbers that the script writes in digits may share the bounds of the whole, though they are most of it', () => {
  const text = 'In [nineteen eighteen] , [nineteen forty five] and [nineteen eighty nine] .';
  const judged = judgeBody(streamBody(sharing(text)), 'In 1918, 1945 and 1989.').of('ordering.own-times');
  expect(judged).toMatchObject({ observations: 10, violations: [] });
});

test('a number is no word of the script because its letters stand in one', () => {
  const text =
    'Is anyone of great height often alone ? Call [one eight hundred] [one one eight] [one ten one eight] now .';
  const script = 'Is anyone of great height often alone? Call 1-800-118-1018 now.';
  expect(judgeBody(streamBody(sharing(text)), script).broken).not.toContain('ordering.own-times');
});

test('a script that says a sentence twice explains no times that go back', () => {
  const sentence = [['Hi', 0, 0.3] as const, ['there', 0.3, 0.6] as const, ['.', 0.6, 0.65] as const];
  const judged = judgeBody(streamBody([sentence, sentence]), 'Hi there. Hi there.');
  expect(judged.broken).toEqual(['ordering.no-duplicates']);
});

const withoutLengths = (factor: number) =>
  BATCHES.map((words) => words.map(([word, start]) => [word, start * factor, start * factor] as const));

test('words without any length are judged by the time between them', () => {
  expect(judgeBody(streamBody(withoutLengths(1))).of('ordering.seconds')).toMatchObject({ violationCount: 0 });
  expect(judgeBody(streamBody(withoutLengths(1))).of('ordering.seconds').observations).toBeGreaterThan(7);
  for (const [factor, unit] of [
    [1000, 'milliseconds'],
    [1e6, 'microseconds'],
    [1 / 3600, 'hours'],
  ] as const) {
    const judged = judgeBody(streamBody(withoutLengths(factor)));
    expect(judged.broken).toContain('ordering.seconds');
    expect(judged.of('ordering.seconds').violations[0]?.message).toContain(unit);
  }
});

for (const [name, step, reason] of [
  ['all stand at one time', 0, 'share their bounds'],
  ['may be video frames, or stand between silences', 7.5, 'no length'],
  ['may be hundredths of a second', 30, 'no length'],
] as const)
  test(`words without length that ${name} tell nothing of the unit`, () => {
    const words = WORDS.map(([word], index) => [[word, index * step, index * step] as const]);
    const judgement = judgeBody(streamBody(words)).of('ordering.seconds');
    expect(judgement).toMatchObject({ violationCount: 0, observations: 0 });
    expect(judgement.unverified?.reason).toContain(reason);
  });

test('too few words to tell the unit: not verified, with a remedy', () => {
  const judged = judgeBody(streamBody([speak(['Hi', '.'])]));
  expect(judged.of('ordering.seconds').unverified?.remedy).toContain('WORDS_SCRIPT');
});

test('each step back is found once', () => {
  const judged = judgeBody(streamBody([...BATCHES.slice(0, 4), ...inBatches(restarted(BATCHES.slice(4).flat()))]));
  expect(judged.of('ordering.across-batches').violationCount).toBe(1);
});

test('a step back that a repeated batch explains is mentioned, not counted', () => {
  const judged = judgeBody(streamBody([batch(0), batch(1), batch(1), ...BATCHES.slice(2)]));
  expect(judged.of('ordering.across-batches').violationCount).toBe(0);
  expect(judged.of('ordering.across-batches').notes?.join()).toContain('ordering.no-duplicates');
  expect(judged.of('ordering.no-duplicates').violationCount).toBe(batch(1).length);
});

test('a duplicate names both places', () => {
  const [violation] = judgeBody(streamBody([batch(0), batch(1), batch(1), ...BATCHES.slice(2)])).of(
    'ordering.no-duplicates',
  ).violations;
  expect(violation?.message).toContain('event 1 and again in event 2');
  expect(violation).toMatchObject({ exchange: 'first', event: 2, word: batch(0).length + batch(1).length });
});

test('a rule broken only for a late subscriber is found there', () => {
  const recording = buildRecording([
    buildSubscription('first', streamBody(BATCHES)),
    buildSubscription('late', streamBody([batch(0), batch(2), batch(1), ...BATCHES.slice(3)])),
  ]);
  const judged = judge(recording);
  expect(judged.broken).toEqual(['ordering.across-batches']);
  expect(judged.of('ordering.across-batches').violations[0]?.exchange).toBe('late');
});

test('a single batch leaves what lies between batches unverified', () => {
  expect(judgeBody(streamBody([batch(0)])).of('ordering.across-batches').unverified).toBeDefined();
});

test('a hundred thousand words at one time are judged at once', () => {
  const words = Array.from({ length: 100_000 }, (_, index) => [index % 9 ? `w${index % 1000}` : ',', 1, 1] as const);
  expect(found(inBatches(words))).toEqual(['ordering.own-times']);
});

/** `[a b]` share one time. */
function sharing(text: string): readonly (readonly SpokenWord[])[] {
  const groups = text.match(/\[[^\]]*\]|\S+/g) ?? [];
  return groups.map((group, index) =>
    group
      .replace(/^\[|\]$/g, '')
      .split(' ')
      .map((token) => [token, index * 0.4, index * 0.4 + 0.3] as const),
  );
}

for (const [script, text] of [
  ['He said "Yes" "No" 5 times.', 'He said " Yes [" "] No " five times .'],
  ['They call it "Baba", "Dada" 5 times.', 'They call it " Baba [" , "] Dada " five times .'],
  ['Baden-Baden has 5 fine old baths.', '[Baden - Baden] has five fine old baths .'],
  ['It is fifty-fifty, so 50 percent is it.', 'It is [fifty fifty] , so fifty percent is it .'],
  ['I bought 100 AA batteries for it.', 'I bought a hundred [A A] batteries for it .'],
  ['I like bonbon and bonbon but a bon mot, 5 of it.', 'I like bonbon and [bon bon] but a bon mot , five of it .'],
  ['Two people paid 2.2 million for it.', 'Two people paid [two point two] million for it .'],
  ['Twenty people came at 22:22 and left.', 'Twenty people came at [twenty two twenty two] and left .'],
  ['あの人と人々は5時に来た。', 'あの 人 と [人 人] は 五 時 に 来 た 。'],
  ['A so-so kg. A so kilo.', 'A [so so] kilo . A so kilo .'],
  ['From Baden-Baden 5 miles. From Baden five miles.', 'From [Baden - Baden] five miles . From Baden five miles .'],
  ['เด็กๆ ชอบเล่นกัน แต่เด็กชอบเล่นกันทุกวัน', '[เด็ก เด็ก] ชอบ เล่น กัน แต่ เด็ก ชอบ เล่น กัน ทุก วัน'],
  [undefined, '[妈 妈] [爸 爸] [哥 哥] [姐 姐] 都 来 了 。'],
  [undefined, '你 [看 看] 我 [想 想] 他 [试 试] 再 [说 说] 。'],
] as const)
  test(`no duplicate, the script ${script === undefined ? 'unknown' : `"${script}"`}: ${text}`, () => {
    expect(judgeBody(streamBody(sharing(text)), script).broken).not.toContain('ordering.no-duplicates');
  });

for (const [script, text] of [
  ['I like my bread very dark, at 5.', 'I like my bread [very very] dark , at five .'],
  ['Bye bye and then a good night, at 5.', 'Bye [bye bye] and then a good night , at five .'],
  ['Well then we went home, at 5.', 'Well then [we we] went home , at five .'],
  ['Stop! It is 5 now.', 'Stop [! !] It is five now .'],
  ['I am not so old as you, at 5.', '[I I] [am am] not so old as you , at five .'],
  ['我今天很好，5天。', '[我 我] 今 [天 天] 很 好 ， 五 天 。'],
  ['Sing so so well now, at 5.', 'Sing [so so so] well now , at five .'],
  ['Oh la la la la la oh, at 5.', 'Oh la la la la [la la] oh , at five .'],
  [undefined, 'Go home old men now and sing with us'.replaceAll(/\w+/g, '[$& $&]')],
] as const)
  test(`a duplicate, the script ${script === undefined ? 'unknown' : `"${script}"`}: ${text}`, () => {
    expect(judgeBody(streamBody(sharing(text)), script).broken).toContain('ordering.no-duplicates');
  });

test('words that overlap, and that the script has twice, are no duplicates', () => {
  const words = [
    ['Well', 0.1, 0.4],
    ['no', 0.5, 0.7],
    ['no', 0.54, 0.79],
    ['said', 0.8, 1.1],
    ['two', 1.2, 1.5],
  ] as const;
  for (const [script, isBroken] of [
    ['Well no no said 2', false],
    ['Well no said 2', true],
  ] as const)
    expect(judgeBody(streamBody([words]), script).broken.includes('ordering.no-duplicates')).toBe(isBroken);
});

import { expect, test } from '@playwright/test';
import type { Exchange } from '../../../helpers/recording/recording.ts';
import type { SpokenWord } from '../support/recordings.ts';
import { batched, delivered } from '../support/reports.ts';
import {
  answered,
  BATCHED,
  blocked,
  broken,
  changed,
  conformingRun,
  resultOf,
  runOf,
  saying,
  WORDS,
} from '../support/runs.ts';

type Batches = readonly (readonly SpokenWord[])[];
const without = (batch: number): Batches => BATCHED.filter((_, index) => index !== batch);
const ROUNDED: Batches = batched(
  WORDS.map(([word, start, end]) => [word, Math.round(start * 10) / 10, Math.round(end * 10) / 10]),
);
const REBATCHED = batched(WORDS, 4);
const evenWords = batched(WORDS.filter((_, index) => index % 2 === 0));
const oddWords = batched(WORDS.filter((_, index) => index % 2 === 1));

const BREACHES: readonly (readonly [
  name: string,
  change: readonly (readonly [id: string, batches: Batches])[],
  broken: readonly string[],
])[] = [
  ['a late subscriber gets no history', [['late', BATCHED.slice(4)]], ['replay.from-start: fail']],
  ['a late subscriber lacks the first batch', [['late', without(0)]], ['replay.from-start: fail']],
  ['a late subscriber gets nothing but the end', [['late', []]], ['replay.from-start: fail']],
  ['a batch is lost at the seam', [['late', without(4)]], ['replay.no-gap: fail']],
  ['the last batch is lost for late subscribers', [['late', BATCHED.slice(0, -1)]], ['replay.no-gap: fail']],
  ['history is rounded', [['late', ROUNDED]], ['replay.no-gap: fail']],
  ['no history and a gap', [['late', without(6).slice(3)]], ['replay.from-start: fail', 'replay.no-gap: fail']],
  [
    'late and reconnected lose the same batch',
    [
      ['late', without(4)],
      ['reconnected', without(4)],
    ],
    ['replay.no-gap: fail', 'replay.reconnect: fail'],
  ],
  ['a concurrent subscriber loses a batch', [['concurrent', without(5)]], ['replay.concurrent: fail']],
  ['the first subscriber loses a batch', [['first', without(5)]], ['replay.concurrent: fail']],
  ['a reconnected subscriber gets no history', [['reconnected', BATCHED.slice(4)]], ['replay.reconnect: fail']],
];

function differing(change: readonly (readonly [id: string, batches: Batches])[]): Exchange[] {
  return change.reduce((exchanges, [id, batches]) => changed(id, saying(batches), exchanges), conformingRun());
}

for (const [name, change, expected] of BREACHES)
  test(`breaks replay: ${name}`, () => {
    expect(broken(runOf(differing(change)))).toEqual(expected);
  });

test('a batch doubled at the seam breaks replay.no-gap and ordering.no-duplicates', () => {
  const doubled = [...BATCHED.slice(0, 5), ...BATCHED.slice(4)];
  const ids = broken(runOf(differing([['late', doubled]])));
  expect(ids).toContain('replay.no-gap: fail');
  expect(ids).toContain('ordering.no-duplicates: fail');
});

test('competing consumers break replay.concurrent, whatever the first of them got', () => {
  const shared = differing([
    ['first', evenWords],
    ['concurrent', oddWords],
  ]);
  const ids = broken(runOf(shared));
  expect(ids).toEqual(['replay.concurrent: fail']);
  expect(resultOf(runOf(shared), 'replay.concurrent').violationCount).toBe(2);
});

test('where no two subscribers agree, the longest stands for the session, and the snapshot is not measured by it', () => {
  const shared = conformingRun().filter(({ id }) => !['late', 'reconnected', 'dropped'].includes(id));
  const recording = runOf(changed('first', saying(evenWords), changed('concurrent', saying(oddWords), shared)));
  expect(broken(recording)).toEqual(['replay.concurrent: fail']);
  expect(blocked(recording)).toContain('snapshot.equals-live because replay.concurrent');
});

for (const id of ['late', 'reconnected', 'concurrent'])
  test(`other batches on ${id} conform`, () => {
    expect(broken(runOf(changed(id, saying(REBATCHED))))).toEqual([]);
  });

test('what a client cannot see of a late stream breaks framing alone', () => {
  const change = (exchange: Exchange): Exchange => ({
    ...exchange,
    chunks: exchange.chunks.map((chunk, index) =>
      index === 2
        ? { ...chunk, bytes: Buffer.from(Buffer.from(chunk.bytes).toString().replace('data:', 'Data:')) }
        : chunk,
    ),
  });
  const recording = runOf(changed('late', change));
  expect(broken(recording)).toEqual(['framing.fields: fail']);
  expect(blocked(recording)).toContain('replay.no-gap because framing.fields');
});

test('a subscriber that joined too early or too late proves nothing', () => {
  const early = runOf(changed('late', () => delivered('late', BATCHED, { startedAt: 0.3 })));
  expect(resultOf(early, 'replay.no-gap')).toMatchObject({
    outcome: 'inconclusive',
    reason: 'Subscriber "late" joined after 0 batches only.',
  });
  const after = runOf(changed('late', () => delivered('late', BATCHED, { startedAt: 40, burst: true })));
  expect(resultOf(after, 'replay.from-start')).toMatchObject({
    outcome: 'inconclusive',
    reason: 'The session was over when subscriber "late" was opened.',
  });
});

test('a subscriber that a limit kept out until the session was over says so', () => {
  const refused = (id: string, at: number, conforming: Exchange): Exchange => ({
    ...answered(429)(conforming),
    id: `${id}/waited-out-1`,
    supersededBy: id,
    startedAt: at,
  });
  const exchanges = conformingRun();
  const [late, dropped] = ['late', 'dropped'].map((id) => exchanges.find((one) => one.id === id));
  if (!late || !dropped) throw new Error('no late or no dropped subscriber');
  const keptOut = runOf([
    ...exchanges.filter(({ id }) => id !== 'late' && id !== 'dropped' && id !== 'reconnected'),
    refused('late', 2, late),
    delivered('late', BATCHED, { startedAt: 40, burst: true }),
    refused('dropped', 1, dropped),
    answered(429)(dropped),
  ]);
  expect(resultOf(keptOut, 'replay.no-gap')).toMatchObject({
    outcome: 'inconclusive',
    reason: 'Subscriber "late" was answered 429 1 time, and not let in before the session was over.',
    remedy:
      'Let this account open four streams of one session at the same time, unless its answers name another limit.',
  });
  expect(resultOf(keptOut, 'replay.reconnect').reason).toMatch(/^Subscriber "dropped" was answered 429 2 times/);
  const inTime = runOf([...exchanges, refused('dropped', 1, dropped)].filter(({ id }) => id !== 'reconnected'));
  expect(resultOf(inTime, 'replay.reconnect').reason).not.toMatch(/429/);
});

/** The conforming run, in which the late subscriber gets no more from its fourth chunk before the last on. */
function cutLate(stoppedAt: (lastChunkAt: number) => number) {
  return runOf(
    changed('late', (exchange) => {
      const chunks = exchange.chunks.slice(0, -4);
      return {
        ...exchange,
        chunks,
        ending: { kind: 'stopped', at: stoppedAt(chunks.at(-1)?.at ?? 0), bound: 'seconds' },
      };
    }),
  );
}

test('a late subscriber that we stopped leaves the rest unverified', () => {
  const stopped = cutLate((at) => at + 0.5);
  expect(resultOf(stopped, 'replay.from-start').outcome).toBe('pass');
  const { outcome, reason } = resultOf(stopped, 'replay.no-gap');
  expect(outcome).toBe('inconclusive');
  expect(reason).toMatch(/^Subscriber "late" was stopped by us/);
});

test('a late subscriber that is left without the rest of a session long over lacks it', () => {
  expect(broken(cutLate(() => 30))).toEqual(['ending.once: fail', 'replay.no-gap: fail']);
});

test('a refused late subscriber names the rule that refused it', () => {
  const recording = runOf(changed('late', answered(409)));
  expect(broken(recording)).toEqual(['http.status: fail']);
  expect(blocked(recording)).toEqual([
    'replay.from-start because http.status',
    'replay.no-gap because http.status',
    'replay.prompt because http.status',
  ]);
});

/** A session that says three batches, for everyone, with one subscriber that ends at five seconds. */
function brokenOff(ending: Exchange['ending'], script?: string) {
  const spoken = BATCHED.slice(0, 3);
  const exchanges = conformingRun()
    .filter(({ id }) => id !== 'late')
    .map((exchange): Exchange => {
      if (exchange.id === 'dropped') return { ...exchange, ending };
      return exchange.purpose.kind === 'subscription' ? saying(spoken)(exchange) : exchange;
    });
  const recording = runOf(exchanges, { earlier: [] });
  return script === undefined
    ? recording
    : { ...recording, streams: recording.streams.map((stream) => ({ ...stream, script })) };
}

test('only what was spoken of a script, not its markup, and only a connection that was dropped, tell that a session broke off', () => {
  const dropped = { kind: 'stopped', at: 5, bound: 'probe' } as const;
  expect(broken(brokenOff(dropped))).toContain('replay.reconnect: fail');
  const said = BATCHED.slice(0, 3)
    .flat()
    .map(([word]) => word)
    .join(' ');
  const marked = `<speak version="1.1" xml:lang="en-US"><prosody rate="slow" pitch="+2st" volume="loud">${said}</prosody><break time="700ms"/></speak>`;
  expect(broken(brokenOff(dropped, marked))).not.toContain('replay.reconnect: fail');
  const cued = `[softly, as if to a child that will not sleep] ${said} https://example.com/a/very/long/address?that=nobody&speaks=it`;
  expect(broken(brokenOff(dropped, cued))).not.toContain('replay.reconnect: fail');
  expect(broken(brokenOff({ kind: 'reset', at: 5, detail: 'ECONNRESET' }))).not.toContain('replay.reconnect: fail');
});

for (const [when, at] of [
  ['before it drops out', 5],
  ['with a batch on its way', (BATCHED[2]?.at(-1)?.[2] ?? 0) + 0.3],
  ['as it notices when it sends the second batch after that', (BATCHED[1]?.at(-1)?.[2] ?? 0) - 0.7],
] as const)
  test(`a session that stops speaking when a subscriber drops out, ${when}, breaks replay.reconnect`, () => {
    const spoken = BATCHED.slice(0, 3);
    const dropped = (exchange: Exchange): Exchange => ({
      ...exchange,
      ending: { kind: 'stopped', at, bound: 'probe' },
    });
    const exchanges = conformingRun()
      .filter(({ id }) => id !== 'late')
      .map((exchange) => {
        if (exchange.id === 'dropped') return dropped(exchange);
        if (exchange.purpose.kind !== 'subscription') return exchange;
        return exchange.id === 'reconnected'
          ? delivered('reconnected', spoken, { startedAt: at + 0.2 })
          : saying(spoken)(exchange);
      });
    const ids = broken(runOf(exchanges, { earlier: [] }));
    expect(ids).toContain('replay.reconnect: fail');
  });

test('history that doubles a batch for everyone who reads it is not taken for what the session said', () => {
  const doubled = [BATCHED[0] ?? [], ...BATCHED];
  const readers = ['late', 'reconnected', 'snapshot', 'snapshot-again', 'snapshot-bearer'];
  const recording = runOf(differing(readers.map((id) => [id, doubled])));
  const ids = broken(recording);
  expect(ids).toEqual(['ordering.no-duplicates: fail']);
  for (const id of ['replay.no-gap', 'replay.reconnect', 'snapshot.equals-live', 'snapshot.durable'])
    expect(blocked(recording)).toContain(`${id} because ordering.no-duplicates`);
});

for (const [stoppedAt, expected] of [
  [8.5, []],
  [60, ['replay.reconnect: fail']],
] as const)
  test(`silence after a dropped connection, heard until ${stoppedAt} s, breaks ${expected.join() || 'nothing'}`, () => {
    // Three batches, then the bound of the run: what had no time to come breaks no requirement.
    const spoken = BATCHED.slice(0, 3);
    const exchanges = conformingRun()
      .filter(({ id }) => id !== 'late')
      .map((exchange): Exchange => {
        if (exchange.id === 'dropped') return { ...exchange, ending: { kind: 'stopped', at: 5, bound: 'probe' } };
        if (exchange.purpose.kind !== 'subscription') return exchange;
        const { chunks, ...heard } = saying(spoken)(exchange);
        const ending = { kind: 'stopped', at: stoppedAt, bound: 'seconds' } as const;
        return { ...heard, chunks: chunks.slice(0, -1), ending };
      });
    const found = broken(runOf(exchanges, { earlier: [] }));
    expect(found.filter((line) => line.startsWith('replay.reconnect'))).toEqual(expected);
  });

test('a difference names both sides, the word, the event and the figures', () => {
  const [violation] = resultOf(runOf(differing([['late', without(4)]])), 'replay.no-gap').violations;
  const lost = BATCHED[4]?.length ?? 0;
  const index = BATCHED.slice(0, 4).flat().length;
  expect(violation).toMatchObject({ exchange: 'late', word: index, event: 4 });
  expect(violation?.message).toContain(`at word ${index}, event 4`);
  expect(violation?.message).toContain(`${lost} words missing (${WORDS.length - lost} here, ${WORDS.length} there)`);
  expect(violation?.evidence?.text).toContain('data: ');
});

const SOME = WORDS.length - 3;
const others = (count: number) =>
  WORDS.map((word, index) => (index < 1 || index > count ? word : (['x', word[1], word[2]] as const)));
for (const [name, words, figures] of [
  [
    'words are missing here and there',
    WORDS.filter((_, index) => ![1, 8, 20].includes(index)),
    `3 words missing (${SOME} here, ${WORDS.length} there), the first at word 1,`,
  ],
  ['words are others', others(3), `3 of ${WORDS.length} words differ, the first at word 1,`],
  ['one word is another', others(1), `1 of ${WORDS.length} words differs, the first at word 1,`],
  [
    'all words are later',
    WORDS.map(([word, start, end]): SpokenWord => [word, start + 0.5, end + 0.5]),
    `${WORDS.length} of ${WORDS.length} words differ, each 0.5 s later, the first at word 0,`,
  ],
  [
    'all words but one are later',
    WORDS.map(([word, start, end], index): SpokenWord => [index === 4 ? 'x' : word, start + 0.5, end + 0.5]),
    `${WORDS.length} of ${WORDS.length} words differ, the first at word 0,`,
  ],
  [
    'words are added',
    WORDS.flatMap((word, index): SpokenWord[] => (index % 9 === 8 ? [word, ['x', word[2], word[2]]] : [word])),
    'words too many (',
  ],
  [
    'words are missing, and one is another',
    others(1).toSpliced(5, 3),
    `4 words missing and 1 too many (${SOME} here, ${WORDS.length} there), the first`,
  ],
] as const)
  test(`a difference says first how many words it is about: ${name}`, () => {
    const [violation] = resultOf(runOf(differing([['late', batched(words)]])), 'replay.no-gap').violations;
    expect(violation?.message).toContain(`differ from those of subscriber "first": `);
    expect(violation?.message).toContain(figures);
  });

test('words that look alike are spelled out, and those between that agree are not counted', () => {
  const [first, , third] = WORDS;
  if (!first || !third) throw new Error('too few words');
  const [word, start, end] = first;
  const wide = String.fromCharCode(word.charCodeAt(0) + 0xfee0);
  const changedText = WORDS.with(0, [wide + word.slice(1), start, end]).with(2, ['other', third[1], third[2]]);
  const [text] = resultOf(runOf(differing([['late', batched(changedText)]])), 'replay.no-gap').violations;
  expect(text?.actual).toContain(`"\\u{${wide.charCodeAt(0).toString(16)}}${word.slice(1)}"`);
  expect(text?.message).toContain(`2 of ${WORDS.length} words differ`);
});

test('history at speaking pace warns; in a burst, or on a runner that was held up, it does not', () => {
  const paced = changed('late', ({ startedAt }) => {
    const { chunks, ending } = delivered('late', BATCHED, { startedAt, audioAt: startedAt });
    return { ...delivered('late', BATCHED, { startedAt }), chunks, ending };
  });
  expect(broken(runOf(paced))).toEqual(['replay.prompt: warn']);
  const heldUp = runOf(paced, { stalls: [{ at: 9, seconds: 30 }] });
  expect(broken(heldUp)).toEqual([]);
  expect(resultOf(heldUp, 'replay.prompt').reason).toContain('held up');
});

for (const [when, seconds, left] of [
  ['', 11, ''],
  [', nobody having joined late', 11, 'late'],
  [', also where the run stops waiting for it', 5, ''],
] as const)
  test(`history at speaking pace for who comes back warns${when}`, () => {
    const paced = changed('reconnected', ({ startedAt }) => {
      const { chunks } = delivered('reconnected', BATCHED, { startedAt, audioAt: startedAt });
      const at = startedAt + seconds;
      const heard = chunks.filter((chunk) => chunk.at < at);
      return {
        ...delivered('reconnected', BATCHED, { startedAt }),
        chunks: heard,
        ending: { kind: 'stopped', at, bound: 'seconds' },
      };
    });
    expect(broken(runOf(paced.filter(({ id }) => id !== left)))).toEqual(['replay.prompt: warn']);
  });

test('what delays everyone alike is no pace: the late subscriber keeps up with the first', () => {
  const speed = 50;
  const joinedAt = conformingRun().find(({ id }) => id === 'late')?.startedAt ?? Number.NaN;
  const when = (at: number): number => at / speed + (at < joinedAt + 0.05 ? 0 : 0.4);
  const delayed = changed('late', (exchange) => ({
    ...exchange,
    // One batch of its history comes before the delay, the others after it.
    chunks: exchange.chunks.map((chunk, index) =>
      index === 0 ? chunk : { ...chunk, at: Math.max(chunk.at, joinedAt + 0.06) },
    ),
  })).map((exchange): Exchange => {
    const chunks = exchange.chunks.map(({ at, bytes }) => ({ at: when(at), bytes }));
    const response = exchange.response && { ...exchange.response, at: exchange.response.at / speed };
    const ending = { ...exchange.ending, at: when(exchange.ending.at) };
    return { ...exchange, startedAt: exchange.startedAt / speed, chunks, ending, ...(response && { response }) };
  });
  const recording = runOf(delayed, { settings: { ...runOf().settings, speed } });
  expect(resultOf(recording, 'replay.prompt').outcome).toBe('pass');
  const history = recording.exchanges.find(({ id }) => id === 'late')?.chunks ?? [];
  expect((history[1]?.at ?? 0) - (history[0]?.at ?? 0)).toBeGreaterThan(0.3);
});

test('one that dropped its connection had, up to there, what the others had', () => {
  const others: Batches = BATCHED.map((batch) => batch.map(([, start, end]) => ['ours', start, end]));
  const dropping = (batches: Batches) =>
    changed('dropped', (exchange) => ({
      ...exchange,
      chunks: delivered('dropped', batches, { startedAt: 0.3 }).chunks.slice(0, 3),
    }));
  expect(broken(runOf(dropping(BATCHED)))).toEqual([]);
  expect(broken(runOf(dropping(REBATCHED)))).toEqual([]);
  for (const batches of [others, BATCHED.slice(1)])
    expect(broken(runOf(dropping(batches)))).toEqual(['replay.concurrent: fail']);
});

/** The stream as a compression lets it through that holds each batch until it has the next. */
const oneBehind = ({ chunks, ...exchange }: Exchange): Exchange => ({
  ...exchange,
  chunks: chunks.map(({ bytes }, index) => ({ bytes, at: (chunks[index + 1] ?? chunks[index])?.at ?? 0 })),
});

test('one batch behind is no pace, not even across pauses of three seconds', () => {
  const slow: SpokenWord[] = WORDS.map(([word], index) => [word, 1 + index * 3, 1.4 + index * 3]);
  const batches = batched(slow);
  const over = 1 + WORDS.length * 3 + 1.5;
  const late = delivered('late', batches, { startedAt: 10 });
  const exchanges = [
    delivered('first', batches),
    oneBehind(late),
    delivered('snapshot', batches, { startedAt: over, burst: true }),
  ];
  expect(resultOf(runOf(exchanges, { earlier: [] }), 'replay.prompt').violations).toEqual([]);
});

for (const [bound, expected] of [
  ['interrupt', []],
  ['seconds', ['replay.from-start: fail']],
] as const)
  test(`a late subscriber without a word, stopped by the run (${bound}), breaks ${expected.join() || 'nothing'}`, () => {
    const silent = changed('late', (exchange) => ({
      ...exchange,
      chunks: [],
      ending: { kind: 'stopped', at: exchange.startedAt + 0.5, bound },
    }));
    expect(broken(runOf(silent)).filter((line) => line.startsWith('replay.'))).toEqual(expected);
  });

/** Every fault that a sequence can have, and every set of subscriptions that can have it. */
const FAULTS: readonly (readonly [name: string, faulty: Batches])[] = [
  ['lacks its first batch', without(0)],
  ['lacks a batch of its middle', without(4)],
  ['lacks its last batch', BATCHED.slice(0, -1)],
  ['has other times', BATCHED.map((batch) => batch.map(([word, start, end]) => [word, start + 0.04, end + 0.04]))],
  ['has other words', BATCHED.map((batch) => batch.map(([word, start, end]) => [`${word}x`, start, end]))],
];
const SNAPSHOTS = ['snapshot', 'snapshot-again', 'snapshot-bearer'];
const HIT: readonly (readonly string[])[] = [
  ['late'],
  ['reconnected'],
  ['late', 'reconnected'],
  SNAPSHOTS,
  ['late', ...SNAPSHOTS],
  ['reconnected', ...SNAPSHOTS],
  ['late', 'reconnected', ...SNAPSHOTS],
  ['snapshot-bearer'],
  ['first'],
  ['concurrent'],
];

for (const script of ['known', 'unknown'] as const)
  for (const [name, faulty] of FAULTS)
    for (const hit of HIT)
      test(`the script ${script}, what ${hit.join(', ')} receives ${name}: they are blamed, and nobody else`, () => {
        const expected = new Set<string>();
        if (hit.includes('late'))
          expected.add(name === 'lacks its first batch' ? 'replay.from-start: fail' : 'replay.no-gap: fail');
        if (hit.includes('reconnected')) expected.add('replay.reconnect: fail');
        if (hit.includes('first') || hit.includes('concurrent')) expected.add('replay.concurrent: fail');
        if (hit.includes('snapshot')) expected.add('snapshot.equals-live: fail');
        else if (hit.includes('snapshot-bearer')) expected.add('snapshot.stable: fail');
        const exchanges = differing(hit.map((id) => [id, faulty]));
        const recording = runOf(exchanges, { earlier: [], ...(script === 'unknown' ? { streams: [] } : {}) });
        const found = broken(recording).filter((line) => /^(replay|snapshot)\./.test(line));
        expect(found).toEqual([...expected].sort());
      });

const TWICE = [...BATCHED.slice(0, 5), ...BATCHED.slice(4)];

for (const streams of [runOf().streams, []])
  for (const hit of HIT)
    test(`the script ${streams.length ? 'known' : 'unknown'}, ${hit.join(', ')} receive a batch twice: what the store doubles is one finding`, () => {
      const expected = new Set(['ordering.no-duplicates: fail']);
      // What the snapshots hold once, the store does not double.
      if (!hit.includes('snapshot')) {
        if (hit.includes('late')) expected.add('replay.no-gap: fail');
        if (hit.includes('reconnected')) expected.add('replay.reconnect: fail');
        if (hit.includes('first') || hit.includes('concurrent')) expected.add('replay.concurrent: fail');
        if (hit.includes('snapshot-bearer')) expected.add('snapshot.stable: fail');
      }
      const recording = runOf(differing(hit.map((id) => [id, TWICE])), { earlier: [], streams });
      expect(broken(recording)).toEqual([...expected]);
    });

test('a store that doubles one word is one finding, where all who listened heard it once, whatever is known of the script', () => {
  const [first = [], ...rest] = BATCHED;
  const doubled = [first.flatMap((word, index) => (index === 1 ? [word, word] : [word])), ...rest];
  const readers = ['late', 'reconnected', ...SNAPSHOTS];
  const run = differing(readers.map((id) => [id, doubled]));
  const readOnce = run.filter(({ id }) => !['snapshot-again', 'snapshot-bearer'].includes(id));
  for (const streams of [runOf().streams, []])
    for (const exchanges of [run, readOnce])
      expect(broken(runOf(exchanges, { streams }))).toEqual(['ordering.no-duplicates: fail']);
});

test('one listener alone is outvoted by a script, or by a store that holds more', () => {
  const exchanges = differing([['first', without(4)]]).filter(({ id }) => !['concurrent', 'dropped'].includes(id));
  for (const streams of [runOf().streams, []])
    expect(broken(runOf(exchanges, { earlier: [], streams }))).toContain('replay.concurrent: fail');
  const stored = differing(['late', 'reconnected', ...SNAPSHOTS].map((id) => [id, without(4)]));
  const heard = stored.filter(({ id }) => !['concurrent', 'dropped'].includes(id));
  expect(broken(runOf(heard, { earlier: [], streams: [] }))).toEqual([
    'replay.no-gap: fail',
    'replay.reconnect: fail',
    'snapshot.equals-live: fail',
  ]);
});

const [B0 = [], B1 = [], B2 = [], B3 = [], ...REST] = BATCHED;
const LIVE = ['first', 'concurrent'];

for (const [name, swapped] of [
  ['later on', [B0, B2, B1, B3, ...REST]],
  ['from the start', [B1, B0, B2, B3, ...REST]],
  ['otherwise for each listener', undefined],
] as const)
  for (const streams of [runOf().streams, []])
    test(`live batches out of order ${name}, the script ${streams.length ? 'known' : 'unknown'}, are no measure for others`, () => {
      const [one, other] = swapped
        ? [swapped, swapped]
        : [
            [B0, B2, B1, B3, ...REST],
            [B0, B1, B3, B2, ...REST],
          ];
      const exchanges = differing([
        ['first', one],
        ['concurrent', other],
      ]);
      const recording = runOf(exchanges, { earlier: [], streams });
      expect(broken(recording)).toEqual(['ordering.across-batches: fail']);
      expect(blocked(recording)).toContain(
        swapped
          ? 'snapshot.equals-live because ordering.across-batches'
          : 'replay.concurrent because ordering.across-batches',
      );
    });

test('words that come after the end, and are lost there, are no difference of their own', () => {
  const [last = []] = BATCHED.slice(-1);
  const early = (exchange: Exchange): Exchange => {
    const { chunks, ...said } = saying([...BATCHED.slice(0, -1), last.slice(0, 1)])(exchange);
    const [words, end] = chunks.slice(-2);
    if (!words || !end) throw new Error('no words or no end');
    return {
      ...said,
      chunks: [...chunks.slice(0, -2), { ...words, bytes: end.bytes }, { ...end, bytes: words.bytes }],
    };
  };
  const exchanges = LIVE.reduce<Exchange[]>((all, id) => changed(id, early, all), conformingRun());
  for (const streams of [runOf().streams, []]) {
    const recording = runOf(exchanges, { earlier: [], streams });
    expect(broken(recording)).toEqual(['ending.last: fail']);
    expect(blocked(recording)).toContain('snapshot.equals-live because ending.last');
  }
  const gap = changed('late', saying(without(2)), exchanges);
  expect(broken(runOf(gap, { earlier: [] })), 'a gap before the end').toEqual([
    'ending.last: fail',
    'replay.no-gap: fail',
  ]);
});

for (const hit of [LIVE, [...LIVE, 'late', 'reconnected']])
  test(`words of the script that ${hit.join(', ')} lack, and the snapshot has, were lost live`, () => {
    const exchanges = differing(hit.map((id) => [id, without(4)]));
    const recording = runOf(exchanges, { earlier: [] });
    expect(broken(recording)).toEqual(['replay.concurrent: fail']);
    expect(blocked(recording)).toContain('snapshot.equals-live because replay.concurrent');
    // Nothing tells which side is wrong: they were there from the start, and agree.
    const unknown = broken(runOf(exchanges, { earlier: [], streams: [] }));
    expect(unknown).toContain('snapshot.equals-live: fail');
    expect(unknown).not.toContain('replay.concurrent: fail');
  });

test('a snapshot that writes the words otherwise than live is at fault, though it spells the script', () => {
  const spoken: Batches = BATCHED.map((batch) => batch.map(([word, ...times]) => [`${word}x`, ...times]));
  const exchanges = differing([...LIVE, 'late', 'reconnected'].map((id) => [id, spoken]));
  const found = broken(
    runOf(
      exchanges.filter(({ id }) => id !== 'dropped'),
      { earlier: [] },
    ),
  );
  expect(found.filter((line) => /^(replay|snapshot)\./.test(line))).toEqual(['snapshot.equals-live: fail']);
});

test('a subscriber that gets its head only when another is over breaks replay.concurrent; a slow head does not', () => {
  const answeredAt = (at: number) => (exchange: Exchange) => ({
    ...exchange,
    ...(exchange.response && { response: { ...exchange.response, at } }),
    chunks: exchange.chunks.map(({ bytes }) => ({ at: at + 0.01, bytes })),
    ending: { kind: 'complete', at: at + 0.02 } as const,
  });
  const over = conformingRun()[0]?.ending.at ?? 0;
  const queued = runOf(changed('concurrent', answeredAt(over + 0.1)));
  const { violations } = resultOf(queued, 'replay.concurrent');
  expect(violations[0]?.message).toMatch(/^\S+.* got no head until .*first.* was over: it waited /);
  expect(broken(queued)).toEqual(['replay.concurrent: fail']);
  const slow = runOf(changed('concurrent', answeredAt(over - 0.5)));
  expect(resultOf(slow, 'replay.concurrent').violations).toEqual([]);
});

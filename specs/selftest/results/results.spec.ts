import { expect, test } from '@playwright/test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { gatherEvidence } from '../../../helpers/judging/evidence.ts';
import type { Exchange, RecordedSettings, Recording } from '../../../helpers/recording/recording.ts';
import { assess } from '../../../helpers/results/assess.ts';
import { buildResults } from '../../../helpers/results/build-results.ts';
import { costOf } from '../../../helpers/results/cost.ts';
import { errorResults } from '../../../helpers/results/error-results.ts';
import schema from '../../../helpers/results/results.schema.json' with { type: 'json' };
import { OUTCOMES, type Results, VERDICTS } from '../../../helpers/results/results.ts';
import { parseWaivers } from '../../../helpers/results/waivers.ts';
import { checks } from '../../checks.ts';
import { buildRecording } from '../support/recordings.ts';
import { contract, requirements } from '../support/reports.ts';
import { answered, changed, conformingRun, runOf, saying, withBody } from '../support/runs.ts';

const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);

function resultsOf(recording: Recording, options: { strict?: boolean; selected?: ReadonlySet<string> } = {}): Results {
  const evidence = gatherEvidence(recording, contract, requirements);
  const waivers = parseWaivers(
    'waivers:\n- {requirement: errors.envelope, target: "http://target.test", reason: r, accepted_by: a, until: 2030-01-01}\n',
    'w',
  );
  const { selected, strict = false } = options;
  return buildResults(
    assess(evidence, { checks, strict, waivers, today: '2026-11-22', ...(selected === undefined ? {} : { selected }) }),
    evidence,
    { files: { results: 'results.json' } },
  );
}

const hostile = 'Not found \u001b[31m\u2028<script>alert(1)</script>\u202e'.repeat(400);
const RUNS: readonly (readonly [name: string, results: () => Results])[] = [
  ['a conforming run', () => resultsOf(runOf())],
  ['a filtered run', () => resultsOf(runOf(), { selected: new Set(['http.status']) })],
  [
    'a run with failures, warnings and a waiver',
    () => resultsOf(runOf(changed('late', saying([]), changed('errors.not-found', withBody('{}'))))),
  ],
  [
    'a hostile run',
    () =>
      resultsOf(
        runOf(conformingRun().map((exchange) => answered(404, hostile, hostile.replaceAll('\u2028', ''))(exchange))),
      ),
  ],
  [
    'an empty recording',
    () => resultsOf(buildRecording([], { failure: { cause: 'dns', message: 'No host.', remedy: 'Check.' } })),
  ],
  [
    'a run that never got so far',
    () =>
      errorResults({
        reason: 'WORDS_BASE_URL is no URL.',
        remedy: 'Correct it.',
        suite: { name: 'words-conformance', version: '0.1.0' },
        startedAt: '2026-11-22T12:00:00.000Z',
        finishedAt: '2026-11-22T12:00:01Z',
      }),
  ],
];

for (const [name, results] of RUNS)
  test(`results.json of ${name} is valid against its schema, and holds no control characters`, () => {
    const written: unknown = JSON.parse(JSON.stringify(results()));
    validate(written);
    expect(validate.errors ?? []).toEqual([]);
    const strings = JSON.stringify(written, (_, value: unknown) =>
      typeof value === 'string' && /[\p{Cc}\p{Zl}\p{Zp}]/u.test(value.replaceAll('\n', ''))
        ? `UNPRINTABLE ${value}`
        : value,
    );
    expect(strings).not.toContain('UNPRINTABLE');
  });

test('the schema refuses what is no result', () => {
  const results = resultsOf(runOf());
  for (const wrong of [
    { ...results, verdict: 'ok' },
    { ...results, requirements: [{ id: 'x.y' }] },
    { ...results, counts: {} },
    { ...results, surprise: 1 },
    { ...results, requirements: [{ ...results.requirements[0], violations: [{ message: '' }] }] },
  ])
    expect(validate(wrong), JSON.stringify(wrong).slice(0, 80)).toBe(false);
});

test('the schema names the verdicts and outcomes that the code has', () => {
  expect(schema.properties.verdict.enum).toEqual(VERDICTS);
  expect(Object.keys(schema.properties.counts.properties)).toEqual(OUTCOMES);
  const { trustsAnyCertificate: _, ...settings }: Record<keyof RecordedSettings, unknown> =
    schema.$defs.settings.properties;
  expect(Object.keys(settings).sort()).toEqual(Object.keys(runOf().settings).sort());
});

test('cost counts every request, the subscriptions, and the seconds of sessions that the run opened', () => {
  const recording = runOf();
  const cost = costOf(recording);
  expect(cost).toMatchObject({ requests: recording.exchanges.length, subscriptions: 9 });
  const first = recording.exchanges.find(({ id }) => id === 'first');
  expect(cost.sessionSeconds).toBeCloseTo(first?.ending.at ?? Number.NaN, 2);
  expect(cost.estimatedUsd).toBeCloseTo(cost.sessionSeconds * 0.05, 2);
});

test('a session that the run did not open costs it nothing; the embedded one costs seconds, not money', () => {
  const [stream] = runOf().streams;
  if (stream === undefined) throw new Error('no stream');
  expect(costOf(runOf(conformingRun(), { streams: [{ ...stream, origin: 'ids' }] })).sessionSeconds).toBe(0);
  const embedded = runOf(conformingRun(), { settings: { ...runOf().settings, sessionMode: 'embedded' } });
  expect(costOf(embedded).sessionSeconds).toBeGreaterThan(10);
  expect(costOf(embedded).estimatedUsd).toBe(0);
});

test('a session of a server on this machine costs seconds, not money', () => {
  for (const baseUrl of ['http://127.0.0.1:8080', 'http://localhost:8080/api', 'http://[::1]:8080']) {
    const cost = costOf(runOf(conformingRun(), { target: { baseUrl } }));
    expect(cost.sessionSeconds).toBeGreaterThan(10);
    expect(cost.estimatedUsd).toBe(0);
  }
  expect(
    costOf(runOf(conformingRun(), { target: { baseUrl: 'http://localhost.example' } })).estimatedUsd,
  ).toBeGreaterThan(0);
});

test('a session that nobody heard is billed as long as the run lasted', () => {
  const [stream] = runOf().streams;
  if (stream === undefined) throw new Error('no stream');
  const unheard = conformingRun().map((exchange) =>
    exchange.purpose.kind === 'subscription' ? { ...exchange, response: undefined } : exchange,
  ) as Exchange[];
  const last = Math.max(...unheard.map(({ ending }) => ending.at));
  expect(costOf(runOf(unheard, { streams: [{ ...stream, createdAt: 1 }] })).sessionSeconds).toBeCloseTo(last - 1, 2);
});

test('a session is billed to the status that ends it, or else to the last sign of its life', () => {
  const [stream] = runOf().streams;
  if (stream === undefined) throw new Error('no stream');
  const completed = {
    ...stream,
    createdAt: 2,
    statuses: [
      { at: 3, status: 'streaming' },
      { at: 7, status: 'completed' },
    ],
  };
  expect(costOf(runOf(conformingRun(), { streams: [completed] })).sessionSeconds).toBe(5);
  const silent = { ...stream, createdAt: 2, statuses: [{ at: 6, status: 'streaming' }] };
  expect(costOf(runOf([], { streams: [silent] })).sessionSeconds).toBe(4);
});

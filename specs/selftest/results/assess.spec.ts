import { expect, test } from '@playwright/test';
import type { Check, Judgement } from '../../../helpers/judging/check.ts';
import { gatherEvidence } from '../../../helpers/judging/evidence.ts';
import type { Recording, UnmetNeed } from '../../../helpers/recording/recording.ts';
import { type AssessOptions, assess } from '../../../helpers/results/assess.ts';
import { finding } from '../support/made-up.ts';
import { buildRecording } from '../support/recordings.ts';
import { contract, requirements } from '../support/reports.ts';
import { judged, runOf } from '../support/runs.ts';

const HELD: Judgement = { observations: 1, violations: [], violationCount: 0 };
const BROKEN: Judgement = {
  observations: 1,
  violations: [{ message: 'Wrong.', expected: ['right'], actual: 'wrong', exchange: null }],
  violationCount: 1,
};
const UNSEEN: Judgement = {
  observations: 0,
  violations: [],
  violationCount: 0,
  unverified: { reason: 'Not seen.', remedy: 'Look again.' },
};
/** Its last need was left out by the settings of the run. */
const LEFT_OUT: Judgement = { observations: 0, violations: [], violationCount: 0 };

const throwing = (): never => {
  throw new TypeError('words is not iterable\u001b[31m');
};

/** Every check holds but those given. */
function assessed(
  given: Readonly<Record<string, Judgement | (() => never)>>,
  options: Partial<AssessOptions> = {},
  recording: Recording = buildRecording(),
) {
  const checks = requirements.map(({ id }): Check => {
    const judgement = given[id] ?? HELD;
    return typeof judgement === 'function' ? { id, judge: judgement } : finding(id, judgement);
  });
  const leftOut = requirements.flatMap(({ id, needs }): UnmetNeed[] => {
    const need = given[id] === LEFT_OUT ? needs.at(-1) : undefined;
    return need === undefined ? [] : [{ need, declared: true, reason: 'Left out.', remedy: 'Put it in.' }];
  });
  const evidence = gatherEvidence({ ...recording, unmet: [...recording.unmet, ...leftOut] }, contract, requirements);
  return assess(evidence, { strict: false, waivers: [], today: '2026-11-22', checks, ...options });
}

const all = requirements.length;

const VERDICTS: readonly (readonly [
  name: string,
  given: Readonly<Record<string, Judgement | (() => never)>>,
  options: Partial<AssessOptions>,
  verdict: string,
  reason: string,
])[] = [
  ['all holds', {}, {}, 'conformant', `${all} of ${all} requirements verified.`],
  [
    'a SHOULD is broken',
    { 'errors.code': BROKEN },
    {},
    'conformant',
    `${all} of ${all} requirements verified. Warnings: errors.code.`,
  ],
  [
    'a SHOULD is broken, strictly',
    { 'errors.code': BROKEN },
    { strict: true },
    'non-conformant',
    `1 requirement is broken: errors.code. ${all - 1} of ${all} requirements hold.`,
  ],
  [
    'two MUSTs are broken',
    { 'auth.missing': BROKEN, 'http.status': BROKEN, 'ending.once': UNSEEN },
    {},
    'non-conformant',
    `2 requirements are broken: http.status and auth.missing. ${all - 3} of ${all} requirements hold; not verified: ending.once.`,
  ],
  [
    'a MUST outside the core is broken',
    { 'snapshot.durable': BROKEN },
    {},
    'non-conformant',
    `1 requirement is broken: snapshot.durable. ${all - 1} of ${all} requirements hold.`,
  ],
  [
    'a core MUST was not seen',
    { 'ending.once': UNSEEN },
    {},
    'incomplete',
    `1 requirement was not verified, which the core needs: ending.once. ${all - 1} of ${all} requirements verified; not verified: ending.once.`,
  ],
  [
    'a core MUST was declared out',
    { 'ending.once': LEFT_OUT },
    {},
    'incomplete',
    `1 requirement was not verified, which the core needs: ending.once. ${all - 1} of ${all} requirements verified; not verified: ending.once.`,
  ],
  [
    'what is not core was not seen',
    { 'snapshot.durable': UNSEEN, 'rate-limit.status': LEFT_OUT, 'rate-limit.body': LEFT_OUT, 'errors.code': UNSEEN },
    {},
    'conformant',
    `${all - 4} of ${all} requirements verified; not verified: snapshot.durable, errors.code, rate-limit (2).`,
  ],
  [
    'one of two credentials was not given',
    { 'auth.bearer': LEFT_OUT },
    {},
    'conformant',
    `${all - 1} of ${all} requirements verified; not verified: auth.bearer.`,
  ],
  [
    'one of two credentials was not given, in the full profile',
    { 'auth.bearer': LEFT_OUT, 'errors.code': UNSEEN },
    { profile: 'full' },
    'incomplete',
    `1 requirement was not verified, which the full profile needs: auth.bearer. ${all - 2} of ${all} requirements verified; not verified: errors.code, auth.bearer.`,
  ],
  [
    'a MUST outside the core was not seen, in the full profile',
    { 'snapshot.durable': LEFT_OUT },
    { profile: 'full' },
    'incomplete',
    `1 requirement was not verified, which the full profile needs: snapshot.durable. ${all - 1} of ${all} requirements verified; not verified: snapshot.durable.`,
  ],
  ['all holds, in the full profile', {}, { profile: 'full' }, 'conformant', `${all} of ${all} requirements verified.`],
  [
    'neither credential was verified',
    { 'auth.bearer': LEFT_OUT, 'auth.api-key': UNSEEN },
    {},
    'incomplete',
    `2 requirements were not verified, which the core needs: auth.api-key and auth.bearer. ${all - 2} of ${all} requirements verified; not verified: auth (2).`,
  ],
  [
    'nothing ran',
    Object.fromEntries(requirements.map(({ id }) => [id, UNSEEN])),
    {},
    'incomplete',
    'Nothing was judged.',
  ],
  [
    'filtered',
    {},
    { selected: new Set(['http.status', 'ending.once']) },
    'incomplete',
    'Only 2 requirements were judged: the run was filtered.',
  ],
  [
    'filtered, and broken',
    { 'http.status': BROKEN },
    { selected: new Set(['http.status']) },
    'non-conformant',
    expect.stringMatching(/^1 requirement is broken: http\.status\. 0 of /) as unknown as string,
  ],
  [
    'filtered to what is not broken',
    { 'http.status': BROKEN },
    { selected: new Set(['ending.once']) },
    'incomplete',
    'Only 1 requirement was judged: the run was filtered.',
  ],
];

for (const [name, given, options, verdict, reason] of VERDICTS)
  test(`verdict: ${name}`, () => {
    const assessment = assessed(given, options);
    expect({ verdict: assessment.verdict, reason: assessment.reason }).toEqual({ verdict, reason });
  });

test('a check that throws is an error of the suite, never a finding, and other findings stay visible', () => {
  const {
    verdict,
    reason,
    requirements: results,
    counts,
  } = assessed({ 'http.status': throwing, 'ending.once': BROKEN });
  expect(verdict).toBe('error');
  expect(reason).toBe(
    'The suite itself failed on http.status: The check threw TypeError: words is not iterable\\u{001b}[31m.',
  );
  expect(results.find(({ id }) => id === 'http.status')?.outcome).toBe('error');
  expect(counts).toMatchObject({ error: 1, fail: 1 });
});

test('a requirement without a check is an error of the suite', () => {
  const evidence = gatherEvidence(buildRecording(), contract, requirements);
  const { verdict, counts } = assess(evidence, { strict: false, waivers: [], today: '2026-11-22', checks: [] });
  expect(verdict).toBe('error');
  expect(counts.error).toBe(requirements.length);
});

test('results stand in the order of the requirements, whatever the order of the checks', () => {
  const { requirements: results } = assessed({});
  expect(results.map(({ id }) => id)).toEqual(requirements.map(({ id }) => id));
});

test('what a filter left out is inconclusive and says so', () => {
  const { requirements: results, selection } = assessed({}, { selected: new Set(['http.status']) });
  expect(selection).toBe('filtered');
  const left = results.find(({ id }) => id === 'ending.once');
  expect(left).toMatchObject({ outcome: 'inconclusive', reason: "It was left out by the operator's filter." });
});

test('a run that stopped with no breach is an error, with the cause and the remedy', () => {
  const failure = { cause: 'refused', message: 'Nothing listens.', remedy: 'Start it.' };
  const recording = buildRecording([], { failure });
  expect(judged(recording)).toMatchObject({ verdict: 'error', reason: 'Nothing listens.', remedy: 'Start it.' });
});

test('a run that stopped at a breach fails that requirement alone', () => {
  const failure = {
    cause: 'answer',
    message: '200, but as text/html.',
    remedy: 'See the exchange.',
    requirement: 'http.content-type',
  };
  const assessment = judged(buildRecording([], { failure }));
  expect(assessment.verdict).toBe('non-conformant');
  expect(assessment.reason).toMatch(/^1 requirement is broken: http\.content-type\. /);
  const others = assessment.requirements.filter(({ area, outcome }) => area !== 'contract' && outcome !== 'fail');
  for (const { id, outcome, because } of others)
    expect({ id, outcome, because }).toEqual({ id, outcome: 'inconclusive', because: 'http.content-type' });
});

test('a violation carries its bytes and the request that repeats it', () => {
  const recording = runOf();
  const at: Judgement = {
    observations: 1,
    violations: [
      { message: 'Wrong.', expected: ['right'], actual: 'wrong', exchange: 'late', byteOffset: 3, byteLength: 2 },
    ],
    violationCount: 1,
  };
  const result = assessed({ 'ending.once': at }, {}, recording).requirements.find(({ id }) => id === 'ending.once');
  expect(result?.violations[0]?.evidence?.text).toMatch(/^data: \{"words"/);
  expect(result?.violations[0]?.curl).toContain('curl -sS -i -N --globoff --path-as-is');
  expect(result?.violations[0]?.exchangeName).toBe('subscriber "late"');
});

test('the command that repeats a live finding says that the session is over, that of a snapshot nothing', () => {
  const on = (exchange: string) => {
    const judgement: Judgement = {
      observations: 1,
      violations: [{ message: 'Wrong.', expected: [], actual: 'wrong', exchange }],
      violationCount: 1,
    };
    const { requirements: results } = assessed({ 'ending.once': judgement }, {}, runOf());
    return results.find(({ id }) => id === 'ending.once')?.violations[0]?.curlNote;
  };
  expect(on('late')).toContain('The session is over by now');
  // A refusal stays one, whether the session speaks or not.
  expect(on('auth.missing/live')).toBeUndefined();
  expect(on('snapshot')).toBeUndefined();
});

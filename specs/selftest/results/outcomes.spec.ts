import { expect, test } from '@playwright/test';
import type { Level } from '../../../helpers/contract/types.ts';
import type { Judgement, Violation } from '../../../helpers/judging/check.ts';
import { outcomeOf } from '../../../helpers/results/outcome.ts';
import type { Outcome } from '../../../helpers/results/results.ts';

const VIOLATION: Violation = { message: 'Wrong.', expected: ['right'], actual: 'wrong', exchange: null };
const UNVERIFIED = { reason: 'Not seen.', remedy: 'Look.' };

function judgement(over: Partial<Judgement>): Judgement {
  const violations = over.violations ?? [];
  return { observations: 1, violations, violationCount: violations.length, ...over };
}
const violated = (...levels: readonly (Level | undefined)[]) =>
  judgement({ violations: levels.map((level) => (level === undefined ? VIOLATION : { ...VIOLATION, level })) });

const TABLE: readonly (readonly [name: string, Judgement, Level, lenient: Outcome, strict: Outcome])[] = [
  ['held', judgement({}), 'MUST', 'pass', 'pass'],
  ['looked at nothing', judgement({ observations: 0 }), 'MUST', 'inconclusive', 'inconclusive'],
  [
    'unverified though something was seen',
    judgement({ unverified: UNVERIFIED }),
    'MUST',
    'inconclusive',
    'inconclusive',
  ],
  [
    'declared out',
    judgement({ observations: 0, notApplicable: UNVERIFIED, unverified: UNVERIFIED }),
    'MUST',
    'not-applicable',
    'not-applicable',
  ],
  ['a MUST broken', violated(undefined), 'MUST', 'fail', 'fail'],
  ['a MUST broken, the rest unverified', { ...violated(undefined), unverified: UNVERIFIED }, 'MUST', 'fail', 'fail'],
  ['a SHOULD broken', violated(undefined), 'SHOULD', 'warn', 'fail'],
  ['a mild finding under a MUST', violated('SHOULD'), 'MUST', 'warn', 'fail'],
  ['a mild and a grave finding', violated('SHOULD', 'MUST'), 'SHOULD', 'fail', 'fail'],
  ['a NOTE never fails', violated(undefined), 'NOTE', 'pass', 'pass'],
];

for (const [name, judged, level, lenient, strict] of TABLE)
  test(`outcome: ${name}`, () => {
    expect(outcomeOf(judged, level, false)).toBe(lenient);
    expect(outcomeOf(judged, level, true)).toBe(strict);
  });

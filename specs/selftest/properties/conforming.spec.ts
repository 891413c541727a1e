import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { judged } from '../support/runs.ts';
import { deliver, deliveriesOf, deliverySets, dropped, recordingOf } from './deliveries.ts';
import { assertAlways } from './seed.ts';
import { cutIntoBatches, sessions } from './sessions.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true });

test('a subscriber that drops its connection anywhere breaks nothing', () => {
  assertAlways(
    fc.property(sessions, deliverySets, deliveriesOf('dropped', 'dropped'), share, (words, deliveries, drop, where) => {
      const others = deliveries.map((delivery) => deliver(words, delivery));
      const { requirements } = judged(recordingOf(words, [...others, dropped(deliver(words, drop), where)]));
      expect(requirements.filter(({ violationCount, outcome }) => violationCount > 0 || outcome === 'error')).toEqual(
        [],
      );
    }),
    150,
  );
});

test('any conforming session in any conforming framing and any chunking breaks nothing', () => {
  assertAlways(
    fc.property(sessions, deliverySets, (words, deliveries) => {
      const recording = recordingOf(
        words,
        deliveries.map((delivery) => deliver(words, delivery)),
      );
      const { requirements } = judged(recording);
      const broken = requirements
        .filter(({ outcome }) => outcome === 'fail' || outcome === 'warn' || outcome === 'error')
        .map(({ id, outcome, violations, reason }) => `${id} ${outcome}: ${violations[0]?.message ?? reason}`);
      expect(broken).toEqual([]);
      // It is not enough to find nothing: all of it must have been looked at.
      const batches = deliveries.reduce(
        (sum, { batchCuts }) => sum + cutIntoBatches(words, new Set(batchCuts)).length,
        0,
      );
      const observed = (id: string) => requirements.find((one) => one.id === id)?.observations;
      expect(observed('schema.batch')).toBe(batches);
      expect(observed('ordering.bounds')).toBe(words.length * deliveries.length);
      expect(observed('ending.once')).toBe(deliveries.length);
      // What cannot be verified is never laid on a requirement that nothing breaks.
      expect(
        requirements.filter(({ because }) => because !== undefined).map(({ id, because }) => [id, because]),
      ).toEqual([]);
    }),
    200,
  );
});

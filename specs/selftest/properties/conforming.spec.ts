import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { judged } from '../support/runs.ts';
import { deliver, deliverySets, recordingOf } from './deliveries.ts';
import { assertAlways } from './seed.ts';
import { cutIntoBatches, sessions } from './sessions.ts';

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
    400,
  );
});

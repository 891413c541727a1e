import { expect, test } from '@playwright/test';
import { certifyAt, held, resultIn, withReference } from './support.ts';

for (const [name, rateLimit, speed] of [
  ['one request a second', { max: 1, windowSeconds: 1 }, 1],
  ['four requests a second', { max: 4, windowSeconds: 1 }, 4],
  ['ten requests, then none for three seconds', { max: 10, windowSeconds: 3 }, 4],
] as const)
  test(`a target that allows ${name} is certified, slowly, with no finding that is not its fault`, async () => {
    await withReference({ rateLimit, speed }, async ({ baseUrl }) => {
      const { recording, assessment } = await certifyAt(baseUrl, { speed });
      const limited = recording.exchanges.filter(({ response }) => response?.status === 429);
      expect(limited.length).toBeGreaterThan(0);
      for (const { supersededBy } of limited) expect(supersededBy).toBeDefined();
      expect(held(assessment)).toEqual([]);
      expect(recording.unmet.filter(({ declared }) => !declared)).toEqual([]);
      expect(assessment.verdict).toBe('conformant');
      for (const id of [
        'replay.no-gap',
        'replay.reconnect',
        'snapshot.equals-live',
        'auth.isolation',
        'errors.bad-request',
      ])
        expect(resultIn(assessment, id).outcome, id).toBe('pass');
    });
  });

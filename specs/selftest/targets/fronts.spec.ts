import { expect, test } from '@playwright/test';
import { withErrors } from '../../../helpers/mutants/overrides.ts';
import { defaultStages } from '../../../helpers/reference/stages.ts';
import { API_KEY } from '../probes/support.ts';
import { certify, resultsIn } from '../support/certify.ts';
import { FRONTS, isInstalled } from './fronts.ts';
import { certifyAt, held, SPEED, withReference } from './support.ts';

/** The application's own 404 without its error member: what a front answers must not hide it, nor stand beside it. */
const emptyNotFound = withErrors((error, { status }) => (status === 404 ? {} : { error }))(defaultStages);

for (const front of FRONTS) {
  test(`a conforming target behind a front is certified: ${front.name}`, async () => {
    test.skip(!isInstalled(front), `${front.program} is not installed`);
    await withReference({}, async ({ port }) => {
      await using before = await front.start(port, test.info().outputPath('front'));
      const { assessment } = await certifyAt(before.baseUrl, { speed: SPEED });
      expect(held(assessment)).toEqual([]);
      expect(assessment.verdict).toBe('conformant');
    });
  });

  test(`npm run certify finds the one fault behind a front: ${front.name}`, async () => {
    test.skip(!isInstalled(front), `${front.program} is not installed`);
    await withReference({ stages: emptyNotFound }, async (server) => {
      await using before = await front.start(server.port, test.info().outputPath('front'));
      const completed = await server.addCompletedSession({ text: 'One two three, four five six.' });
      const out = test.info().outputPath('out');
      const { code, output } = await certify([], {
        WORDS_BASE_URL: before.baseUrl,
        WORDS_API_KEY: API_KEY,
        WORDS_COMPLETED_STREAM_ID: completed,
        WORDS_OUT: out,
      });
      const broken = resultsIn(out).requirements.filter(({ outcome }) => ['fail', 'warn', 'error'].includes(outcome));
      expect(broken.map(({ id, outcome }) => `${id}: ${outcome}`)).toEqual(['errors.envelope: fail']);
      expect(code, output).toBe(1);
    });
  });
}

import { expect, test } from '@playwright/test';
import { faults } from '../../../helpers/mutants/index.ts';
import { prove } from '../../../helpers/mutants/prove.ts';
import { missedWithout } from '../../../helpers/mutants/switched-off.ts';
import { checks } from '../../checks.ts';

test('the loss of any one check is noticed; one whose loss changes nothing is reported', async () => {
  const noEnd = faults.filter(({ id }) => id === 'no-end');
  const { conforming, faults: proven } = await prove({ faults: noEnd, variants: [] }, { checks, whole: false });
  expect(proven.map(({ mismatches }) => mismatches)).toEqual([[]]);
  expect(missedWithout(checks, conforming, proven)).toEqual([]);

  // Without their evidence nothing is judged again, as if the findings came from elsewhere than the check.
  const unjudged = <Judged extends { readonly run: object }>(one: Judged): Judged => ({
    ...one,
    run: { ...one.run, evidence: undefined },
  });
  const reported = missedWithout(checks, unjudged(conforming), proven.map(unjudged));
  expect(reported.filter(({ subject }) => subject === 'ending.once').map(({ message }) => message)).toEqual([
    'the proof still holds with its check left out',
    'the proof still holds with its check blind',
  ]);
});

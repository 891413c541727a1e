import { expect, test } from '@playwright/test';
import { joinChecks, loadRequirements } from '../../../helpers/contract/requirements.ts';
import { checks } from '../../checks.ts';

test('no row is without a check, and no check without a row', () => {
  const ids = checks.map(({ id }) => id);
  expect(joinChecks(loadRequirements(), ids)).toEqual({ withoutCheck: [], withoutRow: [] });
});

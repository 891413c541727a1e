import { expect, test } from '@playwright/test';
import { checks } from '../../../helpers/checks/index.ts';
import { joinChecks } from '../../../helpers/contract/join.ts';
import { loadRequirements } from '../../../helpers/contract/requirements.ts';

test('no row is without a check, and no check without a row', () => {
  const ids = checks.map(({ id }) => id);
  expect(joinChecks(loadRequirements(), ids)).toEqual({ withoutCheck: [], withoutRow: [] });
});

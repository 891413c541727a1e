import type { Check } from '../../helpers/judging/check.ts';
import { apiKey } from './api-key.ts';
import { bearer } from './bearer.ts';
import { beforeLookup } from './before-lookup.ts';
import { challenge } from './challenge.ts';
import { invalid } from './invalid.ts';
import { isolation } from './isolation.ts';
import { missing } from './missing.ts';
import { noEcho } from './no-echo.ts';

export const authChecks: readonly Check[] = [
  apiKey,
  bearer,
  missing,
  invalid,
  beforeLookup,
  noEcho,
  challenge,
  isolation,
];

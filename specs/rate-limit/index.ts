import type { Check } from '../../helpers/judging/check.ts';
import { body } from './body.ts';
import { recovers } from './recovers.ts';
import { retryAfter } from './retry-after.ts';
import { status } from './status.ts';

export const rateLimitChecks: readonly Check[] = [status, retryAfter, body, recovers];

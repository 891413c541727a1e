import type { Check } from '../../helpers/judging/check.ts';
import { closes } from './closes.ts';
import { last } from './last.ts';
import { once } from './once.ts';
import { payload } from './payload.ts';

export const endingChecks: readonly Check[] = [once, last, payload, closes];

import type { Check } from '../judging/check.ts';
import { closes } from './ending/closes.ts';
import { last } from './ending/last.ts';
import { once } from './ending/once.ts';
import { payload } from './ending/payload.ts';

export const endingChecks: readonly Check[] = [once, last, payload, closes];

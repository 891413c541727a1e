import type { Check } from '../../helpers/judging/check.ts';
import { timeCap } from './time-cap.ts';
import { timeSpan } from './time-span.ts';
import { wordCap } from './word-cap.ts';

export const batchingChecks: readonly Check[] = [wordCap, timeCap, timeSpan];

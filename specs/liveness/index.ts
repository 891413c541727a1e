import type { Check } from '../../helpers/judging/check.ts';
import { lag } from './lag.ts';
import { streams } from './streams.ts';

export const livenessChecks: readonly Check[] = [streams, lag];

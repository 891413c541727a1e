import type { Check } from '../../helpers/judging/check.ts';
import { gaps } from './gaps.ts';
import { loads } from './loads.ts';
import { quotes } from './quotes.ts';

export const contractChecks: readonly Check[] = [loads, quotes, gaps];

import type { Check } from '../judging/check.ts';
import { punctuationApart } from './tokens/punctuation-apart.ts';
import { punctuationPresent } from './tokens/punctuation-present.ts';
import { script } from './tokens/script.ts';

export const tokensChecks: readonly Check[] = [punctuationApart, punctuationPresent, script];

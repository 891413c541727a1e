import type { Check } from '../../helpers/judging/check.ts';
import { punctuationApart } from './punctuation-apart.ts';
import { punctuationPresent } from './punctuation-present.ts';
import { script } from './script.ts';

export const tokensChecks: readonly Check[] = [punctuationApart, punctuationPresent, script];

import type { Check } from '../../helpers/judging/check.ts';
import { concurrent } from './concurrent.ts';
import { fromStart } from './from-start.ts';
import { noGap } from './no-gap.ts';
import { prompt } from './prompt.ts';
import { reconnect } from './reconnect.ts';

export const replayChecks: readonly Check[] = [fromStart, noGap, concurrent, reconnect, prompt];

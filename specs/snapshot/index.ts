import type { Check } from '../../helpers/judging/check.ts';
import { durable } from './durable.ts';
import { equalsLive } from './equals-live.ts';
import { prompt } from './prompt.ts';
import { served } from './served.ts';
import { stable } from './stable.ts';
import { unwatched } from './unwatched.ts';

export const snapshotChecks: readonly Check[] = [served, equalsLive, stable, durable, unwatched, prompt];

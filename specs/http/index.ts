import type { Check } from '../../helpers/judging/check.ts';
import { cache } from './cache.ts';
import { completeBody } from './complete-body.ts';
import { contentCoding } from './content-coding.ts';
import { contentType } from './content-type.ts';
import { head } from './head.ts';
import { status } from './status.ts';

export const httpChecks: readonly Check[] = [status, contentType, completeBody, contentCoding, head, cache];

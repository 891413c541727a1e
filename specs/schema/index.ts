import type { Check } from '../../helpers/judging/check.ts';
import { batch } from './batch.ts';
import { nonemptyBatch } from './nonempty-batch.ts';
import { oneToken } from './one-token.ts';
import { undocumented } from './undocumented.ts';
import { uniqueMembers } from './unique-members.ts';
import { wordText } from './word-text.ts';

export const schemaChecks: readonly Check[] = [batch, wordText, oneToken, nonemptyBatch, uniqueMembers, undocumented];

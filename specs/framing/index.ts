import type { Check } from '../../helpers/judging/check.ts';
import { bom } from './bom.ts';
import { dispatched } from './dispatched.ts';
import { eventTypes } from './event-types.ts';
import { fields } from './fields.ts';
import { json } from './json.ts';
import { retryId } from './retry-id.ts';
import { unknownFields } from './unknown-fields.ts';
import { utf8 } from './utf8.ts';

export const framingChecks: readonly Check[] = [
  utf8,
  fields,
  unknownFields,
  dispatched,
  eventTypes,
  bom,
  json,
  retryId,
];

import type { Check } from '../../helpers/judging/check.ts';
import { badRequest } from './bad-request.ts';
import { code } from './code.ts';
import { docUrl } from './doc-url.ts';
import { envelope } from './envelope.ts';
import { mediaType } from './media-type.ts';
import { message } from './message.ts';
import { noLeak } from './no-leak.ts';
import { notFound } from './not-found.ts';

export const errorsChecks: readonly Check[] = [
  notFound,
  badRequest,
  mediaType,
  envelope,
  message,
  code,
  docUrl,
  noLeak,
];

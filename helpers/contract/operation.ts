import { valueAt } from './pointer.ts';

/** Where the contract speaks of the words stream (JSON pointers, RFC 6901). */
export const WORDS_PATH = '/v3/avatar-realtime/{stream_id}/words';
export const OPERATION = '/paths/~1v3~1avatar-realtime~1{stream_id}~1words/get';
export const SCHEMAS = '/components/schemas';
export const ERROR_STATUSES = ['400', '401', '404', '429'] as const;

export const responseAt = (status: string): string => `${OPERATION}/responses/${status}`;

/** The schema that the prose names for the data of the end event; undefined where the contract does not define it. */
export function endSchemaPointer(document: unknown): string | undefined {
  const prose = [`${OPERATION}/description`, `${responseAt('200')}/description`]
    .map((pointer) => valueAt(document, pointer))
    .filter((text) => typeof text === 'string')
    .join('\n');
  const named = /`event:\s*end`[^`]*`(\w+)`/.exec(prose)?.[1];
  return [named, 'WordsEndEvent']
    .filter((name) => name !== undefined)
    .map((name) => `${SCHEMAS}/${name}`)
    .find((pointer) => valueAt(document, pointer) !== undefined);
}

/** Where the contract speaks of the words stream (JSON pointers, RFC 6901). */
export const WORDS_PATH = '/v3/avatar-realtime/{stream_id}/words';
export const OPERATION = '/paths/~1v3~1avatar-realtime~1{stream_id}~1words/get';
export const SCHEMAS = '/components/schemas';
export const ERROR_STATUSES = ['400', '401', '404', '429'] as const;

export const responseAt = (status: string): string => `${OPERATION}/responses/${status}`;

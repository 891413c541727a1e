import type { Refusal, RefusalDocument, RefusalReason } from './pipeline.ts';

/** Status and code of each refusal; those of the contract's operation are 400, 401, 404 and 429. */
const KINDS: Readonly<Record<RefusalReason, { readonly status: number; readonly code: string }>> = {
  credentials: { status: 401, code: 'authentication_failed' },
  'unknown-stream': { status: 404, code: 'not_found' },
  'unknown-path': { status: 404, code: 'not_found' },
  'malformed-id': { status: 400, code: 'invalid_parameter' },
  'malformed-request': { status: 400, code: 'invalid_parameter' },
  'invalid-parameter': { status: 400, code: 'invalid_parameter' },
  method: { status: 405, code: 'method_not_allowed' },
  'input-closed': { status: 410, code: 'stream_closed' },
  'body-size': { status: 413, code: 'payload_too_large' },
  'rate-limit': { status: 429, code: 'rate_limit_exceeded' },
  'session-limit': { status: 429, code: 'rate_limit_exceeded' },
  internal: { status: 500, code: 'internal_error' },
};

export function refusal(
  reason: RefusalReason,
  message: string,
  extra: { readonly param?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Refusal {
  return { reason, ...KINDS[reason], message, ...extra };
}

export const notAuthenticated = refusal(
  'credentials',
  'Invalid or expired API key. Verify your x-api-key header, or your bearer token.',
  { headers: { 'www-authenticate': 'Bearer realm="avatar-realtime"' } },
);
export const unknownStream = refusal('unknown-stream', 'Streaming session not found.');
export const unknownPath = refusal('unknown-path', 'Resource not found.');
export const malformedId = refusal('malformed-id', 'The stream_id is not a valid identifier.', { param: 'stream_id' });
export const malformedRequest = refusal('malformed-request', 'The request could not be read.');

/** The contract's envelope: `{"error": StandardAPIError}`, with every member of the schema. */
export function errorDocument({ status, code, message, param, headers }: Refusal): RefusalDocument {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify({ error: { code, message, param: param ?? null, doc_url: null } }),
  };
}

/** Thrown by handlers; answered by the `refuse` stage. */
export class RefusedError extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

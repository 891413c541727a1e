import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { malformedId, notAuthenticated, unknownStream } from './errors.ts';
import type {
  Access,
  AccessTools,
  Account,
  Identity,
  RequestContext,
  SessionDirectory,
  StreamView,
} from './pipeline.ts';

/** RFC 3986 unreserved characters; the dots alone would be path segments. */
const WELL_FORMED_ID = /^(?!\.{1,2}$)[A-Za-z0-9._~-]{1,128}$/;

/** Every credential that is sent must be good, and all must belong to one account. */
export function authenticate(headers: IncomingHttpHeaders, accounts: readonly Account[]): Identity | null {
  const { authorization } = headers;
  const apiKey = headers['x-api-key'];
  const found: (Identity | null)[] = [];
  if (apiKey !== undefined) {
    const account = accounts.find(({ apiKeys }) => apiKeys.some((key) => sameSecret(key, String(apiKey))));
    found.push(account ? { account: account.name, credential: 'api-key' } : null);
  }
  if (authorization !== undefined) {
    const token = /^bearer +(\S+)$/i.exec(authorization)?.[1] ?? '';
    const account = accounts.find(({ bearerTokens }) => bearerTokens.some((known) => sameSecret(known, token)));
    found.push(account ? { account: account.name, credential: 'bearer' } : null);
  }
  const [first = null] = found;
  return first && found.every((identity) => identity?.account === first.account) ? first : null;
}

/** Looks at the credential first: without one, a known, an unknown and a malformed id get the same answer. */
export async function access(request: RequestContext, tools: AccessTools): Promise<Access<StreamView>> {
  if (!request.identity) return { refused: notAuthenticated };
  if (request.streamId === undefined || !WELL_FORMED_ID.test(request.streamId)) return { refused: malformedId };
  return tools.find(request.streamId, request.identity);
}

/** Another account's session gets the same answer as an unknown one. */
export async function find(
  streamId: string,
  identity: Identity,
  sessions: SessionDirectory,
): Promise<Access<StreamView>> {
  const stream = await sessions.get(streamId);
  return stream && stream.account === identity.account ? { granted: stream } : { refused: unknownStream };
}

function sameSecret(known: string, given: string): boolean {
  return known !== '' && timingSafeEqual(digest(known), digest(given));
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

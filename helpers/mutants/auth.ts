import { notAuthenticated, unknownStream } from '../reference/errors.ts';
import type { Access, Identity, RefusalDocument, RequestContext, Stages, StreamView } from '../reference/pipeline.ts';
import { type Fault, faultsOf, type Variant, variantsNear } from './cases.ts';
import {
  anyRefusal,
  atTheStart,
  frames,
  type Override,
  refusalHeaders,
  refusedAs,
  rewordedRefusals,
  withHeaders,
  withStatus,
} from './overrides.ts';

type Headers = Parameters<Stages['authenticate']>[0];
type Decision = Access<StreamView> | undefined | false;

const CERTIFIED: Identity = { account: 'certified', credential: 'bearer' };
const FORBIDDEN = { ...notAuthenticated, status: 403, code: 'forbidden', headers: {} };
const OLDER_SESSION = { completed: ['An older session, kept for ever. Is it all there? Yes, every word of it.'] };

/** Lets in, as the certified account, whoever `admits` says; others are looked at as they should be. */
function admitting(admits: (headers: Headers, keys: readonly string[]) => boolean): Override {
  return (defaults) => ({
    authenticate(headers, accounts) {
      const keys = accounts.find(({ name }) => name === CERTIFIED.account)?.apiKeys ?? [];
      return defaults.authenticate(headers, accounts) ?? (admits(headers, keys) ? CERTIFIED : null);
    },
  });
}

/** Lets in, as the certified account, whose API key `isGood` says is one of the account's keys. */
function comparing(isGood: (given: string, key: string) => boolean): Override {
  return admitting((headers, keys) => keys.some((key) => isGood(keyOf(headers) ?? '', key)));
}

/** Decides before the credential is looked at. */
function deciding(decide: (stream: StreamView | undefined, request: RequestContext) => Decision): Override {
  return (defaults) => ({
    access: async (request, tools) =>
      decide(await tools.get(request.streamId ?? ''), request) || defaults.access(request, tools),
  });
}

/** Decides who may open a session that exists. */
export function opening(decide: (stream: StreamView, identity: Identity) => Decision): Override {
  return (defaults) => ({
    async find(streamId, identity, sessions) {
      const stream = await sessions.get(streamId);
      return (stream && decide(stream, identity)) || defaults.find(streamId, identity, sessions);
    },
  });
}

function keyOf(headers: Headers): string | undefined {
  const key = headers['x-api-key'];
  return key === undefined ? undefined : String(key);
}

function credentialOf({ headers }: { readonly headers: Headers }): string | undefined {
  return keyOf(headers) ?? headers.authorization;
}

/** Another answer for a request without a credential; a wrong one is refused as it should be. */
function missingAnswers(answer: RefusalDocument): Override {
  return refusedAs(({ status }, request) => status === 401 && credentialOf(request) === undefined, answer);
}

export const faults: readonly Fault[] = [
  ...faultsOf('auth.bearer', 'fail', {
    'bearer-refused': [
      'Refuses bearer tokens on the words stream: API keys alone are let in.',
      deciding((_, { identity }) => identity?.credential === 'bearer' && { refused: notAuthenticated }),
    ],
    'bearer-refused-on-completed-sessions': [
      'Opens completed sessions to API keys alone, and live ones to bearer tokens as well.',
      deciding(
        (stream, { identity }) =>
          stream?.status === 'completed' && identity?.credential === 'bearer' && { refused: notAuthenticated },
      ),
    ],
  }),
  ...faultsOf('auth.api-key', 'fail', {
    'api-key-refused-on-old-sessions': [
      'Opens its older sessions to bearer tokens alone.',
      deciding(
        (stream, { identity }) =>
          stream?.words[0]?.word === 'An' && identity?.credential === 'api-key' && { refused: notAuthenticated },
      ),
      OLDER_SESSION,
    ],
    'api-key-refused-everywhere': [
      'Accepts bearer tokens alone, on every endpoint.',
      (defaults) => ({
        authenticate: ({ 'x-api-key': _, ...headers }, accounts) => defaults.authenticate(headers, accounts),
      }),
    ],
  }),
  ...faultsOf('auth.invalid', 'fail', {
    'key-compared-without-case': [
      'Compares API keys without regard to case.',
      comparing((given, key) => key.toLowerCase() === given.toLowerCase()),
    ],
    'key-compared-by-its-beginning': [
      'Compares as many characters of an API key as the request gives.',
      comparing((given, key) => given.length > 8 && key.startsWith(given)),
    ],
    'key-cut-before-it-is-compared': [
      'Cuts API keys to their column of a database before it compares them.',
      comparing((given, key) => given.startsWith(key)),
    ],
    'bearer-never-looked-at': [
      'Lets in whoever sends any bearer token.',
      admitting(({ authorization }) => /^bearer +\S/i.test(authorization ?? '')),
    ],
    'key-compared-by-its-start': [
      'Compares the first eight characters of an API key.',
      comparing((given, key) => given.startsWith(key.slice(0, 8))),
    ],
    'longer-key-accepted': [
      'Looks at as much of an API key as its own has, and not at what comes after.',
      comparing((given, key) => given.startsWith(key)),
    ],
    'empty-key-accepted': ['Takes an empty API key for a good one.', admitting((headers) => keyOf(headers) === '')],
    'any-scheme-accepted': [
      'Lets in whoever sends an Authorization header of another scheme.',
      admitting(({ authorization }) => /^basic /i.test(authorization ?? '')),
    ],
    'scheme-never-looked-at': [
      'Takes the second word of the Authorization header for a bearer token, whatever the first one says.',
      (defaults) => ({
        authenticate: ({ authorization, ...headers }, accounts) =>
          defaults.authenticate(
            authorization ? { ...headers, authorization: authorization.replace(/^\S+/, 'Bearer') } : headers,
            accounts,
          ),
      }),
    ],
    'wrong-key-forbidden': [
      'Answers 403 to a wrong API key.',
      rewordedRefusals((refusal, { headers }) => (refusal.status === 401 && keyOf(headers) ? FORBIDDEN : refusal)),
    ],
  }),
  ...faultsOf('auth.missing', 'fail', {
    'completed-sessions-for-everyone': [
      'Serves completed sessions without looking at the credential.',
      deciding((stream, { identity }) => {
        const mayRead = stream?.account === CERTIFIED.account && identity?.account !== 'other';
        return mayRead && stream.status === 'completed' && { granted: stream };
      }),
      { also: { 'auth.invalid': 'fail' } },
    ],
    'no-credential-needed': [
      'Lets in whoever sends no credential at all.',
      admitting((headers) => credentialOf({ headers }) === undefined),
    ],
    'account-remembered-with-the-connection': [
      'Takes a request without a credential for one of the account that used its connection before.',
      (defaults) => {
        const accounts = new WeakMap<object, Identity>();
        return {
          access: (request, tools) => {
            const { connection } = request;
            if (request.identity) accounts.set(connection, request.identity);
            const remembered = credentialOf(request) === undefined ? accounts.get(connection) : undefined;
            return defaults.access({ ...request, identity: request.identity ?? remembered ?? null }, tools);
          },
        };
      },
    ],
    'missing-credential-forbidden': [
      'Answers 403 where no credential is sent.',
      missingAnswers({
        status: 403,
        headers: { 'content-type': 'application/json' },
        body: '{"error":{"code":"forbidden","message":"No."}}',
      }),
    ],
    'login-page': [
      'Answers 200 and a login page where no credential is sent.',
      missingAnswers({
        status: 200,
        headers: { 'content-type': 'text/html' },
        body: '<html><form>Log in</form></html>',
      }),
    ],
    'redirect-to-login': [
      'Redirects to a login page where no credential is sent.',
      missingAnswers({ status: 302, headers: { location: 'https://login.example.com/' }, body: '' }),
    ],
  }),
  ...faultsOf('auth.before-lookup', 'fail', {
    'not-found-before-unauthorized': [
      'Looks up the session first: 404 without a credential tells who does not exist.',
      deciding((stream) => stream === undefined && { refused: unknownStream }),
    ],
  }),
  ...faultsOf('auth.no-echo', 'fail', {
    'key-in-the-message': [
      'Repeats the API key in the message of its 401.',
      rewordedRefusals((refusal, { headers }) => {
        const key = keyOf(headers);
        return refusal.status === 401 && key ? { ...refusal, message: `The key ${key} is not valid.` } : refusal;
      }),
    ],
    'key-in-a-header': [
      'Repeats the credential of the request in a header of the stream.',
      withHeaders(({ request }) => ({ 'x-debug-key': keyOf(request.headers) ?? 'none' })),
    ],
    'key-in-a-comment': [
      'Greets a subscriber with its own credential, in a comment.',
      frames('any', (frame, _, { request }) => `: hello ${credentialOf(request) ?? ''}\n\n${frame}`, atTheStart),
    ],
  }),
  ...faultsOf('auth.challenge', 'warn', {
    'unauthorized-without-challenge': [
      'Leaves WWW-Authenticate out where no credential is sent.',
      refusalHeaders(withStatus(401), { 'www-authenticate': undefined }),
    ],
  }),
  ...faultsOf('auth.isolation', 'fail', {
    'other-account-let-in': ['Opens every session to every account.', opening((stream) => ({ granted: stream }))],
    'other-account-reads-snapshots': [
      'Opens completed sessions to every account.',
      opening((stream) => stream.status === 'completed' && { granted: stream }),
    ],
    'other-account-gets-a-conflict': [
      'Answers 409 to another account.',
      opening(({ account }, identity) => account !== identity.account && { refused: { ...FORBIDDEN, status: 409 } }),
    ],
  }),
];

export const variants: readonly Variant[] = [
  ...variantsNear('auth.challenge', {
    'two-challenges': [
      'Offers two schemes in WWW-Authenticate.',
      refusalHeaders(withStatus(401), {
        'www-authenticate': 'ApiKey realm="words", Bearer error="invalid_token"',
      }),
    ],
    'no-challenge': [
      'Sends 401 without WWW-Authenticate.',
      refusalHeaders(anyRefusal, { 'www-authenticate': undefined }),
      { warns: ['auth.challenge'] },
    ],
  }),
  ...variantsNear('auth.isolation', {
    'other-account-unauthorized': [
      'Answers 401, not 404, to another account.',
      opening(({ account }, identity) => account !== identity.account && { refused: notAuthenticated }),
    ],
    'other-account-forbidden': [
      'Answers 403 to another account.',
      opening(({ account }, identity) => account !== identity.account && { refused: FORBIDDEN }),
      { warns: ['auth.isolation'] },
    ],
  }),
  ...variantsNear('auth.before-lookup', {
    'one-message-for-each-lack': [
      'Words its 401 differently for a missing and for a wrong credential.',
      rewordedRefusals((refusal, request) => {
        const missing = credentialOf(request) === undefined;
        const message = missing ? 'No credential was given.' : 'The credential is not valid.';
        return refusal.status === 401 ? { ...refusal, message } : refusal;
      }),
    ],
  }),
];

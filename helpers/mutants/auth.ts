import { notAuthenticated, unknownStream } from '../reference/errors.ts';
import type { Identity, Stages } from '../reference/pipeline.ts';
import { withHeaders } from './overrides.ts';
import { withRefusals } from './refusal-overrides.ts';
import type { Fault, Variant } from './types.ts';

type Headers = Parameters<Stages['authenticate']>[0];

const CERTIFIED: Identity = { account: 'certified', credential: 'bearer' };

/** Lets in, as the certified account, whoever `admits` says; others are looked at as they should be. */
function admitting(defaults: Stages, admits: (headers: Headers, keys: readonly string[]) => boolean): Partial<Stages> {
  return {
    authenticate(headers, accounts) {
      const keys = accounts.find(({ name }) => name === CERTIFIED.account)?.apiKeys ?? [];
      return defaults.authenticate(headers, accounts) ?? (admits(headers, keys) ? CERTIFIED : null);
    },
  };
}

function keyOf(headers: Headers): string | undefined {
  const key = headers['x-api-key'];
  return key === undefined ? undefined : String(key);
}

/** Another answer for a request without a credential; a wrong one is refused as it should be. */
function missingAnswers(status: number, headers: Record<string, string>, body: string): NonNullable<Fault['stages']> {
  return (defaults) => ({
    refuse(refusal, request) {
      const given = keyOf(request.headers) ?? request.headers.authorization;
      return refusal.status === 401 && given === undefined
        ? { status, headers, body }
        : defaults.refuse(refusal, request);
    },
  });
}

const FORBIDDEN = { ...notAuthenticated, status: 403, code: 'forbidden', headers: {} };

export const authFaults: readonly Fault[] = [
  {
    id: 'bearer-refused',
    sentence: 'Refuses bearer tokens on the words stream: API keys alone are let in.',
    turns: { 'auth.bearer': 'fail' },
    stages: (defaults) => ({
      access: async (request, tools) =>
        request.identity?.credential === 'bearer' ? { refused: notAuthenticated } : defaults.access(request, tools),
    }),
  },
  {
    id: 'api-key-refused-on-old-sessions',
    sentence: 'Opens its older sessions to bearer tokens alone.',
    turns: { 'auth.api-key': 'fail' },
    completed: ['An older session, kept for ever. Is it all there? Yes, every word of it.'],
    stages: (defaults) => ({
      async access(request, tools) {
        const stream = await tools.get(request.streamId ?? '');
        const isOld = stream?.words[0]?.word === 'An';
        return isOld && request.identity?.credential === 'api-key'
          ? { refused: notAuthenticated }
          : defaults.access(request, tools);
      },
    }),
  },
  {
    id: 'api-key-refused-everywhere',
    sentence: 'Accepts bearer tokens alone, on every endpoint.',
    turns: { 'auth.api-key': 'fail' },
    stages: (defaults) => ({
      authenticate: ({ 'x-api-key': _, ...headers }, accounts) => defaults.authenticate(headers, accounts),
    }),
  },
  {
    id: 'key-compared-without-case',
    sentence: 'Compares API keys without regard to case.',
    turns: { 'auth.invalid': 'fail' },
    stages: (defaults) =>
      admitting(defaults, (headers, keys) => keys.some((key) => key.toLowerCase() === keyOf(headers)?.toLowerCase())),
  },
  {
    id: 'key-compared-by-its-beginning',
    sentence: 'Compares as many characters of an API key as the request gives.',
    turns: { 'auth.invalid': 'fail' },
    stages: (defaults) =>
      admitting(defaults, (headers, keys) => {
        const given = keyOf(headers) ?? '';
        return given.length > 8 && keys.some((key) => key.startsWith(given));
      }),
  },
  {
    id: 'key-cut-before-it-is-compared',
    sentence: 'Cuts API keys to their column of a database before it compares them.',
    turns: { 'auth.invalid': 'fail' },
    stages: (defaults) =>
      admitting(defaults, (headers, keys) => keys.some((key) => keyOf(headers)?.startsWith(key) ?? false)),
  },
  {
    id: 'bearer-never-looked-at',
    sentence: 'Lets in whoever sends any bearer token.',
    turns: { 'auth.invalid': 'fail' },
    stages: (defaults) => admitting(defaults, ({ authorization }) => /^bearer +\S/i.test(authorization ?? '')),
  },
  {
    id: 'key-compared-by-its-start',
    sentence: 'Compares the first eight characters of an API key.',
    turns: { 'auth.invalid': 'fail' },
    stages: (defaults) =>
      admitting(defaults, (headers, keys) => keys.some((key) => keyOf(headers)?.startsWith(key.slice(0, 8)) === true)),
  },
  {
    id: 'longer-key-accepted',
    sentence: 'Looks at as much of an API key as its own has, and not at what comes after.',
    turns: { 'auth.invalid': 'fail' },
    stages: (defaults) =>
      admitting(defaults, (headers, keys) => keys.some((key) => keyOf(headers)?.startsWith(key) === true)),
  },
  {
    id: 'empty-key-accepted',
    sentence: 'Takes an empty API key for a good one.',
    turns: { 'auth.invalid': 'fail' },
    stages: (defaults) => admitting(defaults, (headers) => keyOf(headers) === ''),
  },
  {
    id: 'any-scheme-accepted',
    sentence: 'Lets in whoever sends an Authorization header of another scheme.',
    turns: { 'auth.invalid': 'fail' },
    stages: (defaults) => admitting(defaults, ({ authorization }) => /^basic /i.test(authorization ?? '')),
  },
  {
    id: 'wrong-key-forbidden',
    sentence: 'Answers 403 to a wrong API key.',
    turns: { 'auth.invalid': 'fail' },
    stages: (defaults) => ({
      refuse: (refusal, request) =>
        defaults.refuse(refusal.status === 401 && keyOf(request.headers) ? FORBIDDEN : refusal, request),
    }),
  },
  {
    id: 'completed-sessions-for-everyone',
    sentence: 'Serves completed sessions without looking at the credential.',
    turns: { 'auth.missing': 'fail', 'auth.invalid': 'fail' },
    stages: (defaults) => ({
      async access(request, tools) {
        const stream = await tools.get(request.streamId ?? '');
        const mayRead = stream?.account === CERTIFIED.account && request.identity?.account !== 'other';
        return mayRead && stream.status === 'completed' ? { granted: stream } : defaults.access(request, tools);
      },
    }),
  },
  {
    id: 'no-credential-needed',
    sentence: 'Lets in whoever sends no credential at all.',
    turns: { 'auth.missing': 'fail' },
    stages: (defaults) =>
      admitting(defaults, (headers) => keyOf(headers) === undefined && headers.authorization === undefined),
  },
  {
    id: 'missing-credential-forbidden',
    sentence: 'Answers 403 where no credential is sent.',
    turns: { 'auth.missing': 'fail' },
    stages: missingAnswers(
      403,
      { 'content-type': 'application/json' },
      '{"error":{"code":"forbidden","message":"No."}}',
    ),
  },
  {
    id: 'login-page',
    sentence: 'Answers 200 and a login page where no credential is sent.',
    turns: { 'auth.missing': 'fail' },
    stages: missingAnswers(200, { 'content-type': 'text/html' }, '<html><form>Log in</form></html>'),
  },
  {
    id: 'redirect-to-login',
    sentence: 'Redirects to a login page where no credential is sent.',
    turns: { 'auth.missing': 'fail' },
    stages: missingAnswers(302, { location: 'https://login.example.com/' }, ''),
  },
  {
    id: 'not-found-before-unauthorized',
    sentence: 'Looks up the session first: 404 without a credential tells who does not exist.',
    turns: { 'auth.before-lookup': 'fail' },
    stages: (defaults) => ({
      async access(request, tools) {
        const stream = await tools.get(request.streamId ?? '');
        return stream ? defaults.access(request, tools) : { refused: unknownStream };
      },
    }),
  },
  {
    id: 'key-in-the-message',
    sentence: 'Repeats the API key in the message of its 401.',
    turns: { 'auth.no-echo': 'fail' },
    stages: (defaults) => ({
      refuse(refusal, request) {
        const key = keyOf(request.headers);
        const message = key ? `The key ${key} is not valid.` : refusal.message;
        return defaults.refuse(refusal.status === 401 ? { ...refusal, message } : refusal, request);
      },
    }),
  },
  {
    id: 'key-in-a-header',
    sentence: 'Repeats the credential of the request in a header of the stream.',
    turns: { 'auth.no-echo': 'fail' },
    stages: (defaults) => ({
      head: (ctx) =>
        withHeaders(defaults, { 'x-debug-key': keyOf(ctx.request.headers) ?? 'none' }).head?.(ctx) ??
        defaults.head(ctx),
    }),
  },
  {
    id: 'key-in-a-comment',
    sentence: 'Greets a subscriber with its own credential, in a comment.',
    turns: { 'auth.no-echo': 'fail' },
    stages: (defaults) => ({
      frame(item, ctx) {
        const frame = defaults.frame(item, ctx);
        const { headers } = ctx.request;
        return ctx.sent.frames === 0 ? `: hello ${keyOf(headers) ?? headers.authorization ?? ''}\n\n${frame}` : frame;
      },
    }),
  },
  {
    id: 'unauthorized-without-challenge',
    sentence: 'Leaves WWW-Authenticate out where no credential is sent.',
    turns: { 'auth.challenge': 'warn' },
    stages: (defaults) =>
      withRefusals(defaults, (document, { status }) => {
        if (status !== 401) return document;
        const headers = Object.entries(document.headers).filter(([name]) => name !== 'www-authenticate');
        return { ...document, headers: Object.fromEntries(headers) };
      }),
  },
  {
    id: 'other-account-let-in',
    sentence: 'Opens every session to every account.',
    turns: { 'auth.isolation': 'fail' },
    stages: (defaults) => ({
      async find(streamId, identity, sessions) {
        const stream = await sessions.get(streamId);
        return stream ? { granted: stream } : defaults.find(streamId, identity, sessions);
      },
    }),
  },
  {
    id: 'other-account-reads-snapshots',
    sentence: 'Opens completed sessions to every account.',
    turns: { 'auth.isolation': 'fail' },
    stages: (defaults) => ({
      async find(streamId, identity, sessions) {
        const stream = await sessions.get(streamId);
        return stream?.status === 'completed' ? { granted: stream } : defaults.find(streamId, identity, sessions);
      },
    }),
  },
  {
    id: 'other-account-gets-a-conflict',
    sentence: 'Answers 409 to another account.',
    turns: { 'auth.isolation': 'fail' },
    stages: (defaults) => ({
      async find(streamId, identity, sessions) {
        const stream = await sessions.get(streamId);
        const theirs = stream !== undefined && stream.account !== identity.account;
        return theirs ? { refused: { ...FORBIDDEN, status: 409 } } : defaults.find(streamId, identity, sessions);
      },
    }),
  },
];

export const authVariants: readonly Variant[] = [
  {
    id: 'two-challenges',
    sentence: 'Offers two schemes in WWW-Authenticate.',
    near: 'auth.challenge',
    stages: (defaults) =>
      withRefusals(defaults, (document) =>
        document.status === 401
          ? {
              ...document,
              headers: {
                ...document.headers,
                'www-authenticate': 'ApiKey realm="words", Bearer error="invalid_token"',
              },
            }
          : document,
      ),
  },
  {
    id: 'no-challenge',
    sentence: 'Sends 401 without WWW-Authenticate.',
    near: 'auth.challenge',
    warns: ['auth.challenge'],
    stages: (defaults) =>
      withRefusals(defaults, (document) => {
        const headers = Object.entries(document.headers).filter(([name]) => name.toLowerCase() !== 'www-authenticate');
        return { ...document, headers: Object.fromEntries(headers) };
      }),
  },
  {
    id: 'other-account-unauthorized',
    sentence: 'Answers 401, not 404, to another account.',
    near: 'auth.isolation',
    stages: (defaults) => ({
      async find(streamId, identity, sessions) {
        const found = await defaults.find(streamId, identity, sessions);
        const stream = await sessions.get(streamId);
        return found.refused && stream ? { refused: notAuthenticated } : found;
      },
    }),
  },
  {
    id: 'other-account-forbidden',
    sentence: 'Answers 403 to another account.',
    near: 'auth.isolation',
    warns: ['auth.isolation'],
    stages: (defaults) => ({
      async find(streamId, identity, sessions) {
        const found = await defaults.find(streamId, identity, sessions);
        const stream = await sessions.get(streamId);
        const refused = { ...notAuthenticated, status: 403, code: 'forbidden', headers: {} };
        return found.refused && stream ? { refused } : found;
      },
    }),
  },
  {
    id: 'one-message-for-each-lack',
    sentence: 'Words its 401 differently for a missing and for a wrong credential.',
    near: 'auth.before-lookup',
    stages: (defaults) => ({
      refuse(refusal, request) {
        const given = request.headers['x-api-key'] ?? request.headers.authorization;
        const message = given === undefined ? 'No credential was given.' : 'The credential is not valid.';
        return defaults.refuse(refusal.status === 401 ? { ...refusal, message } : refusal, request);
      },
    }),
  },
];

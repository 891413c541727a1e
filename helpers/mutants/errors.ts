import { malformedId, unknownStream } from '../reference/errors.ts';
import type { Refusal, RefusalDocument, RequestContext, Stages } from '../reference/pipeline.ts';
import { withErrors, withRefusals } from './refusal-overrides.ts';
import type { Fault, Variant } from './types.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

function answers(status: number, body: string, headers: Readonly<Record<string, string>> = JSON_TYPE): RefusalDocument {
  return { status, headers, body };
}

/** Another answer for the refusals that `when` picks. */
function instead(
  when: (refusal: Refusal, request: RequestContext) => boolean,
  answer: RefusalDocument | ((document: RefusalDocument) => RefusalDocument),
): (defaults: Stages) => Partial<Stages> {
  return (defaults) =>
    withRefusals(defaults, (document, refusal, request) => {
      if (!when(refusal, request)) return document;
      return typeof answer === 'function' ? answer(document) : answer;
    });
}

/** Another account's session is as unknown, and auth.isolation's matter. */
const unknown = ({ reason }: Refusal, { identity }: RequestContext) =>
  reason === 'unknown-stream' && identity?.account === 'certified';
const malformed = ({ reason }: Refusal) => reason === 'malformed-id' || reason === 'malformed-request';
const overLong = (_: Refusal, { url }: RequestContext) => url.length > 600;
/** Requests that servers in front of an application answer themselves. */
const strange = (refusal: Refusal, request: RequestContext) =>
  malformed(refusal) && (overLong(refusal, request) || request.url.includes('%'));
const notFound = ({ status }: Refusal) => status === 404;

function body(id: string, sentence: string, make: (error: Record<string, unknown>) => unknown): Fault {
  return {
    id,
    sentence,
    turns: { 'errors.envelope': 'fail' },
    stages: (defaults) => withErrors(defaults, make),
  };
}

export const errorsFaults: readonly Fault[] = [
  {
    id: 'unknown-session-ends-at-once',
    sentence: 'Answers an unknown session with 200 and an immediate end.',
    turns: { 'errors.not-found': 'fail' },
    stages: instead(unknown, answers(200, 'event: end\ndata: {}\n\n', { 'content-type': 'text/event-stream' })),
  },
  {
    id: 'unknown-session-is-a-bad-request',
    sentence: 'Answers 400 to an unknown session.',
    turns: { 'errors.not-found': 'fail' },
    stages: instead(unknown, (document) => ({ ...document, status: 400 })),
  },
  {
    id: 'unknown-session-breaks-the-server',
    sentence: 'Answers 500 in HTML to an unknown session.',
    turns: { 'errors.not-found': 'fail' },
    stages: instead(unknown, answers(500, '<html><h1>Server error</h1></html>', { 'content-type': 'text/html' })),
  },
  {
    id: 'unknown-session-is-gone',
    sentence: 'Answers 410 to an unknown session.',
    turns: { 'errors.not-found': 'fail' },
    stages: instead(unknown, (document) => ({ ...document, status: 410 })),
  },
  {
    id: 'malformed-ids-break-the-server',
    sentence: 'Answers 500 to every malformed id.',
    turns: { 'errors.bad-request': 'fail' },
    stages: instead(malformed, answers(500, '{"error":{"code":"internal_error","message":"Oops."}}')),
  },
  {
    id: 'nul-breaks-the-server',
    sentence: 'Answers 500 to an id that holds %00, and to no other.',
    turns: { 'errors.bad-request': 'fail' },
    stages: (defaults) => ({
      refuse: (refusal, request) =>
        request.url.includes('%00')
          ? answers(500, '{"error":{"code":"internal_error","message":"Oops."}}')
          : defaults.refuse(refusal, request),
    }),
  },
  {
    id: 'malformed-ids-are-streams',
    sentence: 'Answers a malformed id with 200 and an empty stream.',
    turns: { 'errors.bad-request': 'fail' },
    stages: instead(malformed, answers(200, 'event: end\ndata: {}\n\n', { 'content-type': 'text/event-stream' })),
  },
  {
    id: 'malformed-ids-are-forbidden',
    sentence: 'Answers 403 to malformed ids.',
    turns: { 'errors.bad-request': 'fail' },
    stages: instead(malformed, (document) => ({ ...document, status: 403 })),
  },
  {
    id: 'long-ids-break-the-server',
    sentence: 'Answers 500 to an id of 1,000 characters, and to no other.',
    turns: { 'errors.bad-request': 'fail' },
    stages: instead(overLong, answers(500, '<h1>Internal Server Error</h1>', { 'content-type': 'text/html' })),
  },
  {
    id: 'malformed-ids-get-a-page',
    sentence: 'Answers 400 in HTML to malformed ids.',
    turns: { 'errors.media-type': 'fail' },
    stages: instead(malformed, answers(400, '<h1>Bad Request</h1>', { 'content-type': 'text/html' })),
  },
  {
    id: 'errors-as-plain-text',
    sentence: 'Names text/plain for its errors.',
    turns: { 'errors.media-type': 'fail' },
    stages: instead(
      () => true,
      (document) => ({ ...document, headers: { ...document.headers, 'content-type': 'text/plain' } }),
    ),
  },
  {
    id: 'not-found-as-problem-json',
    sentence: 'Names application/problem+json for its 404.',
    turns: { 'errors.media-type': 'fail' },
    stages: instead(notFound, (document) => ({
      ...document,
      headers: { ...document.headers, 'content-type': 'application/problem+json' },
    })),
  },
  {
    id: 'errors-without-media-type',
    sentence: 'Names no media type for its errors.',
    turns: { 'errors.media-type': 'fail' },
    stages: instead(
      () => true,
      (document) => ({
        ...document,
        headers: Object.fromEntries(Object.entries(document.headers).filter(([name]) => name !== 'content-type')),
      }),
    ),
  },
  body('error-body-empty-object', 'Answers errors with {}.', () => ({})),
  body('error-body-null', 'Answers errors with null.', () => null),
  body('error-body-array', 'Answers errors with an array of errors.', (error) => [{ error }]),
  body('error-is-a-string', 'Gives error as a string.', (error) => ({ error: String(error.message) })),
  body('error-not-wrapped', 'Gives code and message without the error member around them.', (error) => error),
  body('error-without-code', 'Leaves the code out of its errors.', ({ message }) => ({ error: { message } })),
  body('error-without-message', 'Leaves the message out of its errors.', ({ code }) => ({ error: { code } })),
  body('error-code-is-a-number', 'Gives the code as a number.', (error) => ({ error: { ...error, code: 4010 } })),
  body('error-param-is-a-list', 'Gives param as a list.', (error) => ({ error: { ...error, param: ['stream_id'] } })),
  {
    id: 'not-found-is-an-empty-object',
    sentence: 'Answers 404 with {}.',
    turns: { 'errors.envelope': 'fail' },
    stages: instead(notFound, (document) => ({ ...document, body: '{}' })),
  },
  {
    id: 'error-body-missing',
    sentence: 'Answers errors with no body at all.',
    turns: { 'errors.envelope': 'fail' },
    stages: instead(
      () => true,
      (document) => ({ ...document, body: '' }),
    ),
  },
  {
    id: 'error-body-is-no-json',
    sentence: 'Calls its error pages JSON, and sends HTML.',
    turns: { 'errors.envelope': 'fail' },
    stages: instead(notFound, (document) => ({ ...document, body: '<html>Not found</html>' })),
  },
  {
    id: 'error-body-begins-with-a-mark',
    sentence: 'Puts a byte order mark before its errors.',
    turns: { 'errors.envelope': 'fail' },
    stages: instead(
      () => true,
      (document) => ({ ...document, body: `\ufeff${String(document.body)}` }),
    ),
  },
  {
    id: 'error-message-empty',
    sentence: 'Gives an empty message.',
    turns: { 'errors.message': 'warn' },
    stages: (defaults) => withErrors(defaults, (error) => ({ error: { ...error, message: ' ' } })),
  },
  {
    id: 'unauthorized-for-a-code',
    sentence: 'Gives the code unauthorized with 401.',
    turns: { 'errors.code': 'warn' },
    stages: (defaults) =>
      withErrors(defaults, (error, { status }) => ({
        error: status === 401 ? { ...error, code: 'unauthorized' } : error,
      })),
  },
  {
    id: 'documentation-link-relative',
    sentence: 'Gives a doc_url that is no absolute URL.',
    turns: { 'errors.doc-url': 'warn' },
    stages: (defaults) => withErrors(defaults, (error) => ({ error: { ...error, doc_url: '/docs/errors' } })),
  },
  {
    id: 'stack-trace-in-errors',
    sentence: 'Sends the stack trace with its 404.',
    turns: { 'errors.no-leak': 'warn' },
    stages: (defaults) =>
      withErrors(defaults, (error, { status }) => ({
        error,
        ...(status === 404
          ? {
              stack:
                'Error: no row\n    at find (/srv/app/dist/store.js:41:13)\n    at async handle (/srv/app/dist/words.js:9:3)',
            }
          : {}),
      })),
  },
  {
    id: 'stack-trace-of-a-malformed-id',
    sentence: 'Answers 500, with its stack trace, to an id that it cannot parse.',
    turns: { 'errors.bad-request': 'fail', 'errors.no-leak': 'warn' },
    stages: instead(
      malformed,
      answers(500, 'Error: no id\n    at parse (/srv/app/dist/ids.js:41:13)', { 'content-type': 'text/plain' }),
    ),
  },
  {
    id: 'traceback-in-errors',
    sentence: 'Sends a Python traceback as the message.',
    turns: { 'errors.no-leak': 'warn' },
    stages: (defaults) =>
      withErrors(defaults, (error) => ({
        error: {
          ...error,
          message: 'Traceback (most recent call last):\n  File "/app/words.py", line 12, in get\nKeyError: \'stream\'',
        },
      })),
  },
];

export const errorsVariants: readonly Variant[] = [
  {
    id: 'errors-of-two-members',
    sentence: 'Leaves param and doc_url out of its errors.',
    near: 'errors.envelope',
    stages: (defaults) => withErrors(defaults, ({ code, message }) => ({ error: { code, message } })),
  },
  {
    id: 'errors-with-documentation',
    sentence: 'Links each error to its documentation.',
    near: 'errors.doc-url',
    stages: (defaults) =>
      withErrors(defaults, (error) => ({
        error: { ...error, doc_url: `https://docs.example.com/errors#${String(error.code)}` },
      })),
  },
  {
    id: 'errors-with-more-members',
    sentence: 'Adds members to the error and beside it.',
    near: 'errors.envelope',
    stages: (defaults) =>
      withErrors(defaults, (error, { status }) => ({
        request_id: '7f3a',
        error: { ...error, status, details: [{ kind: 'hint' }] },
      })),
  },
  {
    id: 'errors-without-charset',
    sentence: 'Names application/json alone.',
    near: 'errors.media-type',
    stages: (defaults) =>
      withRefusals(defaults, (document) => ({
        ...document,
        headers: { ...document.headers, 'content-type': 'Application/JSON' },
      })),
  },
  {
    id: 'errors-printed-for-people',
    sentence: 'Prints its errors over several lines, in another language.',
    near: 'errors.message',
    stages: (defaults) =>
      withRefusals(defaults, (document) => {
        const { error } = JSON.parse(String(document.body)) as { error: object };
        return {
          ...document,
          body: `${JSON.stringify({ error: { ...error, message: 'Das ging schief: «Nein».' } }, null, 2)}\n`,
        };
      }),
  },
  {
    id: 'codes-of-its-own',
    sentence: 'Uses other codes than the examples of the contract.',
    near: 'errors.code',
    warns: ['errors.code'],
    stages: (defaults) => withErrors(defaults, (error) => ({ error: { ...error, code: `own_${String(error.code)}` } })),
  },
  {
    id: 'malformed-ids-not-found',
    sentence: 'Answers 404 to every id that names no session, however malformed.',
    near: 'errors.bad-request',
    stages: (defaults) => ({
      refuse: (refusal, request) =>
        defaults.refuse(
          refusal.reason === malformedId.reason || refusal.reason === 'malformed-request' ? unknownStream : refusal,
          request,
        ),
    }),
  },
  {
    id: 'malformed-ids-are-unprocessable',
    sentence: 'Answers 422 to malformed ids.',
    near: 'errors.bad-request',
    stages: instead(malformed, (document) => ({ ...document, status: 422 })),
  },
  {
    id: 'long-ids-are-too-long',
    sentence: 'Answers 414 to every id longer than it takes.',
    near: 'errors.bad-request',
    stages: instead(
      (refusal) => refusal.reason === 'malformed-id',
      (document) => ({ ...document, status: 414 }),
    ),
  },
  {
    id: 'front-refuses-strange-ids',
    sentence: 'Has a server in front that answers strange ids itself: a page, a redirect, nothing but a status.',
    near: 'errors.media-type',
    stages: (defaults) => ({
      refuse: (refusal, request) => {
        if (!strange(refusal, request)) return defaults.refuse(refusal, request);
        if (overLong(refusal, request)) return answers(414, '<html>Too Large</html>', { 'content-type': 'text/html' });
        if (request.url.includes('%2f')) return answers(301, '', { location: '/etc/passwd/words' });
        if (request.url.includes('%ff')) return answers(403, 'Forbidden', { 'content-type': 'text/plain' });
        return answers(400, '', {});
      },
    }),
  },
  {
    id: 'param-named',
    sentence: 'Names stream_id as the field at fault in its 404.',
    near: 'errors.envelope',
    stages: (defaults) =>
      withErrors(defaults, (error, { status }) => ({
        error: { ...error, param: status === 404 ? 'stream_id' : null },
      })),
  },
];

import { unknownStream } from '../reference/errors.ts';
import type { RefusalDocument } from '../reference/pipeline.ts';
import { type Fault, faultsOf, type Variant, variantsNear } from './cases.ts';
import {
  anyRefusal,
  refusalHeaders,
  refusedAs,
  rewordedRefusals,
  type WhichRefusal,
  withErrors,
  withRefusals,
  withStatus,
} from './overrides.ts';

function answer(status: number, type: string, body: string): RefusalDocument {
  return { status, headers: { 'content-type': type }, body };
}

const AT_ONCE_OVER = answer(200, 'text/event-stream', 'event: end\ndata: {}\n\n');
const INTERNAL_ERROR = answer(500, 'application/json', '{"error":{"code":"internal_error","message":"Oops."}}');

/** Another account's session is unknown too, but auth.isolation judges that. */
const unknown: WhichRefusal = ({ reason }, { identity }) =>
  reason === 'unknown-stream' && identity?.account === 'certified';
const malformed: WhichRefusal = ({ reason }) => reason === 'malformed-id' || reason === 'malformed-request';
const overLong: WhichRefusal = (_, { url }) => url.length > 600;
const withNul: WhichRefusal = (_, { url }) => url.includes('%00');
const notFound = withStatus(404);

export const faults: readonly Fault[] = [
  ...faultsOf('errors.not-found', 'fail', {
    'unknown-session-ends-at-once': [
      'Answers an unknown session with 200 and an immediate end.',
      refusedAs(unknown, AT_ONCE_OVER),
    ],
    'unknown-session-is-a-bad-request': ['Answers 400 to an unknown session.', refusedAs(unknown, { status: 400 })],
    'unknown-session-breaks-the-server': [
      'Answers 500 in HTML to an unknown session.',
      refusedAs(unknown, answer(500, 'text/html', '<html><h1>Server error</h1></html>')),
    ],
    'unknown-session-is-gone': ['Answers 410 to an unknown session.', refusedAs(unknown, { status: 410 })],
  }),
  ...faultsOf('errors.bad-request', 'fail', {
    'malformed-ids-break-the-server': ['Answers 500 to every malformed id.', refusedAs(malformed, INTERNAL_ERROR)],
    'nul-breaks-the-server': [
      'Answers 500 to an id that holds %00, and to no other.',
      refusedAs(withNul, INTERNAL_ERROR),
    ],
    'malformed-ids-are-streams': [
      'Answers a malformed id with 200 and an empty stream.',
      refusedAs(malformed, AT_ONCE_OVER),
    ],
    'stack-trace-of-a-malformed-id': [
      'Answers 500, with its stack trace, to an id that it cannot parse.',
      refusedAs(malformed, answer(500, 'text/plain', 'Error: no id\n    at parse (/srv/app/dist/ids.js:41:13)')),
      { also: { 'errors.no-leak': 'warn' } },
    ],
    'malformed-ids-are-forbidden': ['Answers 403 to malformed ids.', refusedAs(malformed, { status: 403 })],
    'long-ids-break-the-server': [
      'Answers 500 to an id of 1,000 characters, and to no other.',
      refusedAs(overLong, answer(500, 'text/html', '<h1>Internal Server Error</h1>')),
    ],
  }),
  ...faultsOf('errors.media-type', 'fail', {
    'malformed-ids-get-a-page': [
      'Answers 400 in HTML to malformed ids.',
      refusedAs(malformed, answer(400, 'text/html', '<h1>Bad Request</h1>')),
    ],
    'errors-as-plain-text': [
      'Names text/plain for its errors.',
      refusalHeaders(anyRefusal, { 'content-type': 'text/plain' }),
    ],
    'not-found-as-problem-json': [
      'Names application/problem+json for its 404.',
      refusalHeaders(notFound, { 'content-type': 'application/problem+json' }),
    ],
    'errors-without-media-type': [
      'Names no media type for its errors.',
      refusalHeaders(anyRefusal, { 'content-type': undefined }),
    ],
  }),
  ...faultsOf('errors.envelope', 'fail', {
    'error-body-empty-object': ['Answers errors with {}.', withErrors(() => ({}))],
    'error-body-null': ['Answers errors with null.', withErrors(() => null)],
    'error-body-array': ['Answers errors with an array of errors.', withErrors((error) => [{ error }])],
    'error-is-a-string': ['Gives error as a string.', withErrors((error) => ({ error: String(error.message) }))],
    'error-not-wrapped': ['Gives code and message without the error member around them.', withErrors((error) => error)],
    'error-without-code': ['Leaves the code out of its errors.', withErrors(({ message }) => ({ error: { message } }))],
    'error-without-message': ['Leaves the message out of its errors.', withErrors(({ code }) => ({ error: { code } }))],
    'error-code-is-a-number': [
      'Gives the code as a number.',
      withErrors((error) => ({ error: { ...error, code: 4010 } })),
    ],
    'error-param-is-a-list': [
      'Gives param as a list.',
      withErrors((error) => ({ error: { ...error, param: ['stream_id'] } })),
    ],
    'not-found-is-an-empty-object': ['Answers 404 with {}.', refusedAs(notFound, { body: '{}' })],
    'error-body-missing': ['Answers errors with no body at all.', refusedAs(anyRefusal, { body: '' })],
    'error-body-is-no-json': [
      'Calls its error pages JSON, and sends HTML.',
      refusedAs(notFound, { body: '<html>Not found</html>' }),
    ],
    'error-body-begins-with-a-mark': [
      'Puts a byte order mark before its errors.',
      withRefusals((document) => ({ ...document, body: `\ufeff${String(document.body)}` })),
    ],
  }),
  ...faultsOf('errors.message', 'warn', {
    'error-message-empty': ['Gives an empty message.', withErrors((error) => ({ error: { ...error, message: ' ' } }))],
  }),
  ...faultsOf('errors.code', 'warn', {
    'unauthorized-for-a-code': [
      'Gives the code unauthorized with 401.',
      withErrors((error, { status }) => ({ error: status === 401 ? { ...error, code: 'unauthorized' } : error })),
    ],
  }),
  ...faultsOf('errors.doc-url', 'warn', {
    'documentation-link-relative': [
      'Gives a doc_url that is no absolute URL.',
      withErrors((error) => ({ error: { ...error, doc_url: '/docs/errors' } })),
    ],
  }),
  ...faultsOf('errors.no-leak', 'warn', {
    'stack-trace-in-errors': [
      'Sends the stack trace with its 404.',
      withErrors((error, { status }) => {
        const stack =
          'Error: no row\n    at find (/srv/app/dist/store.js:41:13)\n    at async handle (/srv/app/dist/words.js:9:3)';
        return status === 404 ? { error, stack } : { error };
      }),
    ],
    'traceback-in-errors': [
      'Sends a Python traceback as the message.',
      withErrors((error) => {
        const message =
          'Traceback (most recent call last):\n  File "/app/words.py", line 12, in get\nKeyError: \'stream\'';
        return { error: { ...error, message } };
      }),
    ],
  }),
];

export const variants: readonly Variant[] = [
  ...variantsNear('errors.envelope', {
    'errors-of-two-members': [
      'Leaves param and doc_url out of its errors.',
      withErrors(({ code, message }) => ({ error: { code, message } })),
    ],
    'errors-with-more-members': [
      'Adds members to the error and beside it.',
      withErrors((error, { status }) => ({
        request_id: '7f3a',
        error: { ...error, status, details: [{ kind: 'hint' }] },
      })),
    ],
    'param-named': [
      'Names stream_id as the field at fault in its 404.',
      withErrors((error, { status }) => ({ error: { ...error, param: status === 404 ? 'stream_id' : null } })),
    ],
  }),
  ...variantsNear('errors.doc-url', {
    'errors-with-documentation': [
      'Links each error to its documentation.',
      withErrors((error) => ({
        error: { ...error, doc_url: `https://docs.example.com/errors#${String(error.code)}` },
      })),
    ],
  }),
  ...variantsNear('errors.media-type', {
    'errors-without-charset': [
      'Names application/json alone.',
      refusalHeaders(anyRefusal, { 'content-type': 'Application/JSON' }),
    ],
    'front-refuses-strange-ids': [
      'Has a server in front that answers strange ids itself: a page, a redirect, nothing but a status.',
      withRefusals((document, refusal, request) => {
        const { url } = request;
        if (!malformed(refusal, request)) return document;
        if (overLong(refusal, request)) return answer(414, 'text/html', '<html>Too Large</html>');
        if (url.includes('%2f')) return { status: 301, headers: { location: '/etc/passwd/words' }, body: '' };
        if (url.includes('%ff')) return answer(403, 'text/plain', 'Forbidden');
        return url.includes('%') ? { status: 400, headers: {}, body: '' } : document;
      }),
    ],
  }),
  ...variantsNear('errors.message', {
    'errors-printed-for-people': [
      'Prints its errors over several lines, in another language.',
      withRefusals((document) => {
        const { error } = JSON.parse(String(document.body)) as { error: object };
        const printed = JSON.stringify({ error: { ...error, message: 'Das ging schief: «Nein».' } }, null, 2);
        return { ...document, body: `${printed}\n` };
      }),
    ],
  }),
  ...variantsNear('errors.code', {
    'codes-of-its-own': [
      'Uses other codes than the examples of the contract.',
      withErrors((error) => ({ error: { ...error, code: `own_${String(error.code)}` } })),
      { warns: ['errors.code'] },
    ],
  }),
  ...variantsNear('errors.bad-request', {
    'malformed-ids-not-found': [
      'Answers 404 to every id that names no session, however malformed.',
      rewordedRefusals((refusal, request) => (malformed(refusal, request) ? unknownStream : refusal)),
    ],
    'malformed-ids-are-unprocessable': ['Answers 422 to malformed ids.', refusedAs(malformed, { status: 422 })],
    'long-ids-are-too-long': [
      'Answers 414 to every id longer than it takes.',
      refusedAs(({ reason }) => reason === 'malformed-id', { status: 414 }),
    ],
    'front-refuses-large-heads': [
      'Has a server in front that answers 431 to a request whose head, with its id, is too large.',
      refusedAs(overLong, answer(431, 'text/html', '<h1>Request Header Fields Too Large</h1>')),
    ],
  }),
];

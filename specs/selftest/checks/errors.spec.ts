import { expect, test } from '@playwright/test';
import type { Exchange } from '../../../helpers/recording/recording.ts';
import {
  answered,
  blocked,
  broken,
  changed,
  conformingRun,
  errorBody,
  resultOf,
  runOf,
  withBody,
  withHeader,
} from '../support/runs.ts';

const NOT_FOUND = 'errors.not-found';
const MALFORMED = 'errors.bad-request/200-letters';
/** A server in front of the application may answer this one. */
const STRANGE = 'errors.bad-request/nul';
type Change = (exchange: Exchange) => Exchange;

const BREACHES: readonly (readonly [name: string, id: string, change: Change, broken: readonly string[]])[] = [
  [
    '200 with an immediate end for an unknown id',
    NOT_FOUND,
    answered(200, 'event: end\ndata: {}\n\n', 'text/event-stream'),
    ['errors.not-found: fail'],
  ],
  ['400 for an unknown id', NOT_FOUND, answered(400), ['errors.not-found: fail']],
  [
    '500 with a page for an unknown id',
    NOT_FOUND,
    answered(500, '<h1>at fn (/srv/app.js:1:2)</h1>', 'text/html'),
    ['errors.no-leak: warn', 'errors.not-found: fail'],
  ],
  ['500 for a malformed id', MALFORMED, answered(500), ['errors.bad-request: fail']],
  [
    'a stack trace with 500 for a malformed id',
    MALFORMED,
    answered(500, 'Error\n    at find (/srv/app/index.js:10:5)', 'text/plain'),
    ['errors.bad-request: fail', 'errors.no-leak: warn'],
  ],
  [
    'a stack trace with 500 for a late subscriber',
    'late',
    answered(500, 'goroutine 7 [running]:', 'text/plain'),
    ['errors.no-leak: warn', 'http.status: fail'],
  ],
  [
    '200 for a malformed id',
    MALFORMED,
    answered(200, 'data: {}\n\n', 'text/event-stream'),
    ['errors.bad-request: fail'],
  ],
  ['401 for a malformed id', MALFORMED, answered(401), ['errors.bad-request: fail']],
  ['403 for a malformed id', MALFORMED, answered(403), ['errors.bad-request: fail']],
  ['a page for a malformed id', MALFORMED, answered(400, '<html>', 'text/html'), ['errors.media-type: fail']],
  ['a page with 414 for a malformed id', MALFORMED, answered(414, '<html>', 'text/html'), ['errors.media-type: fail']],
  ['422 without an error for a malformed id', MALFORMED, answered(422, '{"detail":[]}'), ['errors.envelope: fail']],
  [
    '422 with an empty message for a malformed id',
    MALFORMED,
    answered(422, errorBody(422, { message: '' })),
    ['errors.message: warn'],
  ],
  ['500 for an id with NUL', STRANGE, answered(502, '<html>', 'text/html'), ['errors.bad-request: fail']],
  ['200 for an id with NUL', STRANGE, answered(200, '<html>', 'text/html'), ['errors.bad-request: fail']],
  ['text/html with the right body', NOT_FOUND, withHeader('content-type', 'text/html'), ['errors.media-type: fail']],
  [
    'application/problem+json',
    NOT_FOUND,
    withHeader('content-type', 'application/problem+json'),
    ['errors.media-type: fail'],
  ],
  ['an HTML page', NOT_FOUND, answered(404, '<html>Not Found</html>', 'text/html'), ['errors.media-type: fail']],
  ['{} as the body', NOT_FOUND, withBody('{}'), ['errors.envelope: fail']],
  ['an empty body', NOT_FOUND, withBody(''), ['errors.envelope: fail']],
  ['text declared as JSON', NOT_FOUND, withBody('Not Found'), ['errors.envelope: fail']],
  ['an error that is a string', NOT_FOUND, withBody('{"error":"not_found"}'), ['errors.envelope: fail']],
  ['an error without a message', NOT_FOUND, withBody('{"error":{"code":"not_found"}}'), ['errors.envelope: fail']],
  ['a numeric code', NOT_FOUND, withBody('{"error":{"code":404,"message":"No."}}'), ['errors.envelope: fail']],
  ['a byte order mark', NOT_FOUND, withBody(`\ufeff${errorBody(404)}`), ['errors.envelope: fail']],
  [
    'a body that never ends',
    NOT_FOUND,
    (exchange) => ({ ...withBody('{"error":')(exchange), ending: { kind: 'stopped', at: 40, bound: 'seconds' } }),
    ['errors.envelope: fail'],
  ],
  ['an array', NOT_FOUND, withBody('[]'), ['errors.envelope: fail']],
  [
    'an inherited error member only',
    NOT_FOUND,
    withBody('{"__proto__":{"error":{"code":"not_found","message":"No."}}}'),
    ['errors.envelope: fail'],
  ],
  ['JSON that is not UTF-8', NOT_FOUND, withBody(Uint8Array.from([0x7b, 0xff, 0x7d])), ['errors.envelope: fail']],
  ['JSON nested 100,000 deep', NOT_FOUND, withBody('['.repeat(100_000)), ['errors.envelope: fail']],
  ['an empty message', NOT_FOUND, withBody(errorBody(404, { message: ' ' })), ['errors.message: warn']],
  ['another code', NOT_FOUND, withBody(errorBody(404, { code: 'resource_not_found' })), ['errors.code: warn']],
  [
    'unauthorized as the code of a 401',
    'auth.missing/completed',
    withBody(errorBody(401, { code: 'unauthorized' })),
    ['errors.code: warn'],
  ],
  ['a relative doc_url', NOT_FOUND, withBody(errorBody(404, { doc_url: '/docs/errors' })), ['errors.doc-url: warn']],
  [
    'a JavaScript stack trace',
    NOT_FOUND,
    withBody(errorBody(404, { message: 'Error: x\n    at find (/srv/app/index.js:10:5)' })),
    ['errors.no-leak: warn'],
  ],
  [
    'a Python stack trace',
    NOT_FOUND,
    withBody(errorBody(404, { message: 'Traceback (most recent call last):\n  File "app.py", line 3' })),
    ['errors.no-leak: warn'],
  ],
  [
    'a file path',
    NOT_FOUND,
    withBody(errorBody(404, { message: 'ENOENT: no such file /var/data/streams/x.json' })),
    ['errors.no-leak: warn'],
  ],
  [
    'an SQL error',
    NOT_FOUND,
    withBody(errorBody(404, { message: 'syntax error at or near "x"' })),
    ['errors.no-leak: warn'],
  ],
  [
    'an exception class',
    NOT_FOUND,
    withBody(errorBody(404, { message: 'java.lang.IllegalStateException: gone' })),
    ['errors.no-leak: warn'],
  ],
];

for (const [name, id, change, expected] of BREACHES)
  test(`breaks errors: ${name}`, () => {
    expect(broken(runOf(changed(id, change)))).toEqual(expected);
  });

const belowApp: Change = ({ request, ...exchange }) => {
  const url = 'http://target.test/app/v3/avatar-realtime/x/words';
  const body = errorBody(404, { message: 'Cannot GET /app/v3/avatar-realtime/x/words.' });
  return answered(404, body)({ ...exchange, request: { ...request, url } });
};

const CONFORMING: readonly (readonly [name: string, id: string, change: Change])[] = [
  ['a charset parameter', NOT_FOUND, withHeader('content-type', 'application/json; charset=utf-8')],
  ['without param and doc_url', NOT_FOUND, withBody('{"error":{"code":"not_found","message":"No."}}')],
  ['a doc_url', NOT_FOUND, withBody(errorBody(404, { doc_url: 'https://docs.target.test/errors#not_found' }))],
  [
    'further members',
    NOT_FOUND,
    withBody('{"request_id":"1","error":{"code":"not_found","message":"No.","details":[]}}'),
  ],
  ['400 for a malformed id with another code', MALFORMED, answered(400, errorBody(400, { code: 'bad_id' }))],
  ['404 for a malformed id', MALFORMED, answered(404)],
  ['414 for a malformed id', MALFORMED, answered(414)],
  ['422 for a malformed id', MALFORMED, answered(422)],
  ['a page for an id with NUL', STRANGE, answered(400, '<html>Bad Request</html>', 'text/html')],
  ['403 for an id with NUL', STRANGE, answered(403, 'No.', 'text/plain')],
  ['a redirect for an id with NUL', STRANGE, answered(301, '', 'text/html')],
  ['431 for an id with NUL', STRANGE, answered(431, '')],
  ['401 without a challenge for an id with NUL', STRANGE, answered(401, '', 'text/html')],
  [
    'a message that names the path of the API',
    NOT_FOUND,
    withBody(errorBody(404, { message: 'GET /v3/avatar-realtime/x/words: no session, try at 10:05 (see docs)' })),
  ],
  ['429 for a malformed id', MALFORMED, answered(429)],
  ['a message that names where it stopped', NOT_FOUND, withBody(errorBody(404, { message: 'No, at session (id:5).' }))],
  ['the path of the request, below a prefix', NOT_FOUND, belowApp],
];

for (const [name, id, change] of CONFORMING)
  test(`conforms to errors: ${name}`, () => {
    expect(broken(runOf(changed(id, change)))).toEqual([]);
  });

for (const [name, message] of [
  ['beside the path of the request', 'Cannot GET /app/v3/avatar-realtime/x/words: open /srv/sessions/x.json failed'],
  ['below the prefix of the request', "ENOENT: no such file, open '/app/sessions/x.json'"],
  ['of a stack frame without a folder', 'Error at find (app:12:3)'],
] as const)
  test(`breaks errors: a file path ${name}`, () => {
    const leaks: Change = (exchange) => withBody(errorBody(404, { message }))(belowApp(exchange));
    expect(broken(runOf(changed(NOT_FOUND, leaks)))).toEqual(['errors.no-leak: warn']);
  });

test('each malformed id that is not refused is named', () => {
  const { violations } = resultOf(runOf(changed(MALFORMED, answered(500))), 'errors.bad-request');
  expect(violations.map(({ message }) => message)).toEqual([
    'A malformed session id (errors.bad-request/200-letters) was answered 500 ("No such thing.").',
  ]);
});

test('a malformed id whose connection is dropped without an answer is a breach; one that we gave up is not', () => {
  const dropped = (fault: 'reset' | 'timeout', id = MALFORMED) =>
    runOf(
      changed(id, ({ response: _response, ...rest }) => ({
        ...rest,
        chunks: [],
        ending: { kind: 'no-response', at: 9, fault, detail: 'closed' },
      })),
    );
  expect(broken(dropped('reset'))).toEqual(['errors.bad-request: fail']);
  expect(broken(dropped('reset', STRANGE))).toEqual(['errors.bad-request: warn']);
  expect(broken(dropped('timeout'))).toEqual([]);
});

test('what was answered to an id that a server in front may refuse is noted', () => {
  const { notes } = resultOf(runOf(changed(STRANGE, answered(414, '', 'text/html'))), 'errors.bad-request');
  expect(notes).toContainEqual(
    expect.stringMatching(/\(errors\.bad-request\/nul\): 414, text\/html; .* not judged\.$/),
  );
});

test('a refusal whose control did not succeed proves nothing', () => {
  const recording = runOf(changed(NOT_FOUND, (exchange) => ({ ...exchange, control: 'never-sent' })));
  expect(blocked(recording)).toEqual(['errors.not-found because http.status']);
});

test('where every error is a page, only the media type fails, and the rules for bodies name it', () => {
  const exchanges = conformingRun().map((exchange) =>
    [400, 401, 404].includes(exchange.response?.status ?? 0)
      ? answered(exchange.response?.status ?? 0, '<html>', 'text/html')(exchange)
      : exchange,
  );
  expect(broken(runOf(exchanges))).toEqual(['errors.media-type: fail']);
  expect(blocked(runOf(exchanges))).toEqual([
    'errors.code because errors.media-type',
    'errors.doc-url because errors.media-type',
    'errors.envelope because errors.media-type',
    'errors.message because errors.media-type',
  ]);
});

test('what the target says of a refusal, and that a cache answered, is part of the finding', () => {
  const banned = answered(403, errorBody(403, { message: 'Too many failed attempts.' }));
  expect(resultOf(runOf(changed('late', banned)), 'http.status').violations[0]?.actual).toBe(
    '403 ("Too many failed attempts.")',
  );
  const cached = (exchange: Exchange) => withHeader('age', '120')(answered(400)(exchange));
  expect(resultOf(runOf(changed(NOT_FOUND, cached)), 'errors.not-found').violations[0]?.actual).toContain(
    'from a cache (Age: 120)',
  );
  const missed = (exchange: Exchange) => withHeader('x-cache', 'MISS')(withHeader('age', '0')(answered(400)(exchange)));
  expect(resultOf(runOf(changed(NOT_FOUND, missed)), 'errors.not-found').violations[0]?.actual).not.toContain('cache');
});

test('a leak is shown where it stands', () => {
  const body = errorBody(404, { message: 'é ENOENT: no such file /var/data/x.json' });
  const [violation] = resultOf(runOf(changed(NOT_FOUND, withBody(body))), 'errors.no-leak').violations;
  expect(violation?.evidence?.text).toContain('/var/data/x.json');
  expect(violation?.byteOffset).toBe(Buffer.from(body).indexOf(' /var'));
});

import { expect, test } from '@playwright/test';
import type { Ending, Exchange } from '../../../helpers/recording/recording.ts';
import { answered, blocked, broken, changed, conformingRun, resultOf, runOf, withHeader } from '../support/runs.ts';

const unanswered =
  (ending: Ending) =>
  (exchange: Exchange): Exchange => {
    const { response: _response, ...rest } = exchange;
    return { ...rest, chunks: [], ending };
  };
const endingWith =
  (ending: Ending) =>
  (exchange: Exchange): Exchange => ({ ...exchange, ending });
const offering =
  (codings: string) =>
  (exchange: Exchange): Exchange => ({
    ...exchange,
    request: { ...exchange.request, headers: [...exchange.request.headers, ['accept-encoding', codings]] },
  });
const both =
  (...changes: readonly ((exchange: Exchange) => Exchange)[]) =>
  (exchange: Exchange): Exchange =>
    changes.reduce((seen, change) => change(seen), exchange);

const stoppedByUs = (exchange: Exchange): Exchange => ({
  ...exchange,
  ending: { kind: 'stopped', at: exchange.ending.at, bound: 'interrupt' },
});

const BREACHES: readonly (readonly [
  name: string,
  id: string,
  change: (exchange: Exchange) => Exchange,
  broken: readonly string[],
])[] = [
  ['202 for a live session', 'late', answered(202, '', 'text/event-stream'), ['http.status: fail']],
  ['204', 'late', answered(204, ''), ['http.status: fail']],
  [
    'a redirect',
    'late',
    both(answered(302, ''), withHeader('location', 'https://elsewhere.test/')),
    ['http.status: fail'],
  ],
  ['500 with a page', 'reconnected', answered(500, '<html>', 'text/html'), ['http.status: fail']],
  [
    'a connection closed without an answer',
    'late',
    unanswered({ kind: 'no-response', at: 9, fault: 'reset', detail: 'closed' }),
    ['http.status: fail'],
  ],
  [
    'JSON instead of an event stream',
    'late',
    withHeader('content-type', 'application/json'),
    ['http.content-type: fail'],
  ],
  ['no Content-Type', 'late', withHeader('content-type', null), ['http.content-type: fail']],
  [
    'charset latin1',
    'late',
    withHeader('content-type', 'text/event-stream; charset=iso-8859-1'),
    ['http.content-type: fail'],
  ],
  [
    'a reset inside a stream',
    'late',
    endingWith({ kind: 'reset', at: 30, detail: 'ECONNRESET' }),
    ['http.complete-body: fail'],
  ],
  [
    'a stream shorter than its length',
    'first',
    endingWith({ kind: 'short', at: 30, detail: '12 of 40 bytes' }),
    ['http.complete-body: fail'],
  ],
  [
    'a snapshot longer than its length',
    'snapshot',
    endingWith({ kind: 'surplus', at: 30, detail: '2 bytes more than its Content-Length of 40' }),
    ['http.complete-body: fail'],
  ],
  [
    'an error body that is cut',
    'errors.not-found',
    endingWith({ kind: 'short', at: 9, detail: '12 of 40 bytes' }),
    ['http.complete-body: fail'],
  ],
  [
    'a coding that was not offered',
    'late',
    both(offering('gzip'), withHeader('content-encoding', 'br')),
    ['http.content-coding: fail'],
  ],
  [
    'a coding that was refused',
    'late',
    both(offering('gzip;q=0, *'), withHeader('content-encoding', 'gzip')),
    ['http.content-coding: fail'],
  ],
  [
    'gzip that does not decode',
    'late',
    both(
      offering('gzip'),
      withHeader('content-encoding', 'gzip'),
      endingWith({ kind: 'undecodable', at: 30, detail: 'bad header' }),
    ),
    ['http.content-coding: fail'],
  ],
];

test('a coding that would do is named once', () => {
  const recording = runOf(changed('late', both(offering('identity'), withHeader('content-encoding', 'br'))));
  expect(resultOf(recording, 'http.content-coding').violations[0]?.expected).toEqual(['identity']);
});

for (const [name, id, change, expected] of BREACHES)
  test(`breaks http: ${name}`, () => {
    expect(broken(runOf(changed(id, change)))).toEqual(expected);
  });

const CONFORMING: readonly (readonly [name: string, id: string, change: (exchange: Exchange) => Exchange])[] = [
  ['Text/Event-Stream; charset=UTF-8', 'late', withHeader('content-type', 'Text/Event-Stream; charset="UTF-8"')],
  ['further parameters', 'late', withHeader('content-type', 'text/event-stream; q=1')],
  ['gzip when offered', 'late', both(offering('gzip, br'), withHeader('content-encoding', 'x-gzip'))],
  ['anything when all is offered', 'late', both(offering('*'), withHeader('content-encoding', 'zstd'))],
  ['identity', 'late', both(offering('gzip'), withHeader('content-encoding', 'identity'))],
  ['stopped by us', 'late', stoppedByUs],
];

for (const [name, id, change] of CONFORMING)
  test(`conforms to http: ${name}`, () => {
    expect(broken(runOf(changed(id, change)))).toEqual([]);
  });

test('a Content-Type that is sent twice is told as that, with both values', () => {
  const twice = (exchange: Exchange): Exchange =>
    exchange.response === undefined
      ? exchange
      : {
          ...exchange,
          response: {
            ...exchange.response,
            headers: [...exchange.response.headers, ['content-type', 'application/json']],
          },
        };
  const [violation] = resultOf(runOf(changed('late', twice)), 'http.content-type').violations;
  const values = '"text/event-stream" and "application/json"';
  expect(violation?.message).toBe(
    `Subscriber "late" has Content-Type 2 times, ${values}: one has the media type "application/json".`,
  );
  expect(violation?.actual).toBe(values);
});

test('a 429 that was waited out does not break http.status', () => {
  const first = conformingRun()[0];
  if (first === undefined) throw new Error('no exchange');
  const refusedOnce = { ...answered(429)(first), id: 'first/waited-out-1', supersededBy: 'first' };
  const recording = runOf([refusedOnce, ...conformingRun()]);
  expect(broken(recording)).toEqual([]);
  expect(blocked(recording)).toEqual([]);
});

test('an event stream by another media type has that breach alone, and is judged; a page, or JSON, is not', () => {
  const named = conformingRun().map((exchange) =>
    exchange.purpose.kind === 'subscription' ? withHeader('content-type', 'text/plain')(exchange) : exchange,
  );
  expect(broken(runOf(named))).toEqual(['http.content-type: fail']);
  expect(blocked(runOf(named))).toEqual([]);
  for (const body of ['<html>\ndata: {}\n\n</html>', '{"words":[{"word":"a","start":0,"end":1}]}', 'data: x\n\n', '']) {
    const recording = runOf(changed('late', answered(200, body, 'text/html')));
    expect(broken(recording)).toEqual(['http.content-type: fail']);
    expect(blocked(recording)).toContain('replay.no-gap because http.content-type');
  }
});

test('a connection that broke, and did not when the request was sent once more, is a note', () => {
  const late = conformingRun().find(({ id }) => id === 'late');
  if (late === undefined) throw new Error('no late subscriber');
  const reset = unanswered({ kind: 'no-response', at: late.startedAt, fault: 'reset', detail: 'closed' })(late);
  const recording = runOf([{ ...reset, id: 'late/no-answer-1', supersededBy: 'late' }, ...conformingRun()]);
  expect(broken(recording)).toEqual([]);
  expect(blocked(recording)).toEqual([]);
  expect(resultOf(recording, 'http.status').notes[0]).toContain('subscriber "late" got no response (reset: closed)');
});

test('a 429 at the end of patience leaves what needed the subscription unverified, and breaks nothing', () => {
  const recording = runOf(changed('late', answered(429)));
  expect(broken(recording)).toEqual([]);
  expect(blocked(recording)).toEqual(['replay.from-start', 'replay.no-gap', 'replay.prompt']);
  expect(resultOf(recording, 'replay.no-gap').reason).toContain('429');
});

test('no head within our own bound is unverified, not broken', () => {
  const recording = runOf(
    changed('late', (late) =>
      unanswered({ kind: 'no-response', at: late.startedAt + 14.9, fault: 'timeout', detail: 'no head' })(late),
    ),
  );
  expect(broken(recording)).toEqual([]);
  expect(blocked(recording)).toContain('http.status');
});

test('a subscription that is left without a head for a quarter of a minute breaks http.status', () => {
  const recording = runOf(
    changed('late', (late) =>
      unanswered({ kind: 'no-response', at: late.startedAt + 15, fault: 'timeout', detail: 'no head' })(late),
    ),
  );
  expect(broken(recording)).toEqual(['http.status: fail']);
});

test('a head that no client can read breaks http.head alone, and shows its bytes', () => {
  const head = 'HTTP/1.1 200 OK\r\nX-A: a\u0001b';
  const ending = { kind: 'no-response', at: 9, fault: 'malformed', detail: 'Invalid header value char', head } as const;
  const recording = runOf(changed('snapshot-again', unanswered(ending)));
  expect(broken(recording)).toEqual(['http.head: fail']);
  expect(resultOf(recording, 'http.head').violations[0]?.actual).toContain('X-A: a\\u{0001}b');
});

for (const [name, change] of [
  [
    'Content-Length beside Transfer-Encoding',
    both(withHeader('transfer-encoding', 'chunked'), withHeader('content-length', '9')),
  ],
  ['Transfer-Encoding: identity', withHeader('transfer-encoding', 'identity')],
  ['chunked twice', withHeader('transfer-encoding', 'chunked, Chunked')],
  ['gzip as a transfer-coding', withHeader('transfer-encoding', 'gzip, chunked')],
  ['a control character in a value', withHeader('x-trace', 'a\u0001')],
] as const)
  test(`breaks http.head: ${name}`, () => {
    expect(broken(runOf(changed('late', change)))).toEqual(['http.head: fail']);
  });

test('a session that no credential opens breaks http.status, and what needed it names it', () => {
  const exchanges = conformingRun().map((exchange) =>
    exchange.purpose.kind === 'subscription' ? answered(500, 'oops', 'text/plain')(exchange) : exchange,
  );
  const recording = runOf(exchanges);
  expect(broken(recording)).toEqual(['http.status: fail']);
  const unexplained = blocked(recording).filter((line) => !line.includes(' because '));
  expect(unexplained).toEqual([]);
  expect(blocked(recording)).toContain('auth.bearer because http.status');
  expect(blocked(recording)).toContain('errors.not-found because http.status');
});

const PROTOCOL = 'Response does not match the HTTP/1.1 protocol';
const NO_LAST_CHUNK = 'the connection closed, and the last chunk (a chunk of length 0) never came';
for (const [kind, detail, field, value, how] of [
  ['short', 'other side closed (UND_ERR_SOCKET)', 'transfer-encoding', 'chunked', NO_LAST_CHUNK],
  ['short', `${PROTOCOL} (Invalid EOF state)`, 'transfer-encoding', 'chunked', NO_LAST_CHUNK],
  [
    'short',
    `${PROTOCOL} (Invalid character)`,
    'transfer-encoding',
    'chunked',
    'a chunk is not written as HTTP writes chunks',
  ],
  ['short', 'other side closed', 'content-length', '90000', 'of the 90000 bytes that Content-Length says'],
  ['reset', 'read ECONNRESET', 'transfer-encoding', 'chunked', 'the connection was reset before the body had ended'],
] as const)
  test(`says in plain words how a body broke, and what the client said: ${field}, ${detail}`, () => {
    const cut = both(withHeader(field, value), endingWith({ kind, at: 30, detail }));
    const [violation] = resultOf(runOf(changed('late', cut)), 'http.complete-body').violations;
    expect(violation?.message).toContain(`${how} ("${detail}").`);
    expect(violation?.actual).toContain(how);
  });

test('a cut subscription leaves its replay rules unverified because of the cut', () => {
  const recording = runOf(changed('late', endingWith({ kind: 'reset', at: 30, detail: 'ECONNRESET' })));
  expect(blocked(recording)).toContain('replay.no-gap because http.complete-body');
});

test('cache and proxy headers are noted', () => {
  const { notes } = resultOf(runOf(changed('first', withHeader('x-accel-buffering', 'no'))), 'http.cache');
  expect(notes).toEqual(['x-accel-buffering: "no" (first)']);
});

test('a redirect is reported with where it points', () => {
  const { violations } = resultOf(
    runOf(changed('late', both(answered(302, ''), withHeader('location', 'https://elsewhere.test/\u001b[31m')))),
    'http.status',
  );
  expect(violations[0]?.actual).toBe('302 to "https://elsewhere.test/\\u{001b}[31m", not followed');
});

test('answers that hold no words prove nothing about the coding of the words response', () => {
  const recording = runOf(
    conformingRun().map((exchange) =>
      exchange.purpose.kind === 'subscription' ? answered(500, '{}', 'application/json')(exchange) : exchange,
    ),
  );
  expect(resultOf(recording, 'http.content-coding')).toMatchObject({ outcome: 'inconclusive', observations: 0 });
});

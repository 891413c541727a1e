import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { EXIT_CODES, type Outcome, type Results } from '../../../helpers/results/results.ts';
import { API_KEY, BEARER, OTHER_KEY } from '../probes/support.ts';
import { startCertify } from '../support/certify.ts';
import { drip, forever, type RawAnswer, STREAM_HEAD } from '../support/hostile.ts';
import {
  batch,
  END,
  type HostileAnswers,
  hostileTarget,
  jsonAnswer,
  streamAnswer,
  textAnswer,
} from './hostile-target.ts';

const MIB = 2 ** 20;
const CLOSING = `${STREAM_HEAD}Connection: close\r\n`;
const WORDS = [
  { word: 'Hello', start: 0.1, end: 0.4 },
  { word: ',', start: 0.4, end: 0.5 },
  { word: 'there', start: 0.5, end: 0.9 },
  { word: '.', start: 0.9, end: 1 },
];
/** Not what the session was given to speak: tokens.punctuation-present, and no more, is broken. */
const GOOD = `${batch(WORDS)}${END}`;
const HTML = '<!doctype html><html><script>alert(1)</script><form>Sign in</form></html>';
const NASTY = '<b onclick="x()">&amp;\u001b[31m\u001b]0;title\u0007\u009b2J\u202e\u2028\u2029``` ::error::forged';
const inflated = Buffer.alloc(64 * MIB, batch(WORDS));
const gzipped = gzipSync(inflated);
const brotli = brotliCompressSync(inflated, { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } });
const deep = (open: string, close: string) =>
  `data: {"words":${open.repeat(100_000)}${close.repeat(100_000)}}\n\n${END}`;

const WORD = '{"word":"a","start":1,"end":1}';
const MILLION = `data: {"words":[${`${WORD},`.repeat(999_999)}${WORD}]}\n\n${END}`;

interface Hostile {
  readonly name: string;
  readonly answers: HostileAnswers;
  readonly env?: Readonly<Record<string, string>>;
  readonly verdict: Results['verdict'];
  readonly outcomes?: Readonly<Record<string, Outcome>>;
  /** What the terminal says. */
  readonly told?: RegExp;
}

const SHORT = { WORDS_MAX_SECONDS: '3', WORDS_END_CLOSE_SECONDS: '0.2' };

const cases: readonly Hostile[] = [
  {
    name: 'a stream that never ends',
    answers: { words: (s) => forever(s, batch(WORDS), `${CLOSING}\r\n`) },
    verdict: 'non-conformant',
    outcomes: { 'ending.once': 'inconclusive', 'http.status': 'pass', 'schema.batch': 'pass' },
  },
  {
    name: 'a line of hundreds of megabytes',
    answers: { words: (s) => forever(s, 'x'.repeat(65536), `${CLOSING}\r\ndata: "`) },
    env: { WORDS_MAX_BYTES: String(4 * MIB) },
    verdict: 'incomplete',
    outcomes: { 'ending.once': 'inconclusive', 'framing.json': 'inconclusive' },
    told: /WORDS_MAX_BYTES/,
  },
  {
    name: 'gzip that inflates without end',
    answers: { words: coded((s) => forever(s, gzipped, `${CLOSING}Content-Encoding: gzip\r\n\r\n`)) },
    env: { WORDS_MAX_BYTES: String(MIB) },
    verdict: 'non-conformant',
    outcomes: { 'http.content-coding': 'pass', 'schema.batch': 'pass', 'ending.once': 'inconclusive' },
  },
  {
    name: 'br that inflates without end',
    answers: { words: coded(streamAnswer(brotli, 'Content-Encoding: br')) },
    env: { WORDS_MAX_BYTES: String(MIB) },
    verdict: 'non-conformant',
    outcomes: { 'http.content-coding': 'pass', 'schema.batch': 'pass', 'ending.once': 'inconclusive' },
  },
  {
    name: 'a response head that never comes',
    answers: { words: () => {} },
    env: SHORT,
    verdict: 'incomplete',
    outcomes: { 'http.status': 'inconclusive' },
    told: /got no answer in time \(no response head within 3 s\)/,
  },
  {
    name: 'a response head of one byte a second',
    answers: { words: (s) => drip(s, `${CLOSING}\r\n${GOOD}`, 1000) },
    env: SHORT,
    verdict: 'incomplete',
    told: /got no answer in time/,
  },
  {
    name: 'a body of one byte a second',
    answers: { words: (s) => drip(s, GOOD, 1000, `${CLOSING}\r\n`) },
    // A pause as long as this is a silence, and a missing end is then a breach.
    env: { ...SHORT, WORDS_END_CLOSE_SECONDS: '2' },
    verdict: 'incomplete',
    outcomes: { 'http.status': 'pass', 'ending.once': 'inconclusive' },
  },
  {
    name: 'ten thousand headers',
    answers: { words: streamAnswer(GOOD, ...Array.from({ length: 10_000 }, (_, n) => `X-${n}: ${n}`)) },
    verdict: 'incomplete',
    told: /head that is larger than 64 KB/,
  },
  {
    name: 'ten thousand short headers',
    answers: { words: streamAnswer(GOOD, ...Array.from({ length: 10_000 }, () => 'a:b')) },
    verdict: 'non-conformant',
    outcomes: { 'http.status': 'pass', 'ending.once': 'pass' },
  },
  {
    name: 'a header of a megabyte',
    answers: { words: streamAnswer(GOOD, `X: ${'y'.repeat(MIB)}`) },
    verdict: 'incomplete',
    told: /head that is larger than 64 KB/,
  },
  {
    name: 'headers without end on refusals',
    answers: { words: streamAnswer(GOOD), unknown: (s) => forever(s, 'X-Header: value\r\n', 'HTTP/1.1 404 No\r\n') },
    verdict: 'non-conformant',
    outcomes: { 'errors.not-found': 'inconclusive' },
  },
  {
    name: 'a body that stops',
    answers: { words: (s) => void s.write(`${CLOSING}\r\n${batch(WORDS)}data: {"wor`) },
    env: SHORT,
    verdict: 'non-conformant',
    outcomes: { 'http.status': 'pass', 'schema.batch': 'pass', 'ending.once': 'fail' },
  },
  ...(
    [
      ['arrays', '[', ']'],
      ['objects', '{"a":', '1}'],
    ] as const
  ).map(([kind, open, close]) => ({
    name: `JSON ${kind} nested 100,000 deep`,
    answers: {
      words: streamAnswer(kind === 'arrays' ? deep(open, close) : deep(open, '}').replace(':}', ':1}')),
      unknown: textAnswer(404, 'application/json', `{"error":${'['.repeat(100_000)}${']'.repeat(100_000)}}`),
    },
    verdict: 'non-conformant' as const,
    outcomes: { 'schema.batch': 'fail', 'errors.envelope': 'fail', 'ending.once': 'pass' } as const,
  })),
  {
    name: 'a batch of a million words, cut at the bound',
    answers: { words: streamAnswer(MILLION) },
    env: { WORDS_MAX_BYTES: String(4 * MIB) },
    verdict: 'non-conformant',
    outcomes: { 'batching.word-cap': 'fail', 'framing.json': 'inconclusive' },
    told: /WORDS_MAX_BYTES/,
  },
  {
    name: 'a batch of a million words, read to its end',
    answers: { words: streamAnswer(MILLION) },
    env: { WORDS_MAX_BYTES: String(32 * MIB), WORDS_SESSION: 'ids', WORDS_COMPLETED_STREAM_ID: 's1' },
    verdict: 'non-conformant',
    outcomes: { 'batching.word-cap': 'fail', 'schema.batch': 'pass' },
    told: /1,?000,?000/,
  },
  {
    name: '__proto__ and constructor members',
    answers: {
      words: streamAnswer(
        `data: {"__proto__":{"words":[]},"constructor":{"prototype":{"polluted":1}},"words":[{"word":"a","start":0,"end":1,"__proto__":{"end":9},"toString":1,"hasOwnProperty":2},{"word":".","start":1,"end":1}]}\n\n${END}`,
      ),
      unknown: textAnswer(
        404,
        'application/json',
        '{"error":{"code":"not_found","message":"No","__proto__":{"a":1}},"__proto__":null}',
      ),
    },
    verdict: 'non-conformant',
    outcomes: { 'schema.batch': 'pass', 'errors.envelope': 'pass' },
  },
  {
    name: 'numbers such as 1e999',
    answers: {
      words: streamAnswer(
        `data: {"words":[{"word":"a","start":-1e999,"end":1e999},{"word":"b","start":1e308,"end":-0.0},{"word":"c","start":1${'0'.repeat(5000)},"end":2}]}\n\n${END}`,
      ),
    },
    verdict: 'non-conformant',
    outcomes: { 'ordering.origin': 'fail' },
  },
  {
    name: 'invalid UTF-8 everywhere',
    answers: {
      words: streamAnswer(
        Buffer.from(`${batch([{ word: 'caf\u00e9', start: 0, end: 1 }])}${END}`, 'latin1'),
        'X-Latin: \u00e9\u0080\u00ff',
      ),
      unknown: textAnswer(
        404,
        'application/json',
        Buffer.from('{"error":{"code":"\u00ff\u00fe","message":"\u00c0\u0080"}}', 'latin1'),
      ),
    },
    verdict: 'non-conformant',
    outcomes: { 'framing.utf8': 'fail' },
  },
  {
    name: 'HTML, ANSI escapes and U+2028 in words and messages',
    answers: {
      words: streamAnswer(
        `: ${NASTY.replaceAll('\n', '')}\n${batch([
          { word: `${NASTY}`, start: 0, end: 1, [NASTY]: NASTY },
          { word: `${NASTY},`, start: -1, end: -2 },
        ])}event: ${NASTY}\ndata: ${JSON.stringify(NASTY)}\n\n${END}`,
      ),
      unknown: textAnswer(
        404,
        'application/json',
        JSON.stringify({ error: { code: NASTY, message: NASTY, doc_url: NASTY } }),
        `X: ${NASTY.replace(/[^\x20-\x7e]/g, '')}`,
      ),
      status: jsonAnswer(200, { data: { status: NASTY, error_message: NASTY } }),
    },
    verdict: 'non-conformant',
    outcomes: { 'ordering.bounds': 'fail', 'ordering.origin': 'fail', 'framing.event-types': 'fail' },
  },
  {
    name: 'a session that cannot be created, with a message full of escapes',
    answers: { words: streamAnswer(GOOD), create: jsonAnswer(400, { error: { code: 'x', message: NASTY } }) },
    verdict: 'error',
    told: /answered 400/,
  },
  {
    name: 'errors and streams that repeat the credential',
    answers: {
      words: (s, head) =>
        streamAnswer(
          `: ${sentIn(head)}\n${batch([...WORDS, { word: sentIn(head), start: 1, end: 2 }])}${END}`,
          `X-Echo: ${sentIn(head)}`,
        )(s, head),
      unknown: (s, head) => echoed(404, sentIn(head))(s, head),
      unauthorized: (s, head) => echoed(401, sentIn(head))(s, head),
    },
    verdict: 'non-conformant',
    outcomes: { 'auth.no-echo': 'fail' },
  },
  {
    name: 'a session that is not created, with an error that repeats the credential',
    answers: { words: streamAnswer(GOOD), create: (s, head) => echoed(403, sentIn(head))(s, head) },
    verdict: 'error',
    told: /credential was not accepted.*\$WORDS_BEARER_TOKEN/,
  },
  {
    name: 'the words as text/plain',
    answers: { words: textAnswer(200, 'text/plain', GOOD) },
    verdict: 'non-conformant',
    outcomes: { 'http.content-type': 'fail', 'ending.once': 'pass', 'snapshot.stable': 'pass', 'auth.missing': 'pass' },
  },
  {
    name: 'a login page with 200 for the words',
    answers: { words: textAnswer(200, 'text/html', HTML) },
    verdict: 'non-conformant',
    outcomes: { 'http.content-type': 'fail', 'ending.once': 'inconclusive', 'schema.batch': 'inconclusive' },
  },
  {
    name: 'a login page with 200 for whatever is refused',
    answers: {
      words: streamAnswer(GOOD),
      unknown: textAnswer(200, 'text/html', HTML),
      unauthorized: textAnswer(200, 'text/html', HTML),
    },
    verdict: 'non-conformant',
    outcomes: { 'errors.not-found': 'fail', 'auth.missing': 'fail', 'auth.invalid': 'fail', 'ending.once': 'pass' },
  },
  {
    name: 'an error body without end',
    answers: { words: streamAnswer(GOOD), unknown: (s) => forever(s, 'x'.repeat(65536), 'HTTP/1.1 404 No\r\n\r\n') },
    verdict: 'non-conformant',
    outcomes: { 'errors.not-found': 'pass' },
  },
];

/** To whoever offers codings; the others get what is good. */
function coded(words: RawAnswer): RawAnswer {
  return (socket, head) => (/accept-encoding: .*gzip/i.test(head) ? words : streamAnswer(GOOD))(socket, head);
}

function sentIn(head: string): string {
  return /^(?:x-api-key|authorization): *(?:Bearer |Basic |Digest )?(.*)$/im.exec(head)?.[1]?.trim() ?? '';
}

function echoed(status: number, sent: string) {
  const message = `No: ${sent} ${encodeURIComponent(sent)} ${Buffer.from(sent).toString('base64')} ${Buffer.from(sent).toString('hex')}`;
  return jsonAnswer(status, { error: { code: sent, message } });
}

/** Garbage beyond this heap must be collected, so that resident memory shows what a run needs; a run that needs more dies. */
const MEMORY = ['--max-old-space-size=192', '--single-threaded-gc'];

/**
 * A module that has a process write at its end what /proc says of it: its own peak of memory. The peak that
 * `process.resourceUsage()` gives begins with that of the process which started it.
 */
function tellingMemory(path: string): string {
  const module = `import { readFileSync, writeFileSync } from 'node:fs'; process.on('exit', () => writeFileSync(${JSON.stringify(path)}, readFileSync('/proc/self/status')));`;
  return `data:text/javascript,${encodeURIComponent(module)}`;
}

for (const { name, answers, env = {}, verdict, outcomes = {}, told } of cases)
  test(`hostile: ${name}`, async () => {
    const out = test.info().outputPath('out');
    await using target = await hostileTarget(answers);
    const [memory, summary] = [test.info().outputPath('memory'), test.info().outputPath('summary.md')];
    writeFileSync(summary, '');
    const run = startCertify(
      [],
      {
        FORCE_COLOR: '',
        NO_COLOR: '1',
        MALLOC_ARENA_MAX: '2',
        GITHUB_STEP_SUMMARY: summary,
        WORDS_BASE_URL: target.baseUrl,
        WORDS_API_KEY: API_KEY,
        WORDS_BEARER_TOKEN: BEARER,
        WORDS_OTHER_API_KEY: OTHER_KEY,
        WORDS_AVATAR_ID: 'a',
        WORDS_VOICE_ID: 'v',
        WORDS_OUT: out,
        ...env,
      },
      { options: [...MEMORY, ...(process.platform === 'linux' ? ['--import', tellingMemory(memory)] : [])] },
    );
    const { code, output: terminal } = await run.ended;
    expect(code, terminal).toBe(EXIT_CODES[verdict]);

    if (process.platform === 'linux') {
      const kibibytes = Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(memory, 'utf8'))?.[1]);
      test.info().annotations.push({ type: 'MiB', description: String(kibibytes / 1024) });
      expect(kibibytes).toBeLessThan(512 * 1024);
    }
    const results = JSON.parse(readFileSync(`${out}/results.json`, 'utf8')) as Results;
    expect(results, results.reason).toMatchObject({ verdict });
    expect(results.counts.error).toBe(0);
    const seen = Object.fromEntries(results.requirements.map((row) => [row.id, row.outcome]));
    expect(seen).toMatchObject(outcomes);
    if (told) expect(terminal).toMatch(told);

    expect(terminal).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2028\u2029]/);
    expect(terminal).not.toMatch(/^::/m);
    const written = [...filesIn(out), summary];
    expect(written).toEqual(
      expect.arrayContaining(['results.json', 'junit.xml', 'recording.har'].map((name) => join(out, name))),
    );
    const sent = new Set(target.heads.map(sentIn).filter((value) => value !== ''));
    for (const text of [terminal, ...written.map((path) => readFileSync(path, 'latin1'))])
      for (const secret of sent) expect(text.includes(secret), `holds ${secret}`).toBe(false);
    for (const row of results.requirements)
      for (const { message, actual } of row.violations) {
        expect(message.length).toBeLessThan(600);
        expect(actual.length).toBeLessThan(600);
      }
    const maxBytes = Number(env.WORDS_MAX_BYTES ?? 16 * MIB);
    expect(statSync(`${out}/recording.har`).size).toBeLessThan(3 * maxBytes * 2 + 8 * MIB);
    expect(statSync(`${out}/report.html`).size).toBeLessThan(16 * MIB);
    for (const path of [join(out, 'results.json'), join(out, 'junit.xml'), summary])
      expect(statSync(path).size).toBeLessThan(2 * MIB);
  });

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

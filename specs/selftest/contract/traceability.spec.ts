import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { coverageOf, staleQuotes } from '../../../helpers/contract/coverage.ts';
import { loadContract } from '../../../helpers/contract/load.ts';
import { joinChecks, loadCatalogue } from '../../../helpers/contract/requirements.ts';
import { splitSentences, statementsOf } from '../../../helpers/contract/statements.ts';
import { trace } from '../../../helpers/contract/traceability.ts';
import { type Edit, laterContract } from './edited-contract.ts';

const contract = loadContract();
const catalogue = loadCatalogue();
const accounts = coverageOf(contract.document, statementsOf(contract.document), catalogue);
const run = {
  verdict: 'conformant',
  selection: 'all',
  contract: { sha256: contract.sha256 },
  startedAt: '2026-01-01T00:00:00.000Z',
  requirements: catalogue.requirements.map(({ id }) => ({ id: id as string, outcome: 'pass' })),
};

test.describe('sentences', () => {
  for (const [kind, text, sentences] of [
    ['nothing', '  ', []],
    ['one without a full stop', 'Rate limit exceeded', ['Rate limit exceeded']],
    ['two', 'The spoken token. May be a word.', ['The spoken token.', 'May be a word.']],
    ['clauses', 'Frames are batches; times are seconds.', ['Frames are batches;', 'times are seconds.']],
    ['marks in brackets', 'Marks (periods. Commas; etc.) are words.', ['Marks (periods. Commas; etc.) are words.']],
    ['marks in code', 'Each `a. B; c` is one. Next.', ['Each `a. B; c` is one.', 'Next.']],
    ['an abbreviation', 'Some, e.g. this, or 1.5 of v3.1 too.', ['Some, e.g. this, or 1.5 of v3.1 too.']],
    ['a sentence that begins with code', 'One. `two` is code.', ['One.', '`two` is code.']],
    ['a bracket that is never closed', 'One (two. Three.', ['One (two. Three.']],
    ['a backtick that is never closed', 'One ` two. Three.', ['One ` two.', 'Three.']],
  ] as const)
    test(`${kind}`, () => {
      const found = splitSentences(text);
      expect(found.map((sentence) => sentence.text)).toEqual(sentences);
      for (const sentence of found) expect(text.slice(sentence.start, sentence.end)).toBe(sentence.text);
    });
});

test('every statement of the operation and its schemas rests under a requirement or is excluded with a reason', () => {
  expect(accounts.filter(({ unaccounted }) => unaccounted.length > 0)).toEqual([]);
  expect(accounts.every(({ requirements, excluded }) => requirements.length + excluded.length > 0)).toBe(true);
  expect(staleQuotes(contract.document, catalogue)).toEqual([]);
});

test('prose, keywords, examples, headers and security are all statements', () => {
  const texts = accounts.map(
    ({ statement }) => `${statement.pointer.split('/').slice(-2).join('/')} ${statement.text}`,
  );
  expect(texts).toEqual(
    expect.arrayContaining([
      'get/description Late subscribers receive the full session history;',
      'get/description completed sessions are served from a durable snapshot.',
      'schema/type integer',
      'required/2 end',
      '1/BearerAuth []',
      'ApiKeyAuth/name x-api-key',
      'error/code rate_limit_exceeded',
      'doc_url/description Link to error documentation',
    ]),
  );
});

test('each row that quotes the operation is found under what it quotes', () => {
  const found = new Set(accounts.flatMap(({ requirements }) => requirements));
  const quoting = catalogue.requirements.filter(({ sources }) =>
    sources.some((source) => 'pointer' in source && /^\/(paths|components\/schemas)\//.test(source.pointer)),
  );
  // It quotes keys, such as the media type, and a key is no statement of its own.
  const keysOnly = ['errors.media-type'];
  expect(quoting.map(({ id }) => id).filter((id) => !found.has(id))).toEqual(keysOnly);
});

const ADDITIONS: readonly (readonly [kind: string, edit: Edit, left: string])[] = [
  ['a sentence', ['its own word event.', 'its own word event. Pauses are words, too.'], 'Pauses are words, too.'],
  ['a clause', ['full session history;', 'full session history; early ones a greeting;'], 'early ones a greeting;'],
  ['words to an excluded clause', ['can filter them out.', 'can filter them out at will.'], 'at will.'],
  ['a constraint', ['          title: Start\n', '          title: Start\n          minimum: 0\n'], '0'],
  [
    'a member',
    ['      required:\n        - words\n', '        id:\n          type: string\n      required:\n        - words\n'],
    'string',
  ],
  [
    'a schema',
    ['    WordBatch:\n', '    WordsEndEvent:\n      description: Says how it went.\n    WordBatch:\n'],
    'Says how it went.',
  ],
  [
    'a response',
    ["        '404':\n", "        '403':\n          description: Not yours\n        '404':\n"],
    'Not yours',
  ],
];

for (const [kind, edit, left] of ADDITIONS)
  test(`a later contract that adds ${kind} leaves it unaccounted for until a row or an exclusion names it`, () => {
    const { document } = laterContract(edit);
    const unaccounted = coverageOf(document, statementsOf(document), catalogue).flatMap(
      (account) => account.unaccounted,
    );
    expect(unaccounted).toEqual([expect.stringContaining(left)]);
  });

test('a row that loses its sentence leaves the sentence unaccounted for', () => {
  const requirements = catalogue.requirements.filter(({ area }) => area !== 'snapshot');
  const left = coverageOf(contract.document, statementsOf(contract.document), { ...catalogue, requirements });
  expect(left.flatMap(({ unaccounted }) => unaccounted)).toEqual([
    'completed sessions are served from a durable snapshot.',
  ]);
});

test('a sentence of which a quote takes only a part is unaccounted for in the rest', () => {
  const [row] = catalogue.requirements.filter(({ id }) => id === 'snapshot.stable');
  const source = {
    quote: 'completed sessions',
    pointer: '/paths/~1v3~1avatar-realtime~1{stream_id}~1words/get/description',
  };
  const requirements = row === undefined ? [] : [{ ...row, sources: [source] as const }];
  const accounts = coverageOf(contract.document, statementsOf(contract.document), { requirements, excluded: [] });
  const account = accounts.find(({ statement }) => statement.text.startsWith('completed sessions'));
  expect(account).toMatchObject({
    requirements: ['snapshot.stable'],
    unaccounted: ['are served from a durable snapshot.'],
  });
});

test.describe('a run', () => {
  test('that fits the rows is traced without a fault, each sentence with its outcomes', () => {
    const { lines, faults } = trace(contract, accounts, catalogue.requirements, run);
    expect(faults).toEqual([]);
    const at = lines.indexOf('  completed sessions are served from a durable snapshot.');
    expect(lines[at + 1]).toMatch(/^ {4}pass +snapshot\.served$/);
    expect(lines.at(-1)).toContain(' 0 are unaccounted for');
  });

  test('with an id that has no row, or one twice, is at fault', () => {
    const requirements = [
      ...run.requirements,
      { id: 'http.gone', outcome: 'pass' },
      { id: 'http.status', outcome: 'pass' },
    ];
    expect(trace(contract, accounts, catalogue.requirements, { ...run, requirements }).faults).toEqual([
      expect.stringContaining('"http.gone"'),
      expect.stringContaining('"http.status"'),
    ]);
  });

  test('that gives a row no outcome is at fault, but not where it was filtered or ended in an error', () => {
    const faults = (change: object) =>
      trace(contract, accounts, catalogue.requirements, { ...run, requirements: run.requirements.slice(1), ...change })
        .faults;
    expect(faults({})).toEqual(['The run gives no outcome for contract.loads.']);
    expect(faults({ selection: 'filtered' })).toEqual([]);
    expect(faults({ verdict: 'error' })).toEqual([]);
  });

  test('that was judged by another contract is at fault', () => {
    const faults = trace(contract, accounts, catalogue.requirements, { ...run, contract: { sha256: '0' } }).faults;
    expect(faults).toEqual([expect.stringContaining('another contract')]);
  });

  test('that ended before it read a contract has nothing to trace, and says so', () => {
    const early = { ...run, verdict: 'error', contract: { sha256: '' }, requirements: [] };
    expect(trace(contract, accounts, catalogue.requirements, early).faults).toEqual([
      expect.stringContaining('ended before it read a contract'),
    ]);
  });
});

test('rows and checks join by id', () => {
  const rows = [{ id: 'http.status' }, { id: 'http.cache' }] as const;
  expect(joinChecks(rows, ['http.cache', 'http.status'])).toEqual({ withoutCheck: [], withoutRow: [] });
  expect(joinChecks(rows, ['http.status', 'http.new', 'http.status'])).toEqual({
    withoutCheck: ['http.cache'],
    withoutRow: ['http.new', 'http.status'],
  });
  expect(joinChecks([], [])).toEqual({ withoutCheck: [], withoutRow: [] });
});

test.describe('npm run coverage', () => {
  const root = fileURLToPath(new URL('../../../', import.meta.url));

  async function coverage(...args: readonly string[]) {
    const command = ['--import', 'tsx', 'helpers/tools/coverage.ts', ...args];
    const env = { PATH: process.env.PATH };
    return promisify(execFile)(process.execPath, command, { cwd: root, env }).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
    );
  }

  function resultsFile(content: unknown): string {
    const path = test.info().outputPath('results.json');
    writeFileSync(path, JSON.stringify(content));
    return path;
  }

  test('prints every sentence with its outcomes and exits 0', async () => {
    const { code, stdout, stderr } = await coverage(resultsFile(run));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const { statement } of accounts) expect(stdout).toContain(`  ${statement.text}\n`);
  });

  test('exits 1 where the run has an id without a row', async () => {
    const requirements = [...run.requirements, { id: 'http.gone', outcome: 'pass' }];
    const { code, stderr } = await coverage(resultsFile({ ...run, requirements }));
    expect(code).toBe(1);
    expect(stderr).toContain('"http.gone"');
  });

  test('exits 3 with one line where there are no results, or no results of a run', async () => {
    const missing = await coverage('/nowhere/results.json');
    expect([missing.code, missing.stderr]).toEqual([
      3,
      expect.stringMatching(/^No results could be read .*certify.*\n$/),
    ]);
    const wrong = await coverage(resultsFile({ hello: 'world' }));
    expect([wrong.code, wrong.stderr]).toEqual([3, expect.stringMatching(/^.* is no results\.json of a run: .*\n$/)]);
  });
});

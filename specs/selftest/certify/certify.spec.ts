import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { XMLParser } from 'fast-xml-parser';
import { loadRequirements } from '../../../helpers/contract/requirements.ts';
import schema from '../../../helpers/results/results.schema.json' with { type: 'json' };
import { certify, resultsIn } from '../support/certify.ts';

// A run takes as long as its session and the machine need.
test.describe.configure({ timeout: 0 });

const folder = (name: string) => test.info().outputPath(name);
const outcomesIn = (out: string) => resultsIn(out).requirements.map(({ id, outcome }) => `${id}: ${outcome}`);

test('the embedded reference server is conformant, and judging its recording again says the same', async () => {
  const out = folder('out');
  const { code, output } = await certify(['--out', out, '--burst']);
  expect(output).toContain('CONFORMANT');
  expect(code).toBe(0);

  const results = resultsIn(out);
  const validate = new Ajv2020({ strict: true }).compile(schema);
  expect(validate(results), JSON.stringify(validate.errors)).toBe(true);
  expect(results).toMatchObject({ verdict: 'conformant', selection: 'all', counts: { warn: 0, inconclusive: 0 } });
  for (const file of Object.values(results.files)) expect(existsSync(`${out}/${file}`), file).toBe(true);
  expect(existsSync(`${out}/recording.ndjson`), 'the journal is not left behind').toBe(false);

  const again = folder('again');
  const rejudged = await certify(['--out', again, '--recording', `${out}/recording.har`, '--burst']);
  expect(rejudged.code).toBe(0);
  expect(rejudged.output).toContain('nothing is sent');
  expect(resultsIn(again)).toEqual(results);
  expect(readFileSync(`${again}/recording.har`)).toEqual(readFileSync(`${out}/recording.har`));
});

test('a filtered run judges what is asked for and never says conformant', async () => {
  const out = folder('out');
  const { code } = await certify(['--out', out, '--grep', 'batching']);
  expect(code).toBe(2);
  expect(resultsIn(out)).toMatchObject({ verdict: 'incomplete', selection: 'filtered' });
  expect(outcomesIn(out).filter((line) => !line.endsWith('inconclusive'))).toEqual([
    'batching.word-cap: pass',
    'batching.time-cap: pass',
    'batching.time-span: pass',
  ]);
});

test('a target that nothing listens at is told in one line, and nothing is held against it', async () => {
  const out = folder('out');
  const { code, output } = await certify(['--out', out], {
    WORDS_BASE_URL: 'http://127.0.0.1:9',
    WORDS_API_KEY: 'sesame-4711',
    WORDS_AVATAR_ID: 'a',
    WORDS_VOICE_ID: 'v',
  });
  expect(code).toBe(3);
  expect(output.match(/Nothing listens at/g)).toHaveLength(1);
  const results = resultsIn(out);
  expect(results).toMatchObject({
    verdict: 'error',
    reason: expect.stringContaining('127.0.0.1:9'),
    counts: { fail: 0 },
  });
  for (const text of [output, JSON.stringify(results), readFileSync(`${out}/recording.har`, 'utf8')])
    expect(text).not.toContain('sesame-4711');
});

test('mistakes in the settings are told before anything is sent, and replace what an earlier run left', async () => {
  const out = folder('out');
  await certify(['--out', out, '--contract', 'package.json']);
  expect(resultsIn(out)).toMatchObject({ verdict: 'error', reason: expect.stringContaining('package.json') });
  writeFileSync(`${out}/results.json`, '{"verdict":"conformant"}');
  writeFileSync(`${out}/report.html`, 'conformant');

  const { code, output } = await certify(['--base-url', 'http://127.0.0.1:9', '--session', 'idz'], { WORDS_OUT: out });
  expect(code).toBe(3);
  expect(output.split('\n').filter((line) => line.startsWith('  WORDS_'))).toEqual([
    expect.stringMatching(/^ {2}WORDS_API_KEY is not set/),
    expect.stringMatching(/^ {2}WORDS_SESSION=idz is not one of its values.*Did you mean ids\?/),
  ]);
  expect(resultsIn(out)).toMatchObject({ verdict: 'error', reason: expect.stringContaining('WORDS_SESSION') });
  expect(existsSync(`${out}/report.html`)).toBe(false);
  expect(casesIn(out).map(({ name }) => name)).toEqual(['the run comes to a verdict']);
});

test('a wrong flag is an error with the nearest known one', async () => {
  const out = folder('out');
  const { code, output } = await certify(['--bse-url', 'http://127.0.0.1:9'], { WORDS_OUT: out });
  expect(code).toBe(3);
  expect(output).toContain('--base-url');
  expect(resultsIn(out).verdict).toBe('error');
});

test('--list names every requirement, sends nothing and leaves results alone', async () => {
  const out = folder('out');
  const { code, output } = await certify(['--list', '--out', out]);
  expect(code).toBe(0);
  for (const { id, sentence } of loadRequirements()) expect(output).toContain(`${id}: ${sentence}`);
  expect(existsSync(`${out}/results.json`)).toBe(false);
});

test('--plan says what a run would do, and as JSON for programs', async () => {
  const { code, output } = await certify(['--plan', '--json', '--out', folder('out')]);
  expect(code).toBe(0);
  expect(JSON.parse(output)).toMatchObject({ sessionMode: 'embedded', sessions: 1 });
  expect((await certify(['--plan', '--out', folder('out')])).output).toContain('Nothing was sent.');
});

test('--help tells every setting', async () => {
  const { code, output } = await certify(['--help']);
  expect(code).toBe(0);
  for (const flag of ['--base-url', '--completed-stream-id', '--earlier-recording', '--grep', '--plan'])
    expect(output).toContain(flag);
});

function casesIn(out: string): readonly { readonly name: string }[] {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    isArray: (name) => name === 'testsuite' || name === 'testcase',
  });
  const { testsuites } = parser.parse(readFileSync(`${out}/junit.xml`, 'utf8'), true);
  return testsuites.testsuite.flatMap(({ testcase }: { testcase: { name: string }[] }) => testcase);
}

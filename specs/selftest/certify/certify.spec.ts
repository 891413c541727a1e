import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from '@playwright/test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { XMLParser } from 'fast-xml-parser';
import { loadRequirements } from '../../../helpers/contract/requirements.ts';
import type { Plan } from '../../../helpers/probes/plan.ts';
import { saveHar } from '../../../helpers/recording/load.ts';
import schema from '../../../helpers/results/results.schema.json' with { type: 'json' };
import { flagName, OPTIONS } from '../../../helpers/settings/options.ts';
import { certify, resultsIn, startCertify } from '../support/certify.ts';
import { rawServer } from '../support/hostile.ts';
import { runOf } from '../support/runs.ts';

// A run takes as long as its session and the machine need.
test.describe.configure({ timeout: 0 });

const PLAYWRIGHT = createRequire(import.meta.url).resolve('@playwright/test/cli');
const folder = (name: string) => test.info().outputPath(name);
const outcomesIn = (out: string) => resultsIn(out).requirements.map(({ id, outcome }) => `${id}: ${outcome}`);

test('the embedded reference server is conformant, and judging its recording again says the same', async () => {
  const out = folder('out');
  const { code, output } = await certify(['--out', out, '--burst'], { WORDS_PLAYWRIGHT_REPORT: '1' });
  expect(output).toContain('CONFORMANT');
  expect(output.match(/one session of about/g), 'the plan is said once').toHaveLength(1);
  expect(code).toBe(0);

  const results = resultsIn(out);
  const validate = new Ajv2020({ strict: true }).compile(schema);
  expect(validate(results), JSON.stringify(validate.errors)).toBe(true);
  expect(results).toMatchObject({ verdict: 'conformant', selection: 'all', counts: { warn: 0, inconclusive: 0 } });
  for (const file of Object.values(results.files)) expect(existsSync(`${out}/${file}`), file).toBe(true);
  expect(existsSync(`${out}/recording.ndjson`), 'the journal is not left behind').toBe(false);

  const again = folder('again');
  const rejudged = await certify(['judge', `${out}/recording.har`, '--out', again, '--burst'], {
    WORDS_PLAYWRIGHT_REPORT: '1',
  });
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

test('a filter that matches nothing sends nothing, and says so', async () => {
  await using target = await rawServer((socket) => socket.destroy());
  const out = folder('out');
  const { code, output } = await certify(['--out', out, '--grep', 'no-such-requirement'], {
    WORDS_BASE_URL: target.baseUrl,
    WORDS_API_KEY: 'sesame-4711',
    WORDS_AVATAR_ID: 'a',
    WORDS_VOICE_ID: 'v',
  });
  expect(code).toBe(3);
  expect(output).toContain('No requirement matches the filter; nothing was sent.');
  expect(resultsIn(out)).toMatchObject({ verdict: 'error', cost: { requests: 0 } });
  expect(target.heads).toEqual([]);
});

test('WORDS_PLAYWRIGHT_REPORT=0 leaves Playwright out, and the rest is the same', async () => {
  const out = folder('out');
  await saveHar(runOf(), folder('recording.har'));
  const env = { WORDS_PLAYWRIGHT_REPORT: '0' };
  expect((await certify(['judge', folder('recording.har'), '--out', out], env)).code).toBe(0);
  expect(existsSync(`${out}/playwright`)).toBe(false);
  expect(resultsIn(out).files).not.toHaveProperty('playwright');
  for (const file of Object.values(resultsIn(out).files)) expect(existsSync(`${out}/${file}`), file).toBe(true);
});

test('--grep looks at id and sentence whatever the case, and at levels, on every way to it', async () => {
  const listed = async (...argv: string[]) =>
    (await certify(['list', ...argv])).output.split('\n').flatMap((line) => /[\w-]+\.[\w-]+(?=: )/.exec(line) ?? []);
  expect(await listed('--grep', 'BATCHING')).toEqual(['batching.word-cap', 'batching.time-cap', 'batching.time-span']);
  expect(await listed('--grep', '^batching', '--grep-invert', '-cap:')).toEqual(['batching.time-span']);
  expect(await listed('--grep', '@SHOULD')).toEqual(
    loadRequirements()
      .filter(({ level }) => level === 'SHOULD')
      .map(({ id }) => id),
  );
});

test('npx playwright test certifies the target that the environment names', async () => {
  const out = folder('out');
  const { code, output } = await startCertify(['test'], { WORDS_OUT: out }, { entry: PLAYWRIGHT }).ended;
  expect(code).toBe(0);
  expect(output).toContain('CONFORMANT');
  expect(existsSync(`${out}/report.html`)).toBe(true);
  expect(resultsIn(out).verdict).toBe('conformant');
});

test('a target that nothing listens at is told in one line, and breaks no requirement', async () => {
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

test('a run that could not begin shows nothing of the recording that an earlier one left, and leaves it there', async () => {
  const out = folder('out');
  await certify(['--out', out, '--base-url', 'http://127.0.0.1:9'], {
    WORDS_API_KEY: 'k',
    WORDS_SESSION: 'ids',
    WORDS_COMPLETED_STREAM_ID: 'earlier-4711',
  });
  const recorded = readFileSync(`${out}/recording.har`);
  expect(readFileSync(`${out}/report.html`, 'utf8')).toContain('earlier-4711');
  await certify(['--out', out, '--contract', 'package.json']);
  expect(readFileSync(`${out}/report.html`, 'utf8')).not.toContain('earlier-4711');
  expect(readFileSync(`${out}/recording.har`)).toEqual(recorded);
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

for (const [name, remedy] of [
  ['WORDS_RECORDING', 'Give the recording.har of an earlier run.'],
  ['WORDS_EARLIER_RECORDING', 'Give the recording.har of an earlier run.'],
  ['WORDS_WAIVERS', 'waivers'],
] as const)
  test(`a file that is none for ${name} is an error that names the setting, the file and the remedy`, async () => {
    const out = folder('out');
    const { code, output } = await certify(['--out', out, `--${flagName(name)}=openapi/gaps.schema.json`]);
    expect(code).toBe(3);
    expect(output).toContain(name);
    expect(output).toContain('openapi/gaps.schema.json');
    expect(output).toContain(remedy);
    expect(resultsIn(out)).toMatchObject({ verdict: 'error', reason: expect.stringContaining(name) });
  });

for (const [argument, told] of [
  ['--bse-url=sesame-4711', 'unknown flag --bse-url. Did you mean --base-url?'],
  ['--burst=sesame-4711', '--burst takes no value'],
  ['sesame-4711', 'belongs to no flag'],
  ['--base-url', 'argument missing'],
  ['--json', '--json goes with --plan'],
  ['--grep=(sesame-4711', '--grep is no regular expression'],
] as const)
  test(`the wrong argument ${argument.replace('sesame-4711', '…')} is an error that names the flag and repeats no value`, async () => {
    const out = folder('out');
    const { code, output } = await certify([argument], { WORDS_OUT: out });
    expect(code).toBe(3);
    expect(output).toContain(told);
    expect(resultsIn(out)).toMatchObject({ verdict: 'error', reason: expect.stringContaining(told) });
    expect(output + readFileSync(`${out}/results.json`, 'utf8')).not.toContain('sesame');
  });

test('--list names every requirement, sends nothing and leaves results alone', async () => {
  const out = folder('out');
  const { code, output } = await certify(['--list', '--out', out]);
  expect(code).toBe(0);
  for (const { id, sentence } of loadRequirements()) expect(output).toContain(`${id}: ${sentence}`);
  expect(existsSync(`${out}/results.json`)).toBe(false);
});

test('--plan says what a run would do and cost, and sends nothing', async () => {
  await using target = await rawServer((socket) => socket.destroy());
  const env = {
    WORDS_BASE_URL: target.baseUrl,
    WORDS_API_KEY: 'sesame-4711',
    WORDS_AVATAR_ID: 'a',
    WORDS_VOICE_ID: 'v',
    WORDS_OUT: folder('out'),
  };
  const json = await certify(['--plan', '--json'], env);
  expect(json.code).toBe(0);
  const plan = JSON.parse(json.output) as Plan;
  expect(plan).toMatchObject({ target: target.baseUrl, sessionMode: 'create', sessions: 1 });
  expect(plan.estimatedUsd.most).toBe(0);
  expect([...plan.verifiable, ...plan.unverifiable.map(({ id }) => id)].sort()).toEqual(
    loadRequirements()
      .map(({ id }) => id)
      .sort(),
  );

  const { code, output } = await certify(['--plan'], env);
  expect(code).toBe(0);
  expect(output).toContain(`about ${plan.requests} requests, ${plan.subscriptions} of them subscriptions`);
  expect(output).toContain(`at most ${plan.sessionSeconds.longest} s`);
  expect(output).not.toContain('USD');
  const billed = await certify(['--plan'], { ...env, WORDS_BASE_URL: 'https://target.test' });
  expect(billed.output).toMatch(/about \d+\.\d\d USD, at most \d+\.\d\d USD/);
  expect(output).toMatch(/^ {2}batching +word-cap, time-cap, time-span$/m);
  expect(output).toContain('    The run was not allowed a burst. Set WORDS_BURST=1.');
  expect(output).toContain('Nothing was sent.');
  expect(json.output + output).not.toContain('sesame');

  writeFileSync(folder('recording.har'), '{}');
  const judging = await certify(['--plan', '--recording', folder('recording.har')], env);
  expect(judging.output).toContain('no request, no session, no cost');
  expect(target.heads).toEqual([]);
});

test('every setting is printed with its meaning and its default, and has a flag; --help fits on a screen', async () => {
  const settings = (await certify(['settings'])).output.replace(/\s+(# )?/g, ' ');
  for (const option of OPTIONS) {
    expect(settings).toContain(option.meaning);
    expect(settings).toContain(`#${option.name}=${option.fallback ?? option.example}`);
  }
  const { code, output } = await certify(['--help']);
  expect(code).toBe(0);
  for (const told of ['--plan', '--grep', '--base-url', 'NODE_EXTRA_CA_CERTS', 'NO_PROXY', 'Exit codes: 0 conformant'])
    expect(output).toContain(told);
  expect(output.split('\n').length).toBeLessThan(90);
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

import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { XMLParser } from 'fast-xml-parser';
import { parse } from 'yaml';
import { loadRequirements } from '../../../helpers/contract/requirements.ts';
import { saveHar } from '../../../helpers/recording/load.ts';
import type { Recording } from '../../../helpers/recording/recording.ts';
import { isOptionName } from '../../../helpers/settings/options.ts';
import { certify, resultsIn } from '../support/certify.ts';
import { compiled } from '../support/compiled-suite.ts';
import { answered, changed, errorBody, runOf, withBody } from '../support/runs.ts';

test.describe.configure({ timeout: 0 });

const folder = (name: string) => test.info().outputPath(name);

async function judge(recording: Recording, env: Readonly<Record<string, string>> = {}, argv: readonly string[] = []) {
  await saveHar(recording, folder('recording.har'));
  const out = folder('out');
  const run = await certify(['--recording', folder('recording.har'), '--out', out, ...argv], env);
  return { ...run, out, results: resultsIn(out) };
}

const breach = () => runOf(changed('errors.not-found', withBody('{}')));

function waiverFile(over: Readonly<Record<string, string>> = {}): string {
  const entry = {
    requirement: 'errors.envelope',
    target: breach().target.baseUrl,
    reason: 'Fixed in the next release.',
    accepted_by: 'Ada Lovelace',
    until: '2999-12-31',
    ...over,
  };
  const path = folder('waivers.yaml');
  writeFileSync(path, JSON.stringify({ waivers: [entry] }));
  return path;
}

const codes: readonly (readonly [
  name: string,
  recording: () => Recording,
  env: Record<string, string>,
  code: number,
])[] = [
  ['a conforming run', () => runOf(), {}, 0],
  ['a breach', breach, {}, 1],
  [
    'a warning in strict mode',
    () => runOf(changed('errors.not-found', withBody(errorBody(404, { code: 'gone' })))),
    { WORDS_STRICT: '1' },
    1,
  ],
  [
    'a run without a snapshot',
    () => runOf(runOf().exchanges.filter(({ id, control }) => !`${id} ${control}`.includes('snapshot'))),
    {},
    2,
  ],
];

for (const [name, recording, env, code] of codes)
  test(`the exit code of ${name} is ${code}`, async () => {
    expect((await judge(recording(), env)).code).toBe(code);
  });

test('an annotation says that its breach is new since the baseline, and to what it is due', async () => {
  const earlier = await judge(runOf());
  const baseline = folder('baseline.json');
  renameSync(join(earlier.out, 'results.json'), baseline);
  const { code, output } = await judge(breach(), { WORDS_BASELINE: baseline, GITHUB_ACTIONS: 'true' });
  expect(code).toBe(1);
  expect(output).toContain('::error title=errors.envelope%3A was pass%2C due to the target');
});

test('a waived breach no longer fails the run, and stays visible everywhere', async () => {
  const { code, output, out, results } = await judge(breach(), { WORDS_WAIVERS: waiverFile() });
  expect(code).toBe(0);
  expect(results).toMatchObject({
    verdict: 'conformant',
    reason: expect.stringContaining('errors.envelope'),
    counts: { waived: 1 },
  });
  const told = 'Waived until 2999-12-31 by Ada Lovelace: Fixed in the next release.';
  expect(output).toContain(told);
  for (const file of ['report.html', 'junit.xml', 'results.json'])
    expect(readFileSync(join(out, file), 'utf8'), file).toContain('Fixed in the next release.');
});

for (const [name, over, told] of [
  ['has expired', { until: '2020-01-01' }, /expired on 2020-01-01/],
  ['names no requirement', { requirement: 'errors.envelop' }, /errors\.envelop\b.*errors\.envelope/],
  ['outlives its breach', { requirement: 'http.status' }, /http\.status/],
] as const)
  test(`a waiver that ${name} fails the run, and says what to edit`, async () => {
    const { code, output, results } = await judge(breach(), { WORDS_WAIVERS: waiverFile(over) });
    expect(code).toBe(3);
    expect(results).toMatchObject({ verdict: 'error', reason: expect.stringMatching(told) });
    expect(results.reason).toContain('The waiver file needs an edit');
    expect(results.remedy).toMatch(/line \d+/);
    expect(output.replace(/\s+/g, ' ')).toContain('The waiver file needs an edit');
  });

test('under GitHub Actions each breach is an annotation, and the job has a summary', async () => {
  const summary = folder('summary.md');
  writeFileSync(summary, '');
  const { code, output, results } = await judge(breach(), { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary });
  expect(code).toBe(1);
  const failed = results.requirements.filter(({ outcome }) => outcome === 'fail');
  const annotations = output.split('\n').filter((line) => line.startsWith('::error'));
  expect(annotations).toHaveLength(results.findings.filter(({ outcome }) => outcome === 'fail').length);
  expect(annotations.join('\n')).toContain(`::error title=${failed.map(({ id }) => id).join('%2C ')}::`);
  const written = readFileSync(summary, 'utf8');
  expect(written).toMatch(/^## Non-conformant: /);
  for (const { id, violations } of failed) {
    expect(written).toContain(`- **${id}** `);
    expect(violations.length).toBeGreaterThan(0);
  }
});

test('the JUnit file has one case for each requirement, with level and quote as properties', async () => {
  const { out, results } = await judge(
    runOf(changed('auth.missing/live', answered(200, 'data: x\n\n', 'text/event-stream'))),
  );
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    isArray: (name) => ['testsuite', 'testcase', 'property'].includes(name),
  });
  const { testsuites } = parser.parse(readFileSync(`${out}/junit.xml`, 'utf8'), true);
  interface Case {
    readonly name: string;
    readonly properties: { readonly property: readonly { readonly name: string; readonly value: string }[] };
    readonly failure?: object;
  }
  const cases: readonly Case[] = testsuites.testsuite.flatMap(({ testcase }: { testcase: Case[] }) => testcase);
  expect(cases.map(({ name }) => name)).toEqual(loadRequirements().map(({ id }) => id));
  const failed = results.requirements.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id);
  expect(cases.filter(({ failure }) => failure !== undefined).map(({ name }) => name)).toEqual(failed);
  for (const { properties } of cases) {
    const names = properties.property.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['level', 'sentence']));
    expect(names.some((name) => name === 'quote' || name === 'source')).toBe(true);
  }
});

interface Workflow {
  readonly on: object;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly env?: Record<string, string>;
        readonly steps: readonly {
          readonly uses?: string;
          readonly run?: string;
          readonly with?: Record<string, string>;
        }[];
      }
    >
  >;
}

const workflow = (name: string) => parse(readFileSync(`.github/workflows/${name}`, 'utf8')) as Workflow;

test('the workflow for staging runs the action on a schedule, with credentials by environment alone', () => {
  const { on, jobs } = workflow('staging.yml');
  expect(Object.keys(on)).toEqual(expect.arrayContaining(['schedule', 'workflow_dispatch']));
  const [job] = Object.values(jobs);
  const step = job?.steps.find(({ uses }) => uses === './.github/actions/certify');
  expect(Object.keys(step?.with ?? {})).toContain('base-url');
  const names = Object.keys(job?.env ?? {});
  expect(names).toContain('WORDS_API_KEY');
  expect(names.filter((name) => !isOptionName(name))).toEqual([]);
});

test('the action certifies as its shell runs it: outputs, exit code and reports', async () => {
  const action = parse(readFileSync('.github/actions/certify/action.yml', 'utf8')) as {
    inputs: Record<string, { default?: string }>;
    runs: { steps: { id?: string; run?: string; env?: Record<string, string>; with?: { path?: string } }[] };
  };
  expect(Object.keys(action.inputs).filter((name) => /key|token|secret/.test(name))).toEqual([]);
  const { steps } = action.runs;
  expect(steps.some((step) => /^\$\{\{ inputs\.out \}\}$/.test(step.with?.path ?? ''))).toBe(true);
  const step = steps.find(({ id }) => id === 'certify');
  const inputs = Object.keys(step?.env ?? {}).filter((name) => name.startsWith('INPUT_'));
  expect(inputs.filter((name) => !isOptionName(name.replace('INPUT_', 'WORDS_')))).toEqual([]);

  const temporary = folder('runner');
  const bin = join(temporary, 'words-conformance', 'node_modules', '.bin', 'words-conformance');
  mkdirSync(dirname(bin), { recursive: true });
  writeFileSync(bin, `#!/bin/sh\nexec "${process.execPath}" "${compiled('helpers/cli/main.js')}" "$@"\n`, {
    mode: 0o755,
  });
  const output = join(temporary, 'output');
  const surroundings = Object.entries(process.env).filter(([name]) => !/^(WORDS_|SUITE_|TEST_|GITHUB_)/.test(name));
  const { code } = await new Promise<{ code: number | null }>((resolve, reject) => {
    const child = spawn('bash', ['-eo', 'pipefail', '-c', step?.run ?? 'exit 9'], {
      env: {
        ...Object.fromEntries(surroundings),
        RUNNER_TEMP: temporary,
        GITHUB_OUTPUT: output,
        WORDS_OUT: folder('out'),
        WORDS_PLAYWRIGHT_REPORT: '0',
      },
      stdio: 'ignore',
    });
    child.once('error', reject);
    child.once('close', (ended) => resolve({ code: ended }));
  });
  expect(code).toBe(0);
  expect(readFileSync(output, 'utf8')).toBe(
    `verdict=conformant\nfailed=\nreport-path=${join(folder('out'), 'report.html')}\n`,
  );
});

test('what workflows and docs run are scripts that exist', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const texts = [
    ...readdirSync('.github/workflows').map((name) => `.github/workflows/${name}`),
    ...readdirSync('specs/guide')
      .filter((name) => name.endsWith('.md'))
      .map((name) => `specs/guide/${name}`),
    'README.md',
    'CONTRIBUTING.md',
  ].map((path) => readFileSync(path, 'utf8'));
  const named = texts.flatMap((text) => [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name));
  expect(named.length).toBeGreaterThan(5);
  expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([]);
  const variables = texts.flatMap((text) => [...text.matchAll(/\bWORDS_[A-Z_]*[A-Z]\b/g)].map(([name]) => name));
  expect([...new Set(variables)].filter((name) => !isOptionName(name))).toEqual([]);
});

test('the job for GitLab in the docs is YAML that runs the certification on a schedule and keeps its reports', () => {
  const [, text = ''] =
    /```yaml\n(words-conformance:[\s\S]*?)```/.exec(readFileSync('specs/guide/ci.md', 'utf8')) ?? [];
  const job = parse(text)['words-conformance'];
  expect(job.script).toEqual(['npx --yes words-conformance']);
  expect(JSON.stringify(job.rules)).toContain('schedule');
  expect(job.artifacts).toMatchObject({
    when: 'always',
    paths: ['reports/out'],
    reports: { junit: 'reports/out/junit.xml' },
  });
});

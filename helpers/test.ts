import { test as base, type TestDetails, type TestInfo } from '@playwright/test';
import { type Judged, readJudged } from './certify/handover.ts';
import { outFiles } from './certify/out-files.ts';
import { loadRequirements } from './contract/requirements.ts';
import type { Requirement, RequirementId } from './contract/types.ts';
import { findingText, sourceTexts } from './results/finding.ts';
import type { RequirementResult } from './results/results.ts';
import { whyAndWhat } from './results/unverified.ts';

interface WorkerFixtures {
  /** The folder that reports go to; set by playwright.config.ts. */
  readonly out: string;
  /** What the setup recorded and judged. */
  readonly judged: Judged;
}

interface TestFixtures {
  /** Records and judges; where the run is interrupted it winds up and keeps what it has. */
  readonly conductRun: () => Promise<void>;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  out: ['', { option: true, scope: 'worker' }],
  judged: [
    async ({ out }, use) => {
      const files = outFiles(out);
      if (process.env.SUITE_UI === '1' && readJudged(files) === undefined)
        await conductAndPublish(out, new AbortController().signal);
      const judged = readJudged(files);
      if (judged === undefined) throw withoutFrames('Nothing has been recorded: run the project "record" before this.');
      await use(judged);
    },
    { scope: 'worker', timeout: 0 },
  ],
  conductRun: async ({ out }, use) => {
    const interruption = new AbortController();
    let run: Promise<void> | undefined;
    await use(() => {
      run = conductAndPublish(out, interruption.signal);
      return run;
    });
    interruption.abort();
    await run?.catch(() => undefined);
  },
});

type TestArguments<Fixtures> = [
  title: string,
  details: TestDetails,
  body: (fixtures: Fixtures, info: TestInfo) => Promise<void>,
];

/** The arguments of the one test that talks to the target. */
export function record(): TestArguments<TestFixtures> {
  return ['record every exchange with the target, and judge them', {}, ({ conductRun }) => conductRun()];
}

const rows = new Map<string, Requirement>(loadRequirements().map((row) => [row.id, row]));

/** The arguments of the test that shows how one requirement was judged. Throws where there is no such requirement. */
export function requirement(id: RequirementId): TestArguments<WorkerFixtures> {
  const row = rows.get(id);
  if (row === undefined) throw new Error(`openapi/requirements.yaml has no requirement ${id}`);
  const details: TestDetails = {
    tag: [`@${row.level}`, ...(row.core ? ['@core'] : [])],
    annotation: [
      { type: 'level', description: row.level },
      ...sourceTexts(row).flatMap(({ quote, place }) => [
        ...(quote === undefined ? [] : [{ type: 'quote', description: quote }]),
        { type: 'source', description: place },
      ]),
    ],
  };
  return [
    `${id}: ${row.sentence}`,
    details,
    async ({ judged }, info) => {
      const result = judged.results.requirements.find((candidate) => candidate.id === id);
      if (result === undefined) throw withoutFrames(`The suite failed: nothing was judged for ${id}.`);
      await show(result, judged, info);
    },
  ];
}

async function show(result: RequirementResult, { heads }: Judged, info: TestInfo): Promise<void> {
  const annotate = (type: string, description: string) => info.annotations.push({ type, description });
  annotate('observations', String(result.observations));
  for (const note of result.notes) annotate('note', note);
  if (result.violations.length > 0) {
    const finding = findingText(result);
    await info.attach('finding.md', { body: fenced(finding), contentType: 'text/markdown' });
    const head = heads[result.violations[0]?.exchange ?? ''];
    if (head !== undefined) await info.attach('exchange.txt', { body: head, contentType: 'text/plain' });
    if (result.outcome === 'fail') throw withoutFrames(finding);
    annotate(result.outcome === 'waived' ? 'waived' : 'warning', result.reason ?? firstMessage(result));
  }
  if (result.outcome === 'error')
    throw withoutFrames(`The suite failed, which is not held against the target: ${whyAndWhat(result)}`);
  if (result.outcome === 'inconclusive' || result.outcome === 'not-applicable')
    info.skip(true, `${result.outcome}: ${whyAndWhat(result)}`);
}

async function conductAndPublish(out: string, signal: AbortSignal): Promise<void> {
  // Loaded here, for the process that records alone.
  const page = import('../reports/page/write-report.ts');
  const assets = page.then(({ prepareAssets }) => prepareAssets());
  assets.catch(() => undefined);
  const { conduct } = await import('./certify/conduct.ts');
  try {
    await conduct({
      env: { ...process.env, WORDS_OUT: out },
      cwd: process.cwd(),
      signal,
      announce: (line) => process.stdout.write(`${line}\n`),
      publish: async ({ results, evidence, path }) => {
        const { recording, contract, requirements, subscriptions } = evidence;
        await (await page).writeReport({ results, recording, contract, requirements, subscriptions, path });
      },
    });
  } catch (error) {
    throw error instanceof Error && isForOperator(error) ? withoutFrames(error.message) : error;
  }
}

function firstMessage(result: RequirementResult): string {
  return result.violations[0]?.message ?? '';
}

function fenced(text: string): string {
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return `${fence}text\n${text}\n${fence}\n`;
}

/** The operator's business, told by its message: a stack of the suite would only hide it. */
function isForOperator(error: Error): boolean {
  return /^(Settings|Contract|DataFile|Recording|WaiverFile|Run)Error$/.test(error.name);
}

function withoutFrames(message: string): Error {
  const error = new Error(message);
  error.stack = message;
  return error;
}

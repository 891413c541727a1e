import type { TestDetails, TestInfo, TestType } from '@playwright/test';
import * as playwright from '@playwright/test';
import { beginUnlessBegun, type Conclusion, type Conducted, conducted, type Judged, underWay } from './cli/handover.ts';
import { outFiles } from './cli/out-files.ts';
import { isReported } from './cli/reported.ts';
import { loadRequirements } from './contract/requirements.ts';
import type { Requirement, RequirementId } from './contract/types.ts';
import { findingText, sourceTexts } from './results/finding.ts';
import type { RequirementResult } from './results/results.ts';
import { whyAndWhat } from './results/unverified.ts';

interface WorkerFixtures {
  /** The folder that reports go to; set by playwright.config.ts. */
  readonly out: string;
  /** What was recorded and judged beside this process, or why nothing was. */
  readonly run: Conducted;
}

/**
 * Without the fixtures of a browser, which no requirement needs and which take longer than the tests themselves. Playwright
 * has it for packages built upon it, and no documented name for it; where it is gone, `test` does the same, slower.
 */
const { _baseTest: base = playwright.test } = playwright as { readonly _baseTest?: TestType<object, object> };

export const test = base.extend<object, WorkerFixtures>({
  out: ['', { option: true, scope: 'worker' }],
  run: [
    async ({ out }, use) => {
      const files = outFiles(out);
      beginUnlessBegun(files);
      await use(await conducted(files));
    },
    { scope: 'worker', timeout: 0 },
  ],
});

type TestArguments<Fixtures> = [
  title: string,
  details: TestDetails,
  body: (fixtures: Fixtures, info: TestInfo) => Promise<void>,
];

/** The arguments of the one test that waits for the target; what it waits for goes on beside the tests that follow. */
export function record(): TestArguments<WorkerFixtures> {
  return [
    'begin to record every exchange with the target',
    {},
    async ({ out }) => {
      const files = outFiles(out);
      beginUnlessBegun(files);
      const state = await underWay(files);
      if (state !== 'recording' && state.failure) throw thrown(state.failure);
    },
  ];
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
    async ({ run: { judged, failure } }, info) => {
      // Said once, by the run: no test is a second finding of it.
      if (judged === undefined)
        info.skip(true, `nothing was judged: ${failure?.message ?? 'the run recorded nothing'}`);
      const result = judged?.results.requirements.find((candidate) => candidate.id === id);
      if (judged === undefined || result === undefined)
        throw withoutFrames(`The suite failed: nothing was judged for ${id}.`);
      await show(result, judged, info);
    },
  ];
}

async function show(result: RequirementResult, { heads }: Judged, info: TestInfo): Promise<void> {
  const toFail = result.outcome === 'fail' || result.outcome === 'error';
  if (toFail && isReported()) keepWorker(info);
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

/**
 * After a failure Playwright discards the worker, and every new one takes longer than all the tests: a failure that it is
 * told of beforehand costs nothing. The suite's reporter, where it watches, counts it for what it is.
 */
function keepWorker(info: TestInfo): void {
  info.expectedStatus = 'failed';
}

function firstMessage(result: RequirementResult): string {
  return result.violations[0]?.message ?? '';
}

function fenced(text: string): string {
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return `${fence}text\n${text}\n${fence}\n`;
}

function thrown({ message, stack }: NonNullable<Conclusion['failure']>): Error {
  const error = new Error(message);
  error.stack = stack;
  return error;
}

function withoutFrames(message: string): Error {
  return thrown({ message, stack: message });
}

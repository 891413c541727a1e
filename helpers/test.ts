import { fileURLToPath } from 'node:url';
import { test as base, type TestDetails, type TestInfo } from '@playwright/test';
import { loadRequirements } from './contract/requirements.ts';
import type { Requirement, RequirementId } from './contract/types.ts';
import type { Check } from './judging/check.ts';
import { findingText, sourceTexts } from './results/finding.ts';
import { type Judged, readJudged } from './results/judged.ts';
import type { RequirementResult, Results } from './results/results.ts';
import { whyAndWhat } from './results/unverified.ts';
import { outFiles } from './settings/out-files.ts';

/**
 * The adapter to Playwright. What talks to the environment between its processes: SUITE_RUN names the run whose judgement
 * the tests show, SUITE_SELECTED the requirements that a filter of Playwright's leaves in, SUITE_COUNTED says that
 * reports/playwright-reporter.ts counts failures that were announced.
 */
const ROOT = fileURLToPath(new URL('../', import.meta.url));

// Playwright takes a stack for each step of each test, and looks up its lines: a quarter of the time, for frames that none shows.
Reflect.deleteProperty(Error, 'prepareStackTrace');

interface Fixtures {
  /** The folder that reports go to; set by playwright.config.ts. */
  readonly out: string;
  /** The checks to judge by; set by playwright.config.ts. */
  readonly checks: { readonly load: () => Promise<readonly Check[]> };
  /** Does what stops when Playwright is interrupted; Playwright waits for its end. */
  readonly untilInterrupted: <Value>(act: (signal: AbortSignal) => Promise<Value>) => Promise<Value>;
  /** The judgement of this run; recorded first where nothing has been. Undefined where there is none to show. */
  readonly judged: Judged | undefined;
}

/** What playwright.config.ts sets. */
export type CertificationOptions = Pick<Fixtures, 'out' | 'checks'>;

export const test = base.extend<object, Fixtures>({
  out: ['', { option: true, scope: 'worker' }],
  checks: [{ load: async () => [] }, { option: true, scope: 'worker' }],
  untilInterrupted: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from it.
    async ({}, use) => {
      const interruption = new AbortController();
      const interrupt = (): void => interruption.abort();
      // Playwright itself is gone, however it went.
      process.once('disconnect', interrupt);
      let running: Promise<unknown> = Promise.resolve();
      await use((act) => {
        const acting = act(interruption.signal);
        running = acting;
        return acting;
      });
      interrupt();
      await running.catch(() => undefined);
      process.off('disconnect', interrupt);
    },
    { scope: 'worker', timeout: 0 },
  ],
  judged: [
    async ({ out, checks, untilInterrupted }, use) => {
      const read = () => readJudged(outFiles(out).judged, process.env.SUITE_RUN);
      if (read() === undefined && process.env.SUITE_JUDGED !== '1')
        await untilInterrupted(async (signal) => certifyHere(await checks.load(), signal));
      await use(read());
    },
    { scope: 'worker', timeout: 0 },
  ],
});

type TestArguments = [title: string, details: TestDetails, body: (fixtures: Fixtures, info: TestInfo) => Promise<void>];

/** The arguments of the test that records the target and judges it before all others, where Playwright begins the run. */
export function record(): TestArguments {
  return [
    'record every exchange with the target, and judge the recording',
    {},
    async ({ judged }, info) => {
      if (judged === undefined) throw withoutFrames('Nothing was judged.');
      const { verdict, reason, remedy } = judged.results;
      if (verdict === 'error') throw withoutFrames([reason, remedy].filter(Boolean).join('\n'));
      info.annotations.push({ type: verdict, description: reason });
    },
  ];
}

async function certifyHere(checks: readonly Check[], signal: AbortSignal): Promise<Results> {
  const [{ certify }, { RunFolder }, { readSettings }, { planSentence }, { ProgressDisplay }] = await Promise.all([
    import('./certify.ts'),
    import('./results/run-folder.ts'),
    import('./settings/read-settings.ts'),
    import('./cli/plan.ts'),
    import('./cli/progress.ts'),
  ]);
  const settings = readSettings(process.env, ROOT);
  const selected = (process.env.SUITE_SELECTED || undefined)?.split(',') as RequirementId[] | undefined;
  using folder = new RunFolder(settings.out);
  using display = new ProgressDisplay(process.stdout);
  return await certify(settings, {
    folder,
    checks,
    run: process.env.SUITE_RUN ?? '',
    selection: selected && new Set(selected),
    signal,
    onPlan: (plan) => display.line(planSentence(plan)),
    onProgress: (progress) => display.show(progress),
    onFault: (error) => console.error(error),
  });
}

const rows = new Map<string, Requirement>(loadRequirements().map((row) => [row.id, row]));

/** The arguments of the test that shows how one requirement was judged. Throws where there is no such requirement. */
export function requirement(id: RequirementId): TestArguments {
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
      if (judged === undefined || judged.results.requirements.length === 0)
        return info.skip(
          true,
          `nothing was judged: ${judged?.results.reason ?? 'there is no judgement of this run to show'}`,
        );
      const result = judged.results.requirements.find((candidate) => candidate.id === id);
      if (result === undefined) throw withoutFrames(`The suite failed: nothing was judged for ${id}.`);
      await show(result, judged, info);
    },
  ];
}

async function show(result: RequirementResult, { heads }: Judged, info: TestInfo): Promise<void> {
  // A failure that was not announced costs the worker, and a new one takes longer than all the tests.
  const isFailure = result.outcome === 'fail' || result.outcome === 'error';
  if (isFailure && process.env.SUITE_COUNTED === '1') info.fail();
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
    throw withoutFrames(`The suite failed, which is not counted against the target: ${whyAndWhat(result)}`);
  if (result.outcome === 'inconclusive' || result.outcome === 'not-applicable')
    info.skip(true, `${result.outcome}: ${whyAndWhat(result)}`);
}

function firstMessage(result: RequirementResult): string {
  return result.violations[0]?.message ?? '';
}

function fenced(text: string): string {
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return `${fence}text\n${text}\n${fence}\n`;
}

function withoutFrames(message: string): Error {
  const error = new Error(message);
  error.stack = message;
  return error;
}

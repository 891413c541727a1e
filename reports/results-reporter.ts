import { stripVTControlCharacters } from 'node:util';
import type { FullConfig, FullResult, Reporter, Suite, TestCase, TestError } from '@playwright/test/reporter';
import { begin, judgeAgain, readConclusion, readJudged } from '../helpers/cli/handover.ts';
import { whenLetGo } from '../helpers/cli/let-go.ts';
import { type OutFiles, outFiles } from '../helpers/cli/out-files.ts';
import { setReported } from '../helpers/cli/reported.ts';
import { ATTENDED } from '../helpers/cli/run-playwright.ts';
import { readSuite } from '../helpers/cli/suite.ts';
import { writeErrorResults } from '../helpers/cli/write-error-results.ts';
import { countsOf } from '../helpers/results/counts.ts';
import { EXIT_CODES, type Outcome, type RequirementResult, type Results } from '../helpers/results/results.ts';
import { writeResults } from '../helpers/results/write-results.ts';
import { writeJunit } from './junit.ts';
import { linkReports } from './link-reports.ts';
import { rewriteReport } from './rewrite-report.ts';

const LISTED = 'npm run certify -- --list names the requirements that --grep looks at.';

/** What Playwright must show for an outcome; anything else means that a judgement was lost on its way. */
const SHOWN_AS: Readonly<Record<Outcome, TestCase['expectedStatus']>> = {
  pass: 'passed',
  warn: 'passed',
  waived: 'passed',
  fail: 'failed',
  error: 'failed',
  inconclusive: 'skipped',
  'not-applicable': 'skipped',
};

/**
 * Joins what was judged with what Playwright really ran, and writes results.json, junit.xml and, where the two differ,
 * the report again. Nothing that goes wrong here passes in silence: the verdict becomes `error`.
 */
export default class ResultsReporter implements Reporter {
  readonly #out: string;
  readonly #files: OutFiles;
  readonly #errors: string[] = [];
  #tests: readonly TestCase[] = [];

  constructor({ out }: { readonly out: string }) {
    this.#out = out;
    this.#files = outFiles(out);
  }

  printsToStdio(): boolean {
    return false;
  }

  onBegin(_config: FullConfig, suite: Suite): void {
    this.#tests = suite.allTests();
    // The process that started this one is gone, however it went: nothing has begun yet, or else wind up as on Ctrl-C.
    if (process.env[ATTENDED] !== undefined && !process.connected) process.exit(EXIT_CODES.error);
    whenLetGo(() => process.kill(process.pid, 'SIGINT'));
    process.channel?.unref();
    setReported(true);
    begin(
      this.#files,
      this.#tests.flatMap((test) => requirementOf(test) ?? []),
    );
  }

  /** Before Playwright and its other reporters count it. */
  onTestEnd(test: TestCase): void {
    // Said to be expected only to keep the worker (helpers/test.ts): no failure of this suite is.
    if (test.expectedStatus === 'failed') test.expectedStatus = 'passed';
  }

  onError(error: TestError): void {
    this.#errors.push(messageOf(error));
  }

  async onEnd(run: FullResult): Promise<{ status: FullResult['status'] }> {
    setReported(false);
    try {
      const judged = readJudged(this.#files)?.results;
      const results = this.#join(judged, run);
      writeResults(this.#files.results, results);
      await writeJunit(this.#files.junit, results);
      if (results !== judged) await rewriteReport(this.#files, results, process.env.WORDS_CONTRACT || undefined);
      return { status: statusOf(results, run) };
    } catch (error) {
      this.#error(`A reporter failed: ${error instanceof Error ? error.message : String(error)}`);
      return { status: 'failed' };
    }
  }

  /** After all reporters have written. */
  async onExit(): Promise<void> {
    linkReports(this.#files);
  }

  #join(judged: Results | undefined, run: FullResult): Results {
    if (run.status === 'interrupted') return this.#error('The run was interrupted.', judgeAgain(this.#files));
    const failure = readConclusion(this.#files)?.failure?.message;
    if (judged === undefined && this.#errors[0]?.startsWith('No tests found'))
      return this.#error('No requirement matches the filter; nothing was sent.', LISTED);
    if (judged === undefined) return this.#error(this.#errors[0] ?? failure ?? 'Nothing was recorded.');
    // A run that stopped early says so once; the tests that did not run for it are no second finding.
    if (judged.verdict === 'error' && failure !== undefined && this.#errors.length === 0) return judged;
    const lost = this.#errors[0] ?? failure;
    const requirements = judged.requirements.map((result) => this.#reconciled(result));
    const mislaid = requirements.filter((result, index) => result !== judged.requirements[index]);
    if (lost === undefined && mislaid.length === 0) return judged;
    return {
      ...judged,
      verdict: 'error',
      reason: `The suite itself failed: ${lost ?? mislaid[0]?.reason ?? ''}`,
      remedy: 'Nothing is held against the target. Run again, and report this with the recording.',
      requirements,
      counts: countsOf(requirements),
    };
  }

  #reconciled(result: RequirementResult): RequirementResult {
    const test = this.#tests.find((candidate) => requirementOf(candidate) === result.id);
    if (test === undefined) return result;
    const shown = test.results.at(-1)?.status;
    if (shown === SHOWN_AS[result.outcome] && test.ok() === (shown !== 'failed')) return result;
    const reason = `${result.id} was judged ${result.outcome}, and its test ${shown === undefined ? 'did not run' : shown}.`;
    return { ...result, outcome: 'error', reason };
  }

  #error(reason: string, remedy?: string): Results {
    return writeErrorResults(this.#out, readSuite(), { reason, ...(remedy === undefined ? {} : { remedy }) });
  }
}

/** A test of another project shows no requirement. */
function requirementOf(test: TestCase): string | undefined {
  if (test.parent.project()?.name !== 'conformance') return undefined;
  return test.title.slice(0, test.title.indexOf(':'));
}

/** A run that was filtered can never be conformant, and fails only on what it found. */
function statusOf({ verdict, selection }: Results, run: FullResult): FullResult['status'] {
  if (verdict === 'conformant' || (verdict === 'incomplete' && selection === 'filtered')) return run.status;
  return 'failed';
}

function messageOf({ message, value }: TestError): string {
  return stripVTControlCharacters(message ?? value ?? 'an error without a message').replace(/^Error: /, '');
}

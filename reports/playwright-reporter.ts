import { randomUUID } from 'node:crypto';
import { stripVTControlCharacters } from 'node:util';
import type {
  FullConfig,
  FullResult,
  Reporter,
  Suite,
  TestCase,
  TestError,
  TestResult,
} from '@playwright/test/reporter';
import { printableLines } from '../helpers/judging/findings.ts';
import { leaveError } from '../helpers/leave-error.ts';
import { type Judged, readJudged } from '../helpers/results/judged.ts';
import type { Outcome, Results } from '../helpers/results/results.ts';
import { type OutFiles, outFiles } from '../helpers/settings/out-files.ts';
import { announce } from './announce.ts';
import { linkReports } from './link-reports.ts';

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

interface Options {
  readonly out: string;
  /** The folder that paths of settings are resolved against. */
  readonly root: string;
  /** Whether the command line has judged, and said so: then Playwright only shows, and passes where it showed it all. */
  readonly isJudged: boolean;
}

/** Makes Playwright's report and exit code agree with the judgement, and says on the terminal what was found. */
export default class PlaywrightReporter implements Reporter {
  readonly #options: Options;
  readonly #files: OutFiles;
  readonly #errors: string[] = [];
  #tests: readonly TestCase[] = [];
  #results: Results | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#files = outFiles(options.out);
  }

  printsToStdio(): boolean {
    return true;
  }

  onBegin(_config: FullConfig, suite: Suite): void {
    this.#tests = suite.allTests();
    // Workers start with the environment of this moment; helpers/test.ts says what these are for. An interface runs often.
    if (!this.#options.isJudged) process.env.SUITE_RUN = randomUUID();
    process.env.SUITE_COUNTED = '1';
    process.env.SUITE_SELECTED = this.#tests.flatMap((test) => requirementOf(test) ?? []).join(',');
  }

  onStdOut(chunk: string | Buffer): void {
    process.stdout.write(printableLines(String(chunk)));
  }

  onStdErr(chunk: string | Buffer): void {
    process.stderr.write(printableLines(String(chunk)));
  }

  /** Before Playwright and its other reporters count it. */
  onTestEnd(test: TestCase, { error }: TestResult): void {
    // It was announced to keep the worker (helpers/test.ts); no failure of this suite is expected.
    if (test.expectedStatus === 'failed') test.expectedStatus = 'passed';
    if (requirementOf(test) === undefined && error !== undefined) this.onError(error);
  }

  onError(error: TestError): void {
    this.#errors.push(messageOf(error));
  }

  async onEnd(run: FullResult): Promise<{ status: FullResult['status'] }> {
    delete process.env.SUITE_COUNTED;
    const judged = readJudged(this.#files.judged, process.env.SUITE_RUN);
    return {
      status: this.#options.isJudged ? this.#statusOfShowing(judged, run) : await this.#statusOfRun(judged, run),
    };
  }

  /** After all reporters have written. */
  async onExit(): Promise<void> {
    linkReports(this.#files);
    const { out, root } = this.#options;
    if (this.#results !== undefined) await announce(this.#results, { out, cwd: root, env: process.env });
  }

  #statusOfShowing(judged: Judged | undefined, run: FullResult): FullResult['status'] {
    const lost = [...this.#errors, ...this.#misshown(judged)];
    for (const line of lost) process.stderr.write(`${printableLines(line)}\n`);
    if (lost.length > 0) return 'failed';
    return run.status === 'failed' ? 'passed' : run.status;
  }

  async #statusOfRun(judged: Judged | undefined, run: FullResult): Promise<FullResult['status']> {
    const { root } = this.#options;
    const [error = 'Nothing was recorded.'] = this.#errors;
    const reason = error.startsWith('No tests found') ? 'No requirement matches the filter; nothing was sent.' : error;
    this.#results = judged?.results ?? (await leaveError(process.env, root, { reason }));
    const misshown = judged && judged.results.requirements.length > 0 ? this.#misshown(judged) : [];
    for (const line of misshown) process.stderr.write(`${printableLines(line)}\n`);
    const { verdict, selection } = this.#results;
    // A run that was filtered can never be conformant, and fails only on what it found.
    const isFine = verdict === 'conformant' || (verdict === 'incomplete' && selection === 'filtered');
    return isFine && misshown.length === 0 ? run.status : 'failed';
  }

  #misshown(judged: Judged | undefined): readonly string[] {
    if (judged === undefined) return ['There is no judgement of this run to show.'];
    return this.#tests.flatMap((test) => {
      const result = judged.results.requirements.find(({ id }) => id === requirementOf(test));
      const shown = test.results.at(-1)?.status;
      if (result === undefined || shown === SHOWN_AS[result.outcome]) return [];
      return [
        `${result.id} was judged ${result.outcome}, and its test ${shown === undefined ? 'did not run' : shown}.`,
      ];
    });
  }
}

/** A test of another project shows no requirement. */
function requirementOf(test: TestCase): string | undefined {
  if (test.parent.project()?.name !== 'conformance') return undefined;
  return test.title.slice(0, test.title.indexOf(':'));
}

function messageOf({ message, value }: TestError): string {
  return stripVTControlCharacters(message ?? value ?? 'an error without a message').replace(/^Error: /, '');
}

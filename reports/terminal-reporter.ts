import { readFileSync } from 'node:fs';
import type { Reporter, TestCase } from '@playwright/test/reporter';
import { Presets, SingleBar } from 'cli-progress';
import pc from 'picocolors';
import { type OutFiles, outFiles } from '../helpers/cli/out-files.ts';
import { type Progress, readProgress } from '../helpers/cli/progress.ts';
import { counted, printableLines } from '../helpers/judging/findings.ts';
import type { Results } from '../helpers/results/results.ts';
import { summaryLines } from './summary-lines.ts';

const BAR_EVERY_MS = 200;
const LINE_EVERY_SECONDS = 3;

/** Progress while the target is recorded, then one screen. */
export default class TerminalReporter implements Reporter {
  readonly #out: string;
  readonly #files: OutFiles;
  #watch: NodeJS.Timeout | undefined;
  #bar: SingleBar | undefined;
  #lastLineAt = 0;

  constructor({ out }: { readonly out: string }) {
    this.#out = out;
    this.#files = outFiles(out);
    // Whoever reads no further (`| head`) must not turn the verdict into a crash.
    process.stdout.on('error', () => undefined);
  }

  printsToStdio(): boolean {
    return true;
  }

  onBegin(): void {
    this.#watch = setInterval(() => this.#show(), BAR_EVERY_MS);
    this.#watch.unref();
  }

  onTestEnd({ parent }: TestCase): void {
    // What the requirements' tests show is judged: the recording is over.
    if (parent.project()?.name === 'conformance') this.#stop();
  }

  onEnd(): void {
    this.#stop();
  }

  onStdOut(chunk: string | Buffer): void {
    process.stdout.write(printableLines(String(chunk)));
  }

  onStdErr(chunk: string | Buffer): void {
    process.stderr.write(printableLines(String(chunk)));
  }

  onExit(): Promise<void> {
    const results = JSON.parse(readFileSync(this.#files.results, 'utf8')) as Results;
    const lines = summaryLines(results, { colors: pc, out: this.#out, cwd: process.cwd() });
    return new Promise((resolve) => process.stdout.write(`${lines.join('\n')}\n`, () => resolve()));
  }

  #show(): void {
    const progress = readProgress(this.#files.progress);
    if (progress === undefined) return;
    if (process.stdout.isTTY) this.#showBar(progress);
    else if (progress.seconds - this.#lastLineAt >= LINE_EVERY_SECONDS) {
      this.#lastLineAt = progress.seconds;
      process.stdout.write(`recording: ${progress.seconds.toFixed(0)} s, ${heardIn(progress)}\n`);
    }
  }

  #showBar(progress: Progress): void {
    const { seconds, expectedSeconds } = progress;
    const total = Math.max(seconds, expectedSeconds);
    const payload = { heard: heardIn(progress), elapsed: seconds.toFixed(1) };
    if (this.#bar === undefined) {
      this.#bar = new SingleBar(
        {
          format: 'recording {bar} {heard}, {elapsed} s',
          barsize: 24,
          clearOnComplete: true,
          hideCursor: true,
          gracefulExit: false,
        },
        Presets.shades_classic,
      );
      this.#bar.start(total, seconds, payload);
    }
    this.#bar.setTotal(total);
    this.#bar.update(seconds, payload);
  }

  #stop(): void {
    clearInterval(this.#watch);
    this.#bar?.stop();
    this.#bar = undefined;
  }
}

function heardIn({ words, batches, requests }: Progress): string {
  return [counted(words, 'word'), counted(batches, 'batch', 'batches'), counted(requests, 'request')].join(', ');
}

import type { WriteStream } from 'node:tty';
import { Presets, SingleBar } from 'cli-progress';
import { counted } from '../judging/findings.ts';
import type { RecordingProgress } from '../probes/recorder.ts';

const LINE_EVERY_SECONDS = 3;

/** How far the recording is: a bar on a terminal, else a line every few seconds. */
export class ProgressDisplay implements Disposable {
  readonly #stream: WriteStream;
  #bar: SingleBar | undefined;
  #lastLineAt = 0;

  constructor(stream: WriteStream) {
    this.#stream = stream;
  }

  line(text: string): void {
    this.#stream.write(`${text}\n`);
  }

  show(progress: RecordingProgress): void {
    if (this.#stream.isTTY) this.#showBar(progress);
    else if (progress.seconds - this.#lastLineAt >= LINE_EVERY_SECONDS) {
      this.#lastLineAt = progress.seconds;
      this.line(`recording: ${progress.seconds.toFixed(0)} s, ${heardIn(progress)}`);
    }
  }

  [Symbol.dispose](): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #showBar(progress: RecordingProgress): void {
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
}

function heardIn({ words, batches, requests }: RecordingProgress): string {
  return [counted(words, 'word'), counted(batches, 'batch', 'batches'), counted(requests, 'request')].join(', ');
}

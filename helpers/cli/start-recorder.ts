import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Environment } from '../settings/environment.ts';
import { clearHandover, judgeAgain, readConclusion, writeConclusion } from './handover.ts';
import type { OutFiles } from './out-files.ts';

const RECORDER = fileURLToPath(new URL('./recorder.ts', import.meta.url));

/** The process that records: one for a run, however many of Playwright's workers come and go. */
export interface RecorderProcess {
  /** Lets go of it; resolves when it has wound up. It is never left without a conclusion. */
  release(): Promise<void>;
}

/** It gets ready at once, and sends nothing until the run is begun. */
export function startRecorder(files: OutFiles, env: Environment): RecorderProcess {
  clearHandover(files);
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm')).href;
  const recorder = fork(RECORDER, {
    execArgv: ['--expose-gc', '--import', tsx],
    env: { ...env, WORDS_OUT: files.folder },
  });
  const ended = new Promise<void>((resolve) => {
    const end = (why: string): void => {
      if (readConclusion(files) === undefined) concludeFor(files, why);
      resolve();
    };
    recorder.once('error', ({ message }) => end(failed(message)));
    recorder.once('exit', (code, signal) =>
      // One that was interrupted while it loaded could not wind up, and had nothing to wind up.
      end(INTERRUPTIONS.has(signal) ? 'The run was interrupted.' : failed(`it ended with ${signal ?? `code ${code}`}`)),
    );
  });
  return {
    release: () => {
      if (recorder.connected) recorder.disconnect();
      return ended;
    },
  };
}

const INTERRUPTIONS: ReadonlySet<NodeJS.Signals | null> = new Set(['SIGINT', 'SIGTERM', 'SIGHUP']);

function failed(how: string): string {
  return `The process that records failed: ${how}.`;
}

/** In place of the recorder, which cannot any more. */
function concludeFor(files: OutFiles, why: string): void {
  const recorded = judgeAgain(files);
  const left = recorded && `A session that it had opened may go on until the target ends it. ${recorded}`;
  const message = [why, left].filter((part) => part !== undefined).join(' ');
  writeConclusion(files, { failure: { message, stack: message } });
}

import { fileURLToPath } from 'node:url';
import { writeResults } from '../results/write-results.ts';
import { outFolder } from '../settings/out-folder.ts';
import { conducted, readConclusion } from './handover.ts';
import { type OutFiles, outFiles } from './out-files.ts';
import { ATTENDED, RELEASE, UNFINISHED } from './run-playwright.ts';
import { startRecorder } from './start-recorder.ts';
import { readSuite } from './suite.ts';
import { writeErrorResults } from './write-error-results.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Playwright's global setup. Its teardown lets go of the recorder, and throws where nothing could be judged. */
export default function globalSetup(): () => Promise<void> {
  const files = outFiles(outFolder(process.env, ROOT));
  const release = process.env[ATTENDED] === undefined ? start(files) : () => ask(files);
  return async () => {
    const hadEnded = readConclusion(files) !== undefined;
    await release();
    const { judged, failure } = await conducted(files);
    // Where other reporters were asked for; the suite's own says more.
    if (judged !== undefined) writeResults(files.results, judged.results);
    if (!hadEnded || judged !== undefined || failure === undefined) return;
    const error = new Error(failure.message);
    error.stack = failure.stack;
    throw error;
  };
}

function start(files: OutFiles): () => Promise<void> {
  writeErrorResults(files.folder, readSuite(), { reason: UNFINISHED });
  return startRecorder(files, process.env).release;
}

/** The command line has started the recorder, and lets go of it: when asked, or because it is gone. */
async function ask(files: OutFiles): Promise<void> {
  if (process.connected) process.send?.(RELEASE);
  await conducted(files);
}

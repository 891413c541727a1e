import { join } from 'node:path';

/** Everything a run leaves in its folder. `run/` is for the processes of one run to talk by, not for readers. */
export interface OutFiles {
  readonly folder: string;
  readonly results: string;
  readonly recording: string;
  /** What a run that is under way, or was killed, has recorded so far. */
  readonly journal: string;
  readonly report: string;
  readonly junit: string;
  readonly playwright: string;
  readonly artifacts: string;
  /** Ids that the operator's filter left in; the recording begins when they are there. */
  readonly selection: string;
  /** The results as the recording process judged them. */
  readonly judged: string;
  /** How far the recording is. */
  readonly progress: string;
  /** That the process which records has come to its end, and how. */
  readonly conclusion: string;
}

export function outFiles(out: string): OutFiles {
  return {
    folder: out,
    results: join(out, 'results.json'),
    recording: join(out, 'recording.har'),
    journal: join(out, 'recording.ndjson'),
    report: join(out, 'report.html'),
    junit: join(out, 'junit.xml'),
    playwright: join(out, 'playwright'),
    artifacts: join(out, 'artifacts'),
    selection: join(out, 'run', 'selection.json'),
    judged: join(out, 'run', 'judged.json'),
    progress: join(out, 'run', 'progress.json'),
    conclusion: join(out, 'run', 'conclusion.json'),
  };
}

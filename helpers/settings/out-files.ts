import { join } from 'node:path';

/** Everything a run leaves in its folder: what stands there under one of these names is replaced; an earlier recording is renamed. */
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
  readonly judged: string;
  /** Held by the process whose run this is; holds its process id. */
  readonly lock: string;
  /** Says that the suite made this folder, so that a run may replace what is in it. */
  readonly marker: string;
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
    judged: join(out, 'run', 'judged.json'),
    lock: join(out, 'run', 'lock'),
    marker: join(out, '.words-conformance'),
  };
}

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** How far a recording is. */
export interface Progress {
  /** Since the start of the recording. */
  readonly seconds: number;
  /** Length that the plan gives the recording; zero where it gives none. */
  readonly expectedSeconds: number;
  readonly requests: number;
  /** Heard by the first subscriber. */
  readonly batches: number;
  readonly words: number;
}

/** Shows only the latest: a reader asks when it wants to. */
export function writeProgress(path: string, progress: Progress): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.next`, JSON.stringify(progress));
  renameSync(`${path}.next`, path);
}

/** Undefined where nothing has been recorded yet. */
export function readProgress(path: string): Progress | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Progress;
  } catch {
    return undefined;
  }
}

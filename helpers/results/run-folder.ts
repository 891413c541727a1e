import fs from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { lockSync } from 'proper-lockfile';
import { OperatorError } from '../errors.ts';
import { type OutFiles, outFiles } from '../settings/out-files.ts';
import { markOutFolder } from '../settings/out-folder.ts';
import { codeOf, writeWhole, writing } from '../write-file.ts';
import type { Results } from './results.ts';

/**
 * The folder that one run writes to, locked for as long as the run works in it. The lock goes with its process: after a
 * kill -9 the next run takes it over.
 */
export class RunFolder implements Disposable {
  readonly files: OutFiles;
  readonly #taken = new AbortController();
  readonly #release: () => void;
  readonly #onTaken: () => void;

  /** @throws OperatorError where another run works in the folder, or nothing can be written there. */
  constructor(out: string) {
    this.files = outFiles(out);
    const { lock } = this.files;
    this.#onTaken = () =>
      this.#taken.abort(
        new OperatorError(
          `${out} was removed or replaced while the run worked in it.`,
          'Leave the folder alone while a run works in it, and run again.',
        ),
      );
    this.#release = writing(lock, () => {
      fs.mkdirSync(dirname(lock), { recursive: true });
      markOutFolder(out);
      return acquire(this.files, this.#onTaken);
    });
  }

  /** Aborted, with an {@link OperatorError} as its reason, once the folder is no longer this run's. */
  get taken(): AbortSignal {
    return this.#taken.signal;
  }

  /** @throws OperatorError where the folder is no longer this run's. */
  check(): void {
    const { lock } = this.files;
    if (readOwner(lock)?.pid !== process.pid) this.#onTaken();
    this.taken.throwIfAborted();
  }

  /** Replaces what an earlier run left: whatever happens next, nothing of it may pass for this run's. */
  begin(results: Results): void {
    this.writeResults(results);
    this.removeReports();
  }

  removeReports(): void {
    const { report, junit, playwright, judged } = this.files;
    for (const path of [report, junit, playwright, judged]) fs.rmSync(path, { force: true, recursive: true });
  }

  /** Whole or not at all: a reader never finds half of it. @throws OperatorError */
  writeResults(results: Results): void {
    this.check();
    writeWhole(this.files.results, [`${JSON.stringify(results, null, 2)}\n`]);
  }

  [Symbol.dispose](): void {
    this.#release();
  }
}

/** How long after the last sign of life of a process that cannot be looked up the lock is given to another, in ms. */
const STALE_MS = 10_000;

function acquire({ folder, lock }: OutFiles, onTaken: () => void): () => void {
  const take = () =>
    lockSync(folder, {
      lockfilePath: lock,
      stale: STALE_MS,
      realpath: false,
      fs: { ...fs, mkdirSync: writeOwner, rmdirSync: fs.unlinkSync },
      onCompromised: onTaken,
    });
  let release: () => void;
  try {
    release = take();
  } catch (error) {
    if (!isLocked(error)) throw error;
    const owner = readOwner(lock);
    if (owner === undefined || owner.host !== hostname() || isAlive(owner.pid)) throw occupied(folder, owner?.pid);
    fs.rmSync(lock, { force: true });
    try {
      release = take();
    } catch (again) {
      throw isLocked(again) ? occupied(folder, readOwner(lock)?.pid) : again;
    }
  }
  // The folder may be gone, and its lock with it.
  return () => {
    try {
      release();
    } catch {}
  };
}

interface Owner {
  readonly pid: number;
  readonly host: string;
}

/** In place of the folder that the library would make: a file can say whose it is. */
function writeOwner(path: string): void {
  fs.writeFileSync(path, JSON.stringify({ pid: process.pid, host: hostname() } satisfies Owner), { flag: 'wx' });
}

function readOwner(path: string): Owner | undefined {
  try {
    return JSON.parse(fs.readFileSync(path, 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process: alive, and not ours to signal.
    return codeOf(error) === 'EPERM';
  }
}

function occupied(folder: string, pid: number | undefined): OperatorError {
  const whose = pid === undefined ? 'Another run' : `Another run (process ${pid})`;
  return new OperatorError(
    `${whose} works in ${folder}; nothing was sent and nothing there was touched.`,
    'Wait until it has ended, or give this run a folder of its own: WORDS_OUT=reports/out/second.',
  );
}

function isLocked(error: unknown): boolean {
  return codeOf(error) === 'ELOCKED';
}

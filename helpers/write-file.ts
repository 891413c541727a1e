import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { OperatorError } from './errors.ts';

/**
 * Writes a file whole or not at all, in a folder that it makes: a reader never finds half of it, nor does a full disk leave
 * half of it. A file in parts need not stand in memory as one text.
 * @throws OperatorError that names the file.
 */
export function writeWhole(path: string, parts: Iterable<string | Uint8Array>): void {
  const part = `${path}.${process.pid}.part`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(part, 'w');
    try {
      for (const text of parts) writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    throw unwritable(path, error);
  }
}

/** Does what writes to `path`. @throws OperatorError that names the file, where the file system refuses. */
export function writing<Value>(path: string, act: () => Value): Value {
  try {
    return act();
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** The error of an attempt to write to `path`, with the file and the remedy; any other is returned as it is. */
export function unwritable(path: string, error: unknown): unknown {
  const code = codeOf(error);
  if (error instanceof OperatorError || code === undefined) return error;
  return new OperatorError(
    `${path} cannot be written (${code}).`,
    code === 'ENOSPC' || code === 'EDQUOT'
      ? 'Free space there, or set WORDS_OUT to a folder with more room, and run again.'
      : 'Check the folder and the disk that it is on, or set WORDS_OUT to another folder, and run again.',
  );
}

/** `ENOSPC` and its like; undefined for an error that the operating system did not report. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^E(?!RR_)[A-Z]/.test(code) ? code : undefined;
}

/** Something that the operator can mend. The message says what is wrong and where; no stack belongs to it. */
export class OperatorError extends Error {
  override readonly name: string = 'OperatorError';
  /** Absent where the message says it. */
  readonly remedy: string | undefined;

  constructor(message: string, remedy?: string) {
    super(message);
    this.remedy = remedy;
  }
}

/** A fault of the suite itself: never counted against the target, never silent (exit 3). */
export class InternalError extends Error {
  override readonly name = 'InternalError';
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

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

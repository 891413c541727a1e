/** A fault of the suite itself: never counted against the target, never silent (exit 3). */
export class SuiteError extends Error {
  override readonly name = 'SuiteError';
}

/** Set for as long as the suite's own reporter watches, in the process of the command line; its workers inherit it. */
const REPORTED = 'SUITE_REPORTED';

export function setReported(isWatching: boolean): void {
  if (isWatching) process.env[REPORTED] = '1';
  else delete process.env[REPORTED];
}

/** Whether the suite's own reporter counts what this worker shows, and not only those of Playwright. */
export function isReported(): boolean {
  return process.env[REPORTED] === '1';
}

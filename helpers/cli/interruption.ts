import { EXIT_CODES } from '../results/results.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Longer than it takes to close a session's input and to write what was recorded. */
const WIND_UP_MS = 20_000;
const LOOK_AT_PARENT_EVERY_MS = 500;

/**
 * Aborted once this process is asked to stop, or the npm that started it is gone: npm forwards a SIGTERM to the shell
 * between the two, which dies of it and tells nobody. What has not ended {@link WIND_UP_MS} after an abort is ended.
 */
export function listenForInterruption(): AbortController {
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  interruption.signal.addEventListener('abort', () => {
    setTimeout(() => process.exit(EXIT_CODES.error), WIND_UP_MS).unref();
  });
  for (const signal of SIGNALS) process.on(signal, interrupt);
  if (process.env.npm_lifecycle_event !== undefined) {
    const parent = process.ppid;
    setInterval(() => process.ppid !== parent && interrupt(), LOOK_AT_PARENT_EVERY_MS).unref();
  }
  return interruption;
}

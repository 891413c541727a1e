import { EXIT_CODES } from '../results/results.ts';

/** Longer than closing a session's input takes; what still runs then never would have ended. */
const WIND_UP_MS = 20_000;

/** Calls `windUp` once the process that started this one lets go or is gone, however it went; afterwards this one ends. */
export function whenLetGo(windUp: () => void): void {
  const end = (): void => {
    windUp();
    setTimeout(() => process.exit(EXIT_CODES.error), WIND_UP_MS).unref();
  };
  // Already, where it went while this one was loading; undefined where there never was a channel.
  if (process.connected === false) end();
  else process.once('disconnect', end);
}

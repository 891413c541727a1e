import type { Stall } from '../recording/recording.ts';

/** The run's monotonic clock: seconds since its start, to the microsecond. */
export interface Clock {
  now(): number;
  /** Stops watching for stalls. */
  stop(): void;
}

const TICK_MILLISECONDS = 20;
const SHORTEST_STALL_SECONDS = 0.05;

/** @param onStall is told of stretches in which this process did not get to run. */
export function startClock(onStall: (stall: Stall) => void): Clock {
  const zero = performance.now();
  const now = () => Math.round((performance.now() - zero) * 1000) / 1e6;
  let last = now();
  const timer = setInterval(() => {
    const at = now();
    const seconds = Math.round((at - last - TICK_MILLISECONDS / 1000) * 1e6) / 1e6;
    if (seconds > SHORTEST_STALL_SECONDS) onStall({ at: last, seconds });
    last = at;
  }, TICK_MILLISECONDS);
  timer.unref();
  return { now, stop: () => clearInterval(timer) };
}

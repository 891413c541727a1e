/** Monotonic time in seconds, and one alarm at a time; replaced in tests. */
export interface ServerClock {
  now(): number;
  /** Calls back once at or after `time`; returns how to cancel. */
  at(time: number, callback: () => void): () => void;
}

export const systemClock: ServerClock = {
  now: () => performance.now() / 1000,
  at(time, callback) {
    const milliseconds = Math.max(0, time * 1000 - performance.now());
    const timer = setTimeout(callback, Math.min(Math.ceil(milliseconds), 2 ** 31 - 1));
    return () => clearTimeout(timer);
  },
};

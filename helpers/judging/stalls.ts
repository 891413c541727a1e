import type { Recording } from '../recording/recording.ts';
import type { Unverified } from './check.ts';
import { measuredSeconds } from './findings.ts';

/** Seconds between two instants in which the suite's own process was held up. */
export function stalledSeconds(recording: Recording, from: number, to: number): number {
  let seconds = 0;
  for (const stall of recording.stalls)
    seconds += Math.max(0, Math.min(to, stall.at + stall.seconds) - Math.max(from, stall.at));
  return seconds;
}

/** Why a duration cannot be judged that such stalls fall into. `when`: `while late was open`. */
export function machineHeldUp(seconds: number, when: string): Unverified {
  return {
    reason: `The machine that ran the suite was held up for ${measuredSeconds(seconds)} ${when}.`,
    remedy: 'Run again on a machine with time to spare.',
  };
}

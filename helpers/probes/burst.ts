import type { ProbeOutcome } from './probe.ts';
import { secondsToWait } from './retry-after.ts';
import type { Run } from './run.ts';

/** Bounds of the burst: whatever the target does, no more than this. */
export const BURST = { requests: 100, seconds: 10, atOnce: 10, longestWaitSeconds: 120 } as const;

const WITHOUT_RETRY_AFTER_SECONDS = 2;
const FIRST_BYTES_SECONDS = 0.5;

/**
 * Asks for the same stream until the target says 429, within bounds; then waits as it asks and asks once more.
 * A granted stream is closed at its head, or at its first bytes: the burst is about requests.
 */
export async function provokeRateLimit(run: Run, streamId: string, control: string): Promise<void> {
  const until = run.clock.now() + BURST.seconds;
  let sent = 0;
  let limited: ProbeOutcome | undefined;
  const ask = (id: string, purpose: { kind: 'burst' } | { kind: 'burst-recovery'; waited: number }) => {
    // A refusal may come as a stream, whose first bytes tell; to read those of some is enough.
    const readsOn = sent % 4 === 0;
    let isGranted = false;
    const probe = run.open({
      id,
      purpose,
      credential: run.primary,
      path: run.wordsPath(encodeURIComponent(streamId)),
      streamId,
      control,
      priority: 0,
      takes429: true,
      onHead: ({ status }, stop) => {
        isGranted = status < 300;
        if (isGranted && readsOn) setTimeout(() => stop('probe'), FIRST_BYTES_SECONDS * 1000).unref();
        else if (isGranted) stop('probe');
      },
      onBytes: () => {
        if (isGranted) probe.stop('probe');
      },
    });
    return probe.outcome;
  };
  const worker = async () => {
    while (!limited && sent < BURST.requests && run.clock.now() < until && !run.interrupted) {
      sent++;
      const outcome = await ask(`burst/${sent}`, { kind: 'burst' });
      if (outcome.response?.status === 429) limited ??= outcome;
      // Nothing answers any more: pressing on would only do harm.
      if (!outcome.response) return;
    }
  };
  run.widen(BURST.atOnce);
  await Promise.all(Array.from({ length: BURST.atOnce }, worker));
  const head = limited?.response;
  if (!limited || !head || run.interrupted) return;
  const waited = secondsToWait(head.headers) ?? WITHOUT_RETRY_AFTER_SECONDS;
  if (waited > BURST.longestWaitSeconds) return;
  const rest = limited.ending.at + waited - run.clock.now();
  // Timers may fire a millisecond early.
  if (rest > 0) await run.sleep(rest + 0.01);
  await ask('burst-recovery', { kind: 'burst-recovery', waited });
}

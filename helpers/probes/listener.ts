import type { SubscriptionRole } from '../recording/recording.ts';
import type { Probe, RunningProbe } from './probe.ts';
import type { Run } from './run.ts';
import { StreamWatch } from './watch.ts';

/** As long a stream may take to open, in seconds, where WORDS_MAX_SECONDS allows it. */
export const LONGEST_START_SECONDS = 60;

/** With the other credential, where there is one: what holds for one must hold for both. Who drops comes back as the same. */
const OTHERWISE_KNOWN: ReadonlySet<SubscriptionRole> = new Set(['concurrent', 'dropped', 'reconnected']);

/** One subscription to a session that speaks, and what is known of it so far. Times are seconds on the run's clock. */
export interface Listener {
  readonly role: SubscriptionRole;
  readonly probe: RunningProbe;
  readonly watch: StreamWatch;
  openedAt: number | undefined;
  endedAt: number | undefined;
  complete: boolean;
}

interface Subscribing extends Pick<Probe, 'id' | 'asksAgain'> {
  readonly role: SubscriptionRole;
  readonly streamId: string;
}

/** `changed`: told of the head, of whatever arrives, and of the end of the response. */
export function openListener(run: Run, { id, role, streamId, asksAgain }: Subscribing, changed: () => void): Listener {
  const watch = new StreamWatch();
  const { clock } = run;
  const probe = run.open({
    id,
    purpose: { kind: 'subscription', role },
    credential: (OTHERWISE_KNOWN.has(role) && run.secondary) || run.primary,
    ...(asksAgain === undefined ? {} : { asksAgain }),
    path: run.wordsPath(encodeURIComponent(streamId)),
    streamId,
    priority: 0,
    headSeconds: Math.min(LONGEST_START_SECONDS, run.settings.maxSeconds),
    onHead: ({ status }) => {
      if (status === 200) listener.openedAt = clock.now();
      changed();
    },
    onBytes: (at, bytes) => {
      watch.push(at, bytes);
      changed();
    },
    ...(role === 'concurrent' ? { codings: 'identity' as const } : {}),
  });
  const listener: Listener = { role, probe, watch, openedAt: undefined, endedAt: undefined, complete: false };
  const settled = (complete: boolean) => {
    listener.endedAt = clock.now();
    listener.complete = complete;
    changed();
  };
  probe.outcome.then(
    ({ ending }) => settled(ending.kind === 'complete'),
    () => settled(false),
  );
  return listener;
}

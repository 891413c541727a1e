import { Connection } from '../http/connection.ts';
import type { SentCredential } from '../http/credentials.ts';
import { type SubscriptionRole, TELLING_SILENCE_SECONDS } from '../recording/recording.ts';
import { RunStopped, subscriptionFailure } from './preflight.ts';
import type { ProbeOutcome } from './probe.ts';
import type { Run } from './run.ts';
import { askStatus } from './session.ts';
import { StreamWatch } from './watch.ts';

const CLOSE_MARGIN_SECONDS = 1;
const LOOK_MILLISECONDS = 250;

/** A read after one that fell silent for as long as tells is given less. */
const SILENCE_AGAIN_SECONDS = 5;

/** One reading of a completed session: twice, one after the other, and once with the other credential. */
export interface SnapshotReading {
  readonly id: string;
  readonly credential: 'primary' | 'other';
}

/** Which readings a run takes of its `index`th completed session; `live`: the one that it listened to. */
export function snapshotReadings(index: number | 'live', both: boolean): readonly SnapshotReading[] {
  const id = index === 'live' ? 'snapshot' : `completed-${index}`;
  return [
    { id, credential: 'primary' },
    { id: `${id}-again`, credential: 'primary' },
    ...(both ? [{ id: `${id}-bearer`, credential: 'other' } as const] : []),
  ];
}

interface SnapshotOptions {
  /** A refusal of the first reading stops the run. */
  readonly isPreflight: boolean;
  /** Runs once a reading has been granted, beside the others; its connection may still be open. */
  readonly whenServed: (granted: { readonly control: string; readonly connection: Connection }) => Promise<void>;
}

/** Reads a completed session. @returns the id of the reading that was granted. @throws RunStopped */
export async function readSnapshots(
  run: Run,
  streamId: string,
  index: number | 'live',
  options: SnapshotOptions,
): Promise<string | undefined> {
  const connection = new Connection();
  try {
    return await readOn(connection, run, streamId, index, options);
  } finally {
    connection.close();
  }
}

async function readOn(
  connection: Connection,
  run: Run,
  streamId: string,
  index: number | 'live',
  { isPreflight, whenServed }: SnapshotOptions,
): Promise<string | undefined> {
  const hadBoth = run.secondary !== undefined || run.refused !== undefined;
  const [first, again, other] = snapshotReadings(index, hadBoth);
  if (!first || !again) return undefined;
  const outcome = await readOnce(run, { id: first.id, streamId, connection });
  const { status } = outcome.response ?? {};
  if (isPreflight && !run.interrupted) {
    // Whether a target that gave this request no answer answers others.
    if (!outcome.response && !run.answered) await askStatus(run, `${first.id}-status`, streamId);
    // The reading with the other credential shows whether it is the credential that is refused.
    const isCredential = (status === 401 || status === 403) && run.secondary !== undefined;
    const { settings, baseUrl, answered } = run;
    const subscribed = { baseUrl, settings, streamId, answered };
    const stop = subscriptionFailure(run.shown(outcome), subscribed);
    if (isCredential) run.refuse();
    else if (stop) throw new RunStopped(stop);
    if (isCredential) {
      const second = await readOnce(run, { id: again.id, streamId, connection });
      const stopped = subscriptionFailure(run.shown(second), subscribed);
      if (stopped) throw new RunStopped(stopped);
      await whenServed({ control: again.id, connection });
      return again.id;
    }
  }
  const wentSilent = outcome.ending.kind === 'stopped' && outcome.ending.bound === 'seconds';
  const silence = wentSilent ? SILENCE_AGAIN_SECONDS : TELLING_SILENCE_SECONDS;
  const granted = status === 200;
  const credential = run.secondary ?? run.refused;
  await Promise.all([
    other && credential
      ? readOnce(run, { id: `${first.id}-${credential.kind}`, streamId, silence, credential })
      : undefined,
    granted ? whenServed({ control: first.id, connection }) : undefined,
  ]);
  // As late as can be: what just ended may be served from memory.
  await readOnce(run, { id: again.id, streamId, silence });
  return granted ? first.id : undefined;
}

interface Reading {
  readonly id: string;
  readonly streamId: string;
  readonly role?: SubscriptionRole;
  readonly credential?: SentCredential;
  /** Seconds without an event after which it is given up: a completed session has nothing to wait for. */
  readonly silence?: number;
  readonly connection?: Connection;
}

/** Reads a completed session once, to its end. @throws Interrupted */
export async function readOnce(
  run: Run,
  { id, streamId, role = 'snapshot', credential = run.primary, silence = TELLING_SILENCE_SECONDS, connection }: Reading,
): Promise<ProbeOutcome> {
  const watch = new StreamWatch();
  let closing: NodeJS.Timeout | undefined;
  let openedAt = Number.POSITIVE_INFINITY;
  const probe = run.open({
    id,
    purpose: { kind: 'subscription', role },
    credential,
    path: run.wordsPath(encodeURIComponent(streamId)),
    streamId,
    ...(connection === undefined ? {} : { connection }),
    priority: 1,
    headSeconds: TELLING_SILENCE_SECONDS,
    onHead: () => {
      openedAt = run.clock.now();
    },
    onBytes: (at, bytes) => {
      watch.push(at, bytes);
      if (watch.ended)
        closing ??= setTimeout(
          () => probe.stop('seconds'),
          (run.settings.endCloseSeconds + CLOSE_MARGIN_SECONDS) * 1000,
        );
    },
  });
  const looking = setInterval(() => {
    if (!watch.ended && run.clock.now() - Math.max(openedAt, watch.lastEventAt ?? 0) > silence) probe.stop('seconds');
  }, LOOK_MILLISECONDS);
  try {
    return await probe.outcome;
  } finally {
    clearTimeout(closing);
    clearInterval(looking);
  }
}

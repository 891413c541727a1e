import type { CredentialName } from '../http/credentials.ts';
import { RunStopped, subscriptionFailure } from './preflight.ts';
import type { Outcome } from './probe.ts';
import type { Run } from './run.ts';
import { StreamWatch } from './watch.ts';

const CLOSE_MARGIN_SECONDS = 1;

/** One reading of a completed session: twice, one after the other, and once with the other credential. */
export interface SnapshotReading {
  readonly id: string;
  readonly credential: CredentialName | 'primary';
  readonly after: 'start' | 'first-reading';
}

/** Which readings a run takes of its `index`th completed session; `live`: the one that it listened to. */
export function snapshotReadings(index: number | 'live', both: boolean): readonly SnapshotReading[] {
  const id = index === 'live' ? 'snapshot' : `completed-${index}`;
  return [
    { id, credential: 'primary', after: 'start' },
    { id: `${id}-again`, credential: 'primary', after: 'first-reading' },
    ...(both ? [{ id: `${id}-bearer`, credential: 'bearer', after: 'first-reading' } as const] : []),
  ];
}

/**
 * Reads a completed session. `whenServed` runs once the first reading has been granted, beside the others.
 * @param isPreflight a refusal of the first reading stops the run. @returns whether the first reading was granted.
 * @throws RunStopped
 */
export async function readSnapshots(
  run: Run,
  streamId: string,
  index: number | 'live',
  options: { readonly isPreflight: boolean; readonly whenServed: (control: string) => Promise<void> },
): Promise<boolean> {
  const both = run.credentials.primary === 'api-key' && run.credentials.get('bearer') !== undefined;
  const [first, ...others] = snapshotReadings(index, both);
  if (!first) return false;
  const outcome = await read(run, streamId, first);
  const { settings, baseUrl } = run;
  if (options.isPreflight && !run.interrupted) {
    const failure = subscriptionFailure(run.shown(outcome), baseUrl, settings.session.mode, streamId);
    if (failure) throw new RunStopped(failure);
  }
  const granted = outcome.response?.status === 200;
  await Promise.all([
    ...others.map((reading) => read(run, streamId, reading)),
    granted ? options.whenServed(first.id) : undefined,
  ]);
  return granted;
}

async function read(run: Run, streamId: string, reading: SnapshotReading): Promise<Outcome> {
  const watch = new StreamWatch();
  const credential =
    (reading.credential === 'primary' ? undefined : run.credentials.get(reading.credential)) ?? run.primary;
  let closing: NodeJS.Timeout | undefined;
  const probe = run.open({
    id: reading.id,
    purpose: { kind: 'subscription', role: 'snapshot' },
    credential,
    path: run.wordsPath(encodeURIComponent(streamId)),
    streamId,
    priority: 1,
    onBytes: (at, bytes) => {
      watch.push(at, bytes);
      if (watch.ended)
        closing ??= setTimeout(
          () => probe.stop('seconds'),
          (run.settings.endCloseSeconds + CLOSE_MARGIN_SECONDS) * 1000,
        );
    },
  });
  try {
    return await probe.outcome;
  } finally {
    clearTimeout(closing);
  }
}

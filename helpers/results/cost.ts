import { sessionSecondsOf } from '../probes/script.ts';
import { usdOf } from '../recording/price.ts';
import type { Exchange, Recording, StreamRecord, SubscriptionRole } from '../recording/recording.ts';
import type { Cost } from './results.ts';

/** Reads of a session that is over, which bill nothing. */
const READ_LATER: ReadonlySet<SubscriptionRole> = new Set(['snapshot', 'unwatched']);
const ENDED = new Set(['completed', 'error']);

/** What a run took from its target, counted from its recording. */
export function costOf(recording: Recording): Cost {
  const opened = recording.streams.filter(({ origin, createdAt }) => origin !== 'ids' && createdAt !== undefined);
  const sessionSeconds =
    Math.round(opened.reduce((sum, stream) => sum + billedSecondsOf(stream, recording), 0) * 1000) / 1000;
  const paid = recording.settings.sessionMode !== 'embedded';
  return {
    requests: recording.exchanges.length,
    subscriptions: recording.exchanges.filter(({ purpose }) => purpose.kind === 'subscription').length,
    sessionSeconds,
    estimatedUsd: paid ? usdOf(sessionSeconds, recording.target.baseUrl) : 0,
  };
}

/** From its creation to the first sign that it had ended; where there is none, it billed as long as the run lasted. */
function billedSecondsOf(stream: StreamRecord, { exchanges }: Recording): number {
  const { streamId, createdAt = 0, statuses, script } = stream;
  const heardToItsEnd = exchanges.filter(
    ({ purpose, streamId: asked, response, ending }) =>
      asked === streamId &&
      purpose.kind === 'subscription' &&
      !READ_LATER.has(purpose.role) &&
      response?.status === 200 &&
      ending.kind === 'complete',
  );
  const ended = [
    ...(heardToItsEnd.length === 0 ? [] : [Math.max(...heardToItsEnd.map(({ ending }) => ending.at))]),
    ...statuses.filter(({ status }) => ENDED.has(status)).map(({ at }) => at),
  ];
  const last = Math.max(createdAt, ...statuses.map(({ at }) => at), ...exchanges.map(({ ending }) => ending.at));
  const known = Math.max(0, (ended.length === 0 ? last : Math.min(...ended)) - createdAt);
  // The session that nobody watches is asked about late: its text tells how long it spoke.
  const isUnwatched = exchanges.some((one) => one.streamId === streamId && isReadUnwatched(one));
  return isUnwatched && script !== undefined ? Math.min(known, sessionSecondsOf(script)) : known;
}

function isReadUnwatched({ purpose }: Exchange): boolean {
  return purpose.kind === 'subscription' && purpose.role === 'unwatched';
}

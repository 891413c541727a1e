import type { Recording, StreamRecord } from '../recording/recording.ts';
import type { Cost } from './results.ts';

/** The documented price of a session, in USD a second. */
const USD_PER_SESSION_SECOND = 0.05;

const ENDED = new Set(['completed', 'error']);

/** What a run took from its target, counted from its recording. */
export function costOf(recording: Recording): Cost {
  const opened = recording.streams.filter(({ origin, createdAt }) => origin !== 'ids' && createdAt !== undefined);
  const sessionSeconds =
    Math.round(opened.reduce((sum, stream) => sum + sessionSecondsOf(stream, recording), 0) * 1000) / 1000;
  const paid = recording.settings.sessionMode !== 'embedded';
  return {
    requests: recording.exchanges.length,
    subscriptions: recording.exchanges.filter(({ purpose }) => purpose.kind === 'subscription').length,
    sessionSeconds,
    estimatedUsd: paid ? Math.round(sessionSeconds * USD_PER_SESSION_SECOND * 100) / 100 : 0,
  };
}

/** From its creation to the first sign that it had ended, or else to the last sign of its life. */
function sessionSecondsOf({ streamId, createdAt = 0, statuses }: StreamRecord, recording: Recording): number {
  const listeners = recording.exchanges.filter(
    ({ purpose, streamId: asked, response }) =>
      asked === streamId && purpose.kind === 'subscription' && purpose.role !== 'snapshot' && response?.status === 200,
  );
  const ended = statuses.find(({ status }) => ENDED.has(status))?.at ?? Number.POSITIVE_INFINITY;
  const heard = Math.max(
    ...listeners.filter(({ ending }) => ending.kind === 'complete').map(({ ending }) => ending.at),
  );
  if (Number.isFinite(heard) || Number.isFinite(ended))
    return Math.max(0, Math.min(ended, Number.isFinite(heard) ? heard : ended) - createdAt);
  return Math.max(createdAt, ...statuses.map(({ at }) => at), ...listeners.map(({ ending }) => ending.at)) - createdAt;
}

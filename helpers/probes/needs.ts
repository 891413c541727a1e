import type { UnmetNeed } from '../recording/recording.ts';
import type { Settings } from '../settings/settings.ts';

const LIVE = ['live-session', 'late-subscriber', 'concurrent-subscriber', 'reconnection'] as const;

/** The needs that a run with these settings cannot meet, whatever the target does. Pure. */
export function neverMet(settings: Settings): readonly UnmetNeed[] {
  const { session } = settings;
  const unmet: UnmetNeed[] = [];
  const lacks = (need: UnmetNeed['need'], declared: boolean, reason: string, remedy: string) =>
    unmet.push({ need, declared, reason, remedy });
  if (settings.apiKey === undefined) lacks('api-key', true, 'the run was given no API key', 'Set WORDS_API_KEY.');
  if (settings.bearerToken === undefined)
    lacks('bearer-token', true, 'the run was given no bearer token', 'Set WORDS_BEARER_TOKEN.');
  if (settings.otherApiKey === undefined)
    lacks(
      'other-account',
      true,
      'the run was given no second account',
      'Set WORDS_OTHER_API_KEY to a key of another account.',
    );
  if (!settings.burst) lacks('burst', true, 'the run was not allowed a burst', 'Set WORDS_BURST=1.');
  if (settings.earlierRecordingPath === undefined)
    lacks(
      'earlier-recording',
      true,
      'the run was given no earlier recording of the same stream',
      'Set WORDS_EARLIER_RECORDING to the recording.har of an earlier run, and WORDS_COMPLETED_STREAM_ID to its stream.',
    );
  if (session.mode === 'ids' && session.liveStreamId === undefined)
    for (const need of LIVE)
      lacks(
        need,
        false,
        'the run was given no session that speaks while it listens',
        'Set WORDS_LIVE_STREAM_ID to a session that is about to speak.',
      );
  if (session.mode === 'ids' && session.script === undefined)
    lacks(
      'script',
      false,
      'the run does not know what the session was given to speak',
      'Set WORDS_SCRIPT to that text.',
    );
  return unmet;
}

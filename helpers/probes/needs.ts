import { NEED_TEXTS } from '../contract/needs.ts';
import type { Need, UnmetNeed } from '../recording/recording.ts';
import type { Settings } from '../settings/settings.ts';

const LIVE: readonly Need[] = ['live-session', 'late-subscriber', 'concurrent-subscriber', 'reconnection'];

/** The needs that a run with these settings cannot meet, whatever the target does. Pure. */
export function neverMet(settings: Settings): readonly UnmetNeed[] {
  const { session } = settings;
  const lacking: Need[] = [];
  if (settings.apiKey === undefined) lacking.push('api-key');
  if (settings.bearerToken === undefined) lacking.push('bearer-token');
  if (settings.otherApiKey === undefined) lacking.push('other-account');
  if (!settings.burst) lacking.push('burst');
  if (settings.earlierRecordingPath === undefined) lacking.push('earlier-recording');
  if (!settings.unwatched || session.mode !== 'create') lacking.push('unwatched-session');
  if (session.mode === 'ids' && session.script === undefined) lacking.push('script');
  const unheard = session.mode === 'ids' && session.liveStreamId === undefined ? LIVE : [];
  // Without a session that speaks there is nobody to join, or to come back to.
  return [...lacking.map((need) => unmet(need, need)), ...unheard.map((need) => unmet(need, 'live-session'))];
}

function unmet(need: Need, lacking: Need): UnmetNeed {
  const { notGiven, remedy, optional = false } = NEED_TEXTS[lacking];
  return { need, declared: optional, reason: notGiven, remedy };
}

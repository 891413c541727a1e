import { loadRequirements } from '../contract/requirements.ts';
import type { Level, RequirementId } from '../contract/types.ts';
import { usdOf } from '../recording/price.ts';
import type { Need } from '../recording/recording.ts';
import type { Settings } from '../settings/settings.ts';
import { BURST } from './burst.ts';
import { neverMet } from './needs.ts';
import { PATIENCE } from './patience.ts';
import { refusalSpecs } from './refusals.ts';
import { BUILT_IN_SCRIPT, sessionSecondsOf, UNWATCHED_SCRIPT, withChallenge } from './script.ts';
import { snapshotReadings } from './snapshots.ts';

const LIVE_SUBSCRIPTIONS = 5;
/** The first, the concurrent, the late and the reconnected one. */
const STREAMS_AT_ONCE = 4;
/** Beside the speech of the session: its start, what is read when it is over, and waiting out a few 429s. */
const BESIDE_SESSION_SECONDS = 60;
/** Of the unwatched session: created, asked whether it is completed, read. */
const UNWATCHED_REQUESTS = 3;

/** What a run would do, from its settings alone. */
export interface Plan {
  readonly target: string;
  /** Path of the recording that the run would judge, sending nothing; what it can verify is what that recording holds. */
  readonly recording?: string;
  readonly sessionMode: 'embedded' | 'create' | 'ids' | 'command';
  /** Without those that a rate limit makes necessary, and without the burst. */
  readonly requests: number;
  /** The most that the burst adds; zero where it is not allowed. */
  readonly burstRequests: number;
  readonly subscriptions: number;
  /** How many streams of one session the run has open at the same time. With fewer it goes on, and verifies less. */
  readonly streamsAtOnce: number;
  /** Requests that are repeated at most, for they were answered 429, and the seconds that the run waits for that in all. */
  readonly repetitions: { readonly requests: number; readonly seconds: number };
  /** The run ends after so many seconds, whatever the target does. */
  readonly longestRunSeconds: number;
  /** Sessions that the run opens. */
  readonly sessions: number;
  /** Of the session, as far as the run decides it: usual, and at most. */
  readonly sessionSeconds: { readonly usual: number; readonly longest: number };
  readonly estimatedUsd: { readonly usual: number; readonly most: number };
  readonly verifiable: readonly RequirementId[];
  readonly unverifiable: readonly PlannedLack[];
}

/** A requirement that the run could not verify, and what to give it. */
interface PlannedLack {
  readonly id: RequirementId;
  readonly level: Level;
  readonly core: boolean;
  readonly needs: readonly Need[];
  readonly reason: string;
  readonly remedy: string;
}

/** Pure: sends nothing and reads no clock. */
export function planRun(settings: Settings): Plan {
  const { session, recordingPath: recording } = settings;
  const target = settings.baseUrl ?? 'the target of the recording';
  if (recording !== undefined) return { target, recording, sessionMode: session.mode, ...NOTHING };
  const embedded = settings.baseUrl === null;
  // The embedded server comes with credentials of both kinds and a second account.
  const given: Settings = embedded
    ? { ...settings, apiKey: 'embedded', bearerToken: 'embedded', otherApiKey: 'embedded' }
    : settings;
  const live = session.mode !== 'ids' || session.liveStreamId !== undefined;
  const both = given.apiKey !== undefined && given.bearerToken !== undefined;
  const snapshots =
    (live ? snapshotReadings('live', both).length : 0) +
    settings.completedStreamIds.reduce((sum, _, index) => sum + snapshotReadings(index + 1, both).length, 0);
  const creates = session.mode === 'create';
  const unwatched = creates && settings.unwatched ? sessionSecondsOf(UNWATCHED_SCRIPT) : 0;
  const subscriptions = (live ? LIVE_SUBSCRIPTIONS : 0) + snapshots + (unwatched > 0 ? 1 : 0);
  const refusals = (['live', 'completed', 'unknown'] as const)
    .filter((against) => against !== 'live' || live)
    .reduce((sum, against) => sum + refusalSpecs(given, against).length, 0);
  const around =
    (creates ? (session.type === 'text_stream' ? 3 : 2) : 0) + (unwatched > 0 ? UNWATCHED_REQUESTS - 1 : 0);
  const speech = creates ? speechSeconds(session.type, session.script, settings.challenge) : { usual: 0, longest: 0 };
  const seconds = { usual: speech.usual + unwatched, longest: speech.longest + unwatched };
  const longestSession = creates ? speech.longest / (embedded ? settings.speed : 1) : live ? settings.maxSeconds : 0;
  const burst = settings.burst ? BURST.seconds + BURST.longestWaitSeconds : 0;
  const unmet = neverMet(given);
  const lacks = loadRequirements().map((requirement) => ({
    requirement,
    lack: unmet.find(({ need }) => requirement.needs.includes(need)),
  }));
  return {
    target: settings.baseUrl ?? 'the embedded reference server',
    sessionMode: embedded ? 'embedded' : session.mode,
    requests: subscriptions + refusals + around,
    burstRequests: settings.burst ? BURST.requests + 1 : 0,
    subscriptions,
    streamsAtOnce: live ? STREAMS_AT_ONCE : 1,
    repetitions: { requests: PATIENCE.repetitions, seconds: PATIENCE.seconds },
    longestRunSeconds: settings.maxRunSeconds ?? Math.ceil(longestSession) + BESIDE_SESSION_SECONDS + burst,
    sessions: (creates || session.mode === 'command' ? 1 : 0) + (unwatched > 0 ? 1 : 0),
    sessionSeconds: seconds,
    estimatedUsd: {
      usual: embedded ? 0 : usdOf(seconds.usual, settings.baseUrl ?? ''),
      most: embedded ? 0 : usdOf(seconds.longest, settings.baseUrl ?? ''),
    },
    verifiable: lacks.filter(({ lack }) => !lack).map(({ requirement }) => requirement.id),
    unverifiable: lacks.flatMap(({ requirement, lack }) => {
      if (!lack) return [];
      const { id, level, core, needs } = requirement;
      return [{ id, level, core, needs, reason: lack.reason, remedy: lack.remedy }];
    }),
  };
}

const NOTHING = {
  requests: 0,
  burstRequests: 0,
  subscriptions: 0,
  streamsAtOnce: 0,
  longestRunSeconds: 0,
  sessions: 0,
  repetitions: { requests: 0, seconds: 0 },
  sessionSeconds: { usual: 0, longest: 0 },
  estimatedUsd: { usual: 0, most: 0 },
  verifiable: [],
  unverifiable: [],
} as const;

function speechSeconds(
  type: 'tts' | 'text_stream',
  script: string | undefined,
  challenge: string | undefined,
): Plan['sessionSeconds'] {
  const usualText = withChallenge(script ?? `${BUILT_IN_SCRIPT.opening}${BUILT_IN_SCRIPT.closing}`, challenge);
  const longestText =
    script === undefined && type === 'text_stream' ? `${usualText}${BUILT_IN_SCRIPT.extensions.join('')}` : usualText;
  return { usual: sessionSecondsOf(usualText), longest: sessionSecondsOf(longestText) };
}

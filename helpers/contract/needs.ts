import type { Need, SubscriptionRole } from '../recording/recording.ts';

/** A state of the target that a run must bring about before a rule can be verified. */
interface NeedTexts {
  /** Subscriptions that show the state; none where it is no subscription that shows it. */
  readonly roles: readonly SubscriptionRole[];
  /** Why a run with such settings cannot reach it. */
  readonly notGiven: string;
  /** What to change so that a run reaches it. */
  readonly remedy: string;
  /** The operator leaves it out by not giving it: its rules are then not applicable. */
  readonly optional?: true;
}

const SESSION_THAT_SPEAKS = 'Give the run a session that speaks from its start to its end (WORDS_SESSION).';
/** Of the account: a run listens four times at once. */
export const MORE_STREAMS =
  'Let this account open four streams of one session at the same time, unless its answers name another limit.';
const LONGER_SESSION = 'Give a session that speaks for longer, so that a subscriber can join in its middle.';

/** What each need lacks where it is not met, and the remedy. One table for the plan, the run and the judgement. */
export const NEED_TEXTS: Readonly<Record<Need, NeedTexts>> = {
  'known-session': {
    roles: ['first', 'concurrent', 'late', 'dropped', 'reconnected', 'snapshot', 'unwatched'],
    notGiven: 'the run had no session to subscribe to',
    remedy: SESSION_THAT_SPEAKS,
  },
  'live-session': {
    roles: ['first', 'concurrent'],
    notGiven: 'the run was given no session that speaks while it listens',
    remedy: 'Set WORDS_LIVE_STREAM_ID to a session that is about to speak.',
  },
  'late-subscriber': {
    roles: ['late'],
    notGiven: 'nobody joined the session late',
    remedy: LONGER_SESSION,
  },
  'concurrent-subscriber': {
    roles: ['concurrent'],
    notGiven: 'no two subscribers listened side by side',
    remedy: MORE_STREAMS,
  },
  reconnection: {
    roles: ['reconnected'],
    notGiven: 'no subscriber dropped its connection and came back',
    remedy: LONGER_SESSION,
  },
  'completed-session': {
    roles: ['snapshot'],
    notGiven: 'the run read no completed session',
    remedy: 'Set WORDS_COMPLETED_STREAM_ID to a session that is completed, or give the run a session that ends.',
  },
  'api-key': {
    roles: [],
    notGiven: 'the run was given no API key',
    remedy: 'Set WORDS_API_KEY.',
    optional: true,
  },
  'bearer-token': {
    roles: [],
    notGiven: 'the run was given no bearer token',
    remedy: 'Set WORDS_BEARER_TOKEN.',
    optional: true,
  },
  'other-account': {
    roles: [],
    notGiven: 'the run was given no second account',
    remedy: 'Set WORDS_OTHER_API_KEY to a key of another account.',
    optional: true,
  },
  burst: {
    roles: [],
    notGiven: 'the run was not allowed a burst',
    remedy: 'Set WORDS_BURST=1.',
    optional: true,
  },
  script: {
    roles: [],
    notGiven: 'the run does not know what the session was given to speak',
    remedy: 'Set WORDS_SCRIPT to that text.',
  },
  'earlier-recording': {
    roles: [],
    notGiven: 'the run was given no earlier recording of the same stream',
    remedy:
      'Set WORDS_EARLIER_RECORDING to the recording.har of an earlier run, and WORDS_COMPLETED_STREAM_ID to its stream.',
    optional: true,
  },
  'unwatched-session': {
    roles: ['unwatched'],
    notGiven: 'the run had no session that nobody watched',
    remedy: 'Set WORDS_UNWATCHED=1, with WORDS_SESSION=create.',
    optional: true,
  },
};

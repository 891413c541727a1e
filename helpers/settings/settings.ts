import type { Product, RecordedSettings } from '../recording/recording.ts';

/** What `conformant` takes: every requirement of the core, or every MUST. */
export type Profile = 'core' | 'full';

/** Everything the operator decides, read once from flags, environment and `.env`, validated as a whole. */
export interface Settings {
  /** Absolute, no trailing slash; null for the embedded reference server. */
  readonly baseUrl: string | null;
  readonly apiKey?: string;
  readonly bearerToken?: string;
  readonly otherApiKey?: string;
  readonly product?: Product;
  readonly session: SessionSettings;
  /** Completed sessions to read as well, in every mode. */
  readonly completedStreamIds: readonly string[];
  /** Words of a certifying authority, to be spoken last. */
  readonly challenge?: string;
  readonly burst: boolean;
  /** A second session, which nobody watches while it speaks, for snapshot.unwatched. */
  readonly unwatched: boolean;
  /** An id that names no session, where the run cannot make one up. */
  readonly unknownStreamId?: string;
  readonly strict: boolean;
  /** Absent: `core`. */
  readonly profile?: Profile;
  readonly waiversPath?: string;
  readonly recordingPath?: string;
  /** An earlier recording of the same completed streams, for snapshot.durable. */
  readonly earlierRecordingPath?: string;
  /** Name of the frozen set of requirements to judge by; absent: the current ones. */
  readonly requirementSet?: string;
  readonly contractPath?: string;
  /** An earlier run to compare with: results.json, recording or submission. */
  readonly baselinePath?: string;
  readonly maxSeconds: number;
  /** Bound of the whole run, in seconds; absent: as the plan has it. */
  readonly maxRunSeconds?: number;
  /** Bound of one body, decoded or on the wire, in bytes. */
  readonly maxBytes: number;
  /** ending.closes: how long after the `end` event the response may stay open. */
  readonly endCloseSeconds: number;
  /** batching.time-cap: what "~" adds to one second. */
  readonly timeCapToleranceSeconds: number;
  /** Of the embedded server: audio seconds per wall second. */
  readonly speed: number;
  readonly playwrightReport: boolean;
  readonly out: string;
}

export type SessionSettings =
  | {
      readonly mode: 'create';
      readonly type: 'tts' | 'text_stream';
      readonly avatarId: string;
      readonly voiceId: string;
      readonly script?: string;
    }
  | { readonly mode: 'ids'; readonly liveStreamId?: string; readonly script?: string }
  | {
      readonly mode: 'command';
      readonly command: string;
      readonly env: Readonly<Record<string, string>>;
      /** Of it, what the operator named: it may be secret. */
      readonly named: readonly string[];
      readonly script?: string;
    };

export function recordedSettings(settings: Settings): RecordedSettings {
  return {
    sessionMode: settings.baseUrl === null ? 'embedded' : settings.session.mode,
    strict: settings.strict,
    burst: settings.burst,
    hasApiKey: settings.apiKey !== undefined,
    hasBearerToken: settings.bearerToken !== undefined,
    hasOtherAccount: settings.otherApiKey !== undefined,
    speed: settings.baseUrl === null ? settings.speed : 1,
    maxSeconds: settings.maxSeconds,
    maxBytes: settings.maxBytes,
    endCloseSeconds: settings.endCloseSeconds,
    timeCapToleranceSeconds: settings.timeCapToleranceSeconds,
    ...(process.env.NODE_TLS_REJECT_UNAUTHORIZED === '0' ? { trustsAnyCertificate: true } : {}),
  };
}

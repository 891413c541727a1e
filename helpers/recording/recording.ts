/**
 * What a run writes down: every request, every byte of every answer with its arrival time, and what the run could not do.
 * All times named `at` are seconds on the run's monotonic clock, zero at the start of the recording.
 * Judging reads nothing else, so a recording can be judged again by anyone, without the target.
 */
export const RECORDING_FORMAT = 'words-conformance-recording/1';

export type HeaderList = readonly (readonly [name: string, value: string])[];

/** Which credential a request carried. The value itself is never recorded. */
export const CREDENTIAL_KINDS = [
  'api-key',
  'bearer',
  'none',
  'wrong-api-key',
  'near-api-key',
  'empty-api-key',
  'wrong-bearer',
  'near-bearer',
  'empty-bearer',
  'other-scheme',
  'other-account',
] as const;
export type CredentialKind = (typeof CREDENTIAL_KINDS)[number];

/**
 * `first`: opened before or at the start of speech. `concurrent`: open at the same time as first.
 * `late`: joined after at least two batches. `dropped`: closed by us in the middle; `reconnected`: opened after that.
 * `snapshot`: a completed session read again. `unwatched`: one that nobody had subscribed to, read when it was completed.
 */
export const SUBSCRIPTION_ROLES = [
  'first',
  'concurrent',
  'late',
  'dropped',
  'reconnected',
  'snapshot',
  'unwatched',
] as const;
export type SubscriptionRole = (typeof SUBSCRIPTION_ROLES)[number];

/** The rule that a request meant to be refused is there to probe. */
export const REFUSAL_PROBES = ['not-found', 'bad-request', 'missing', 'invalid', 'before-lookup', 'isolation'] as const;
/** The variant of a `not-found` request whose id may name a session or be malformed: a 2xx or 400 proves nothing. */
/** They refuse an id for its form; 414 and 422 do as 400 does: RFC 9110 §15.5.15, §15.5.21. */
export const REFUSED_FORM: readonly number[] = [400, 414, 422];

/** The variant of a request that follows a granted one on its connection, where that is still open. */
export const ON_GRANTED_CONNECTION = 'no credential, on the connection of a granted request';

export const GUESSED_ID = 'guess at an id of no session';
export type RefusalProbe = (typeof REFUSAL_PROBES)[number];

export type Purpose =
  | { readonly kind: 'subscription'; readonly role: SubscriptionRole }
  | {
      readonly kind: 'refusal';
      readonly probe: RefusalProbe;
      /** What is odd about it, e.g. `over-long id`; for the reader. */
      readonly variant: string;
      /** Whether the session was running or completed when asked; `unknown` for an id that names no session. */
      readonly against: 'live' | 'completed' | 'unknown';
    }
  | { readonly kind: 'burst' }
  | { readonly kind: 'burst-recovery' /** Seconds waited, as the 429 asked. */; readonly waited: number }
  | { readonly kind: 'session'; readonly step: 'create' | 'status' | 'append' | 'cancel' };

export interface RecordedRequest {
  readonly method: string;
  /** Exactly as sent, including odd percent-encoding. */
  readonly url: string;
  readonly headers: HeaderList;
  readonly body?: string;
}

export interface RecordedResponse {
  readonly at: number;
  readonly status: number;
  readonly statusText: string;
  readonly httpVersion: string;
  /** Names as received, order and repetition kept. */
  readonly headers: HeaderList;
}

/** Bytes of the body after transfer- and content-decoding. Where they are written, filler of the same length replaces credentials. */
export interface Chunk {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** A completed session's read, or a subscription without a head, that is silent for so long is left so by the target. */
export const TELLING_SILENCE_SECONDS = 15;

export type Bound = 'seconds' | 'bytes' | 'header-bytes' | 'probe' | 'interrupt';

type ConnectFault = 'dns' | 'refused' | 'tls' | 'reset' | 'timeout' | 'proxy' | 'malformed' | 'other';

/**
 * How an exchange ended. `complete`: as HTTP ends a body. `reset`: connection lost inside the body. `short`: fewer bytes
 * than Content-Length, or chunked framing broken off or malformed. `surplus`: more bytes than Content-Length; `detail` shows
 * the last of them. `undecodable`: the content-coding could not be decoded. `stopped`: by us, at the named bound, perhaps before a response head came. `no-response`: no response head came that a
 * client can read; `head`: what came in its place, as Latin-1, its first 2 KB.
 */
export type Ending =
  | { readonly kind: 'complete'; readonly at: number }
  | { readonly kind: 'reset'; readonly at: number; readonly detail: string }
  | { readonly kind: 'short'; readonly at: number; readonly detail: string }
  | { readonly kind: 'surplus'; readonly at: number; readonly detail: string }
  | { readonly kind: 'undecodable'; readonly at: number; readonly detail: string }
  | { readonly kind: 'stopped'; readonly at: number; readonly bound: Bound }
  | {
      readonly kind: 'no-response';
      readonly at: number;
      readonly fault: ConnectFault;
      readonly detail: string;
      readonly head?: string;
    };

export interface Exchange {
  /** Unique in the recording and stable from run to run, e.g. `first`, `snapshot-again`, `auth.invalid/near-api-key/live`. */
  readonly id: string;
  readonly purpose: Purpose;
  /** The id that the request asked for; absent where there is none (POST create). */
  readonly streamId?: string;
  readonly credential: CredentialKind;
  /** The id of the exchange that succeeded and from which this one differs in exactly one thing. */
  readonly control?: string;
  readonly request: RecordedRequest;
  readonly startedAt: number;
  readonly response?: RecordedResponse;
  readonly chunks: readonly Chunk[];
  /** Bytes of the body on the wire, after transfer-decoding and before content-decoding. */
  readonly wireBytes: number;
  readonly ending: Ending;
  /**
   * The id of the exchange that asked again: after an ordinary 429 that was waited out, or, once, after a connection that
   * broke before an answer. What this one got breaks no rule.
   */
  readonly supersededBy?: string;
  /** Where the answer repeats a credential: whoever reads the file sees only what replaced it. */
  readonly echoes: readonly CredentialEcho[];
}

export interface CredentialEcho {
  readonly where: 'header' | 'body' | 'status' | 'trailer';
  readonly header?: string;
  readonly byteOffset?: number;
  readonly credential: CredentialKind;
}

export interface StreamRecord {
  readonly streamId: string;
  readonly origin: 'create' | 'ids' | 'command';
  /** `live`: speaks while the run listens. `completed`: given as completed. */
  readonly state: 'live' | 'completed';
  /** The text that the session was given to speak, where the run knows it. */
  readonly script?: string;
  /** When the run opened it, in seconds on its clock; absent where it was given by its id. */
  readonly createdAt?: number;
  readonly statuses: readonly SessionStatus[];
}

export interface SessionStatus {
  readonly at: number;
  readonly status: string;
  readonly endReason?: string | null;
  readonly errorMessage?: string | null;
}

/** A state of the target that requirements need and a run may or may not bring about. */
export const NEEDS = [
  'known-session',
  'live-session',
  'late-subscriber',
  'concurrent-subscriber',
  'reconnection',
  'completed-session',
  'api-key',
  'bearer-token',
  'other-account',
  'burst',
  'script',
  'earlier-recording',
  'unwatched-session',
] as const;
export type Need = (typeof NEEDS)[number];

/** A need that this run did not meet. `declared`: the operator left it out of the run, which makes rules not-applicable. */
export interface UnmetNeed {
  readonly need: Need;
  readonly declared: boolean;
  readonly reason: string;
  readonly remedy: string;
}

/** A stretch in which the suite's own process was held up, so that arrival times in it are not to be trusted. */
export interface Stall {
  readonly at: number;
  readonly seconds: number;
}

/** The run's stop before its end, said once: the target could not be reached, or would not let us in. */
export interface RunFailure {
  readonly cause: string;
  readonly message: string;
  readonly remedy: string;
  /** The one requirement that this breaks; absent where it is no breach of the contract (exit 3). */
  readonly requirement?: string;
}

/** Settings that judging depends on, and those that a reader wants to see. No secrets. */
export interface RecordedSettings {
  readonly sessionMode: 'embedded' | 'create' | 'ids' | 'command';
  readonly strict: boolean;
  readonly burst: boolean;
  readonly hasApiKey: boolean;
  readonly hasBearerToken: boolean;
  readonly hasOtherAccount: boolean;
  /** Audio seconds per wall second; 1 for anything but a simulation that says so. */
  readonly speed: number;
  readonly maxSeconds: number;
  readonly maxBytes: number;
  readonly endCloseSeconds: number;
  readonly timeCapToleranceSeconds: number;
  /** NODE_TLS_REJECT_UNAUTHORIZED=0 was set: nothing proves that it was the target that answered. */
  readonly trustsAnyCertificate?: boolean;
}

export interface Product {
  readonly name?: string;
  readonly version?: string;
  /** Where it runs, e.g. `staging`. */
  readonly environment?: string;
}

export interface RecordingHeader {
  readonly format: typeof RECORDING_FORMAT;
  readonly suite: { readonly name: string; readonly version: string };
  readonly contract: { readonly title: string; readonly version: string; readonly sha256: string };
  readonly target: { readonly baseUrl: string };
  /** Unlike that of any other run; recordings made by 0.1.0 have none. */
  readonly runId?: string;
  readonly product?: Product;
  /** ISO 8601, UTC: the wall-clock instant of time zero. */
  readonly startedAt: string;
  readonly settings: RecordedSettings;
}

/** What an earlier recording of the same stream held: for snapshot.durable. */
export interface EarlierWords {
  readonly streamId: string;
  readonly recordedAt: string;
  /** Of the target that it was recorded at; absent in recordings of older versions. */
  readonly baseUrl?: string;
  readonly words: readonly (readonly [word: string, start: number, end: number])[];
}

export interface Recording extends RecordingHeader {
  /** What somebody saved of one or several responses, in place of a run: by curl (`body`, `head-and-body`) or a browser. */
  readonly capture?: { readonly kind: 'body' | 'head-and-body' | 'har'; readonly file: string };
  /** ISO 8601, UTC; absent where the run was interrupted. */
  readonly finishedAt?: string;
  readonly streams: readonly StreamRecord[];
  /** In the order in which they were started. */
  readonly exchanges: readonly Exchange[];
  readonly unmet: readonly UnmetNeed[];
  readonly stalls: readonly Stall[];
  readonly earlier: readonly EarlierWords[];
  readonly failure?: RunFailure;
}

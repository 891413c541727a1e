import type { Connection } from '../http/connection.ts';
import type { SentCredential } from '../http/credentials.ts';
import type { Bound, Ending, Purpose, RecordedResponse } from '../recording/recording.ts';
import type { Priority } from './gate.ts';

/** A request to make, and what it is for. */
export interface Probe {
  readonly id: string;
  readonly purpose: Purpose;
  readonly credential: SentCredential;
  /** Under the base URL, exactly as sent. */
  readonly path: string;
  readonly method?: 'GET' | 'POST';
  readonly body?: string;
  readonly streamId?: string;
  readonly control?: string;
  readonly priority?: Priority;
  /** Shared with the probe before it; absent: one of its own. */
  readonly connection?: Connection;
  readonly headSeconds?: number;
  readonly maxSeconds?: number;
  /** A 429 is what the probe is after: it is not asked again. */
  readonly takes429?: boolean;
  /** `identity`: no content-coding is offered. */
  readonly codings?: 'identity';
  /** Once sent it is given a few seconds to be answered even so: what it opens must be closed again. */
  readonly outlivesInterruption?: boolean;
  /** Whether to wait out a 429 and ask again. @param attempts how often it was answered 429. Absent: always. */
  readonly asksAgain?: (attempts: number) => boolean;
  readonly onHead?: (response: RecordedResponse, stop: (bound: Bound) => void) => void;
  readonly onBytes?: (at: number, bytes: Uint8Array) => void;
}

/** What came of a probe, its credentials not yet replaced: for the run alone. */
export interface ProbeOutcome {
  readonly id: string;
  readonly startedAt: number;
  readonly response: RecordedResponse | undefined;
  readonly ending: Ending;
  /** The first 64 KB of the body; of an answer about the session, 1 MB. */
  readonly text: string;
}

export interface RunningProbe {
  readonly id: string;
  /** The response head, null where none came. */
  readonly head: Promise<RecordedResponse | null>;
  readonly outcome: Promise<ProbeOutcome>;
  stop(bound: Bound): void;
}

/** The run was told to stop, or has reached its bound. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

import type { Contract, Level, Requirement, RequirementId } from '../contract/types.ts';
import type { Exchange, Need, Recording, SubscriptionRole } from '../recording/recording.ts';
import type { Transcript } from '../transcript/transcript.ts';
import type { Findings } from './findings.ts';

/** One place where a rule is broken, with all that a stranger needs to see it. */
export interface Violation {
  /** One sentence: what is wrong, with the figures. */
  readonly message: string;
  /** All that would have conformed. */
  readonly expected: readonly string[];
  readonly actual: string;
  /** Id of the exchange; null where the finding rests on none (the contract itself). */
  readonly exchange: string | null;
  /** Index of the event in that exchange. */
  readonly event?: number;
  /** Index of the word in that exchange. */
  readonly word?: number;
  /** Into the decoded body. */
  readonly byteOffset?: number;
  readonly byteLength?: number;
  /** Arrival, in seconds on the run's clock. */
  readonly at?: number;
  /** Where this finding is graver or milder than its requirement (auth.isolation answered by 403: SHOULD). */
  readonly level?: Level;
}

/** Why a rule could not be verified. */
export interface Unverified {
  readonly reason: string;
  readonly remedy: string;
  /** The requirement whose failure is the cause: one cause, one failure. */
  readonly because?: RequirementId;
}

/** What one check says of a recording. Zero observations is never a pass. */
export interface Judgement {
  readonly observations: number;
  readonly violations: readonly Violation[];
  /** All that were found: more than `violations` where that list was cut. */
  readonly violationCount: number;
  readonly unverified?: Unverified;
  readonly notApplicable?: { readonly reason: string; readonly remedy: string };
  /** Figures and observations for the reader, a line each. */
  readonly notes?: readonly string[];
}

/** A subscription that was opened as an event stream (200, and by its media type or its words one), and its body read. */
export interface Subscription {
  readonly exchange: Exchange;
  readonly role: SubscriptionRole;
  readonly streamId: string;
  readonly transcript: Transcript;
}

/** All that a check may look at. */
export interface Evidence {
  readonly recording: Recording;
  readonly contract: Contract;
  readonly requirements: readonly Requirement[];
  /** Opened subscriptions of every role, in the order they were started. */
  readonly subscriptions: readonly Subscription[];
  /** Subscription requests that did not open a stream, with the requirement that says why. */
  readonly unopened: readonly {
    readonly exchange: Exchange;
    readonly because: RequirementId;
    readonly reason: string;
  }[];
  unmet(need: Need): Unverified | undefined;
}

/** A pure function: no clock, no network, no I/O. The same recording gives the same judgement. */
export interface Check {
  readonly id: RequirementId;
  /** As it stands in `openapi/requirements.yaml`; `npm run check:data` compares them. */
  readonly sentence?: string;
  /**
   * Observes and finds. It gives no reason for what it did not see: `needs`, `masked_by` and `observes` of the requirement do
   * (see `judge`).
   */
  judge(evidence: Evidence, findings: Findings): void;
}

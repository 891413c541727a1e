import type { RequirementSet } from '../contract/requirement-sets.ts';
import type { Area, Gap, Level, RequirementId, Source } from '../contract/types.ts';
import type { Violation } from '../judging/check.ts';
import type { Product, RecordedSettings } from '../recording/recording.ts';
import type { Profile } from '../settings/settings.ts';
import type { ChangedSetting } from './changed-settings.ts';
import type { Comparison } from './comparison.ts';

export const OUTCOMES = ['pass', 'fail', 'warn', 'inconclusive', 'not-applicable', 'waived', 'error'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const VERDICTS = ['conformant', 'non-conformant', 'incomplete', 'error'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** One cause of breaches: what stands first is what to mend first. */
export interface Finding {
  /** The gravest outcome of its requirements. */
  readonly outcome: Outcome;
  /** A sentence; absent where the evidence does not allow one. */
  readonly likelyCause?: string;
  /** Requirements that it breaks, worst first. */
  readonly requirements: readonly RequirementId[];
  /** Requirements that could not be verified because of them. */
  readonly unverified: readonly RequirementId[];
}

/** Exit codes of `npm run certify`. */
export const EXIT_CODES: Readonly<Record<Verdict, number>> = {
  conformant: 0,
  'non-conformant': 1,
  incomplete: 2,
  error: 3,
};

/** The bytes around a violation, shortened in the middle where they are long. */
export interface ByteExcerpt {
  readonly byteOffset: number;
  /** As text, control characters escaped. */
  readonly text: string;
  readonly hex: string;
  /** Bytes left out of the middle. */
  readonly omitted: number;
}

/** A violation as it is reported: with its bytes and the request that repeats it. */
export interface ReportedViolation extends Violation {
  readonly evidence?: ByteExcerpt;
  /** A command line; the credential is a shell variable. */
  readonly curl?: string;
  /** What the command no longer shows, and how to see it. */
  readonly curlNote?: string;
  /** What people call the exchange. */
  readonly exchangeName?: string;
}

export interface Waiver {
  readonly reason: string;
  readonly acceptedBy: string;
  /** ISO 8601 date, the last day on which it holds. */
  readonly until: string;
}

export interface RequirementResult {
  readonly id: RequirementId;
  readonly area: Area;
  readonly level: Level;
  readonly core: boolean;
  /** False where it came later than the set that the run was judged by: shown, and no ground of the verdict. */
  readonly scored?: boolean;
  readonly sentence: string;
  readonly sources: readonly Source[];
  readonly outcome: Outcome;
  /** Why it is inconclusive, not applicable, waived or an error. */
  readonly reason?: string;
  /** What would make it verifiable. */
  readonly remedy?: string;
  /** The requirement whose failure is the cause. */
  readonly because?: RequirementId;
  readonly observations: number;
  readonly violations: readonly ReportedViolation[];
  readonly violationCount: number;
  readonly notes: readonly string[];
  readonly waiver?: Waiver;
}

/** An entry of the waiver file that no longer says something true, and what to edit. */
export interface WaiverProblem {
  readonly kind: 'expired' | 'unknown-requirement' | 'stale';
  readonly requirement: string;
  /** Of the entry, from 1. */
  readonly line: number;
  readonly message: string;
  readonly remedy: string;
}

/** How much of the run was judged. `filtered`: some requirements were left out by the operator. */
export type Selection = 'all' | 'filtered';

export interface Cost {
  readonly requests: number;
  readonly subscriptions: number;
  /** Length of the sessions that the run opened, in seconds of wall time. */
  readonly sessionSeconds: number;
  /** At the documented price of 0.05 USD a second; zero where the run opened no session, or on this machine only. */
  readonly estimatedUsd: number;
}

interface RunIdentity {
  /** Absent where the recording was made by 0.1.0. */
  readonly id?: string;
  readonly streamIds: readonly string[];
  /** SHA-256 of the recording.har beside results.json, in hex. */
  readonly recordingSha256?: string;
}

/** `results.json`. Described by `results.schema.json` beside this file. */
export interface Results {
  readonly verdict: Verdict;
  /** Why, in a sentence. */
  readonly reason: string;
  readonly remedy?: string;
  readonly suite: { readonly name: string; readonly version: string };
  readonly contract: { readonly title: string; readonly version: string; readonly sha256: string };
  readonly target: { readonly baseUrl: string };
  /** What the operator says the target is. */
  readonly product?: Product;
  /** Which run this was: absent where nothing was recorded. */
  readonly run?: RunIdentity;
  readonly profile: Profile;
  /** By which requirements it was judged; absent where nothing was judged. */
  readonly requirementSet?: RequirementSet;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly selection: Selection;
  readonly settings: RecordedSettings | null;
  /** Those that are not what the suite has by itself. */
  readonly changedSettings?: readonly ChangedSetting[];
  readonly cost: Cost;
  readonly counts: Readonly<Record<Outcome, number>>;
  readonly requirements: readonly RequirementResult[];
  /** What was found, by cause, worst first. */
  readonly findings: readonly Finding[];
  readonly waiverProblems: readonly WaiverProblem[];
  /** Since the run of WORDS_BASELINE; absent where none was given. */
  readonly comparison?: Comparison;
  readonly gaps: readonly Gap[];
  /** Files beside results.json, by what they are. */
  readonly files: Readonly<Record<string, string>>;
}

import type { Requirement, RequirementId } from '../contract/types.ts';
import type { Check, Evidence, Judgement, Unverified, Violation } from '../judging/check.ts';
import { asSentence, blockedBy, printable } from '../judging/findings.ts';
import { judge as judgeByCheck } from '../judging/judge.ts';
import { notShown } from '../recording/capture.ts';
import { exchangeName } from '../recording/exchange-name.ts';
import type { Recording, RunFailure } from '../recording/recording.ts';
import type { Profile } from '../settings/settings.ts';
import { bytesOfWord } from '../transcript/word-bytes.ts';
import { countsOf } from './counts.ts';
import { curlCommand, repeatNote } from './curl.ts';
import { excerptOf } from './excerpt.ts';
import { outcomeOf } from './outcome.ts';
import type { Outcome, ReportedViolation, RequirementResult, Selection, Verdict, WaiverProblem } from './results.ts';
import { verdictOf } from './verdict.ts';
import { loopbackHint, type WaiverEntry, waive, waiverProblems, waiversFor } from './waivers.ts';

export interface AssessOptions {
  /** What `conformant` takes; absent: `core`. */
  readonly profile?: Profile;
  /** Warnings fail. */
  readonly strict: boolean;
  /** The whole waiver file: entries for other targets are passed over. */
  readonly waivers: readonly WaiverEntry[];
  /** ISO 8601 date (UTC) on which waivers must still hold. */
  readonly today: string;
  /** The ids that the operator's filter leaves in; absent: all. */
  readonly selected?: ReadonlySet<string>;
  /** One for each requirement. */
  readonly checks: readonly Check[];
  /** The recording is somebody else's: what repeats its requests is sent where WORDS_BASE_URL says. */
  readonly foreign?: boolean;
  /** What is written of the recording: findings quote its bytes. Absent: the recording. */
  readonly written?: Recording;
}

/** What a recording shows, requirement by requirement in the order of `openapi/requirements.yaml`, and altogether. */
export interface Assessment {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly remedy?: string;
  readonly profile: Profile;
  readonly selection: Selection;
  readonly counts: Readonly<Record<Outcome, number>>;
  readonly requirements: readonly RequirementResult[];
  readonly waiverProblems: readonly WaiverProblem[];
}

/** Pure. A check that throws makes its requirement, and the verdict, an `error`: never a finding against the target. */
export function assess(evidence: Evidence, options: AssessOptions): Assessment {
  const { recording } = evidence;
  const { profile = 'core' } = options;
  const checks = new Map(options.checks.map((check) => [check.id, check]));
  const seen = evidence.requirements.map((requirement) => {
    if (options.selected !== undefined && !options.selected.has(requirement.id)) return leftOut(requirement);
    const result = judge(requirement, checks.get(requirement.id), evidence, options);
    return recording.failure === undefined ? result : underFailure(result, recording.failure);
  });
  const judged = seen.map((result, index) =>
    namingItsMask(result, evidence.requirements[index]?.masked_by ?? [], seen),
  );
  const selection: Selection = evidence.requirements.every(({ id }) => options.selected?.has(id) ?? true)
    ? 'all'
    : 'filtered';
  const waivers = waiversFor(options.waivers, {
    baseUrl: recording.target.baseUrl,
    embedded: recording.settings.sessionMode === 'embedded',
  });
  const problems = waiverProblems(waivers, judged, options.today);
  const requirements = judged.map((result) => waive(result, waivers, options.today));
  const reasoned = verdictOf({
    results: requirements,
    profile,
    selection,
    waiverProblems: problems,
    failure: recording.failure,
    settings: recording.settings,
    finished: recording.finishedAt !== undefined,
  });
  const hint =
    reasoned.verdict === 'non-conformant' ? loopbackHint(options.waivers, recording.target.baseUrl) : undefined;
  return {
    ...reasoned,
    ...(hint === undefined ? {} : { remedy: hint }),
    profile,
    selection,
    counts: countsOf(requirements),
    requirements,
    waiverProblems: problems,
  };
}

function judge(
  requirement: Requirement,
  check: Check | undefined,
  evidence: Evidence,
  { strict, foreign = false, written = evidence.recording }: AssessOptions,
): RequirementResult {
  if (check === undefined) return suiteError(requirement, 'The suite has no check for this requirement.');
  const hidden = hiddenFrom(evidence.recording.capture, requirement);
  if (hidden !== undefined) return unobserved(requirement, 'inconclusive', hidden);
  let judgement: Judgement;
  try {
    judgement = judgeByCheck(check, requirement, evidence);
  } catch (error) {
    return suiteError(
      requirement,
      `The check threw ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}.`,
    );
  }
  const judged = outcomeOf(judgement, requirement.level, strict);
  // What came later than the set that the run is judged by is shown, and fails nobody.
  const outcome = requirement.scored === false && judged === 'fail' ? 'warn' : judged;
  const explanation: Unverified | undefined =
    outcome === 'not-applicable'
      ? judgement.notApplicable
      : outcome === 'inconclusive'
        ? (failedSession(evidence, judgement) ?? judgement.unverified ?? NOTHING_OBSERVED)
        : undefined;
  return {
    ...described(requirement),
    outcome,
    ...(explanation === undefined ? {} : explained(explanation)),
    observations: judgement.observations,
    violations: judgement.violations.map((violation) => reported(violation, { evidence, written, foreign })),
    violationCount: judgement.violationCount,
    notes: (judgement.notes ?? []).map(printable),
  };
}

/** What a saved response shows: what its body says, and of its head what it is. */
const SHOWN_BY_CAPTURES: readonly string[] = [
  'contract',
  'framing',
  'ending',
  'schema',
  'batching',
  'ordering',
  'tokens',
];

/** Why a rule cannot be judged by a response that somebody saved. */
function hiddenFrom(capture: Recording['capture'], { id, area }: Requirement) {
  if (capture === undefined) return undefined;
  const shown =
    (SHOWN_BY_CAPTURES.includes(area) && id !== 'ending.closes') ||
    (id === 'http.content-type' && capture.kind !== 'body');
  return shown ? undefined : notShown(capture.file);
}

/** A rule that observed nothing names the broken requirement that hides what it looks at. */
function namingItsMask(
  result: RequirementResult,
  maskedBy: readonly RequirementId[],
  results: readonly RequirementResult[],
): RequirementResult {
  if (result.outcome !== 'inconclusive' || result.observations > 0 || result.because !== undefined) return result;
  const mask = results.find(({ id, outcome }) => outcome === 'fail' && maskedBy.includes(id));
  if (mask === undefined) return result;
  const { reason, remedy, because } = blockedBy({ because: mask.id, reason: mask.violations[0]?.message ?? '' });
  return { ...result, reason, remedy, ...(because === undefined ? {} : { because }) };
}

/** Why there was nothing to look at, where the session that the run had failed it: the cause, not what followed. */
function failedSession(evidence: Evidence, { observations, unverified }: Judgement): Unverified | undefined {
  const hadSession = evidence.recording.streams.some(({ state }) => state === 'live');
  if (!hadSession || observations > 0 || unverified?.because !== undefined) return undefined;
  return evidence.unmet('live-session');
}

function explained({ reason, remedy, because }: Unverified): Pick<RequirementResult, 'reason' | 'remedy' | 'because'> {
  return {
    reason: asSentence(printable(reason)),
    remedy: printable(remedy),
    ...(because === undefined ? {} : { because }),
  };
}

const NOTHING_OBSERVED: Unverified = {
  reason: 'Nothing was observed that the rule speaks of.',
  remedy: 'Judge a recording that holds what the rule needs.',
};

/** Whatever a check or a recording from elsewhere put into it, a finding is printable. */
function reported(
  violation: Violation,
  { evidence, written, foreign }: { evidence: Evidence; written: Recording; foreign: boolean },
): ReportedViolation {
  const { message, expected, actual, word } = violation;
  const exchange = written.exchanges.find(({ id }) => id === violation.exchange);
  const note = exchange && repeatNote(exchange);
  const subscription = evidence.subscriptions.find((one) => one.exchange.id === violation.exchange);
  // Of an event it quotes the word that it is about.
  const { byteOffset, byteLength } =
    (word === undefined ? undefined : subscription && bytesOfWord(subscription.transcript, word)) ?? violation;
  const excerpt = exchange && byteOffset !== undefined ? excerptOf(exchange, byteOffset, byteLength) : undefined;
  return {
    ...violation,
    message: asSentence(printable(message)),
    expected: expected.map(printable),
    actual: printable(actual),
    ...(excerpt === undefined ? {} : { evidence: excerpt }),
    ...(exchange === undefined
      ? {}
      : {
          curl: curlCommand(exchange.request, foreign ? written.target.baseUrl : undefined),
          exchangeName: printable(exchangeName(exchange)),
        }),
    ...(note === undefined ? {} : { curlNote: note }),
  };
}

function suiteError(requirement: Requirement, reason: string): RequirementResult {
  return unobserved(requirement, 'error', {
    reason: printable(reason),
    remedy: 'This is a fault of the suite, not of the target: report it with the recording.',
  });
}

function leftOut(requirement: Requirement): RequirementResult {
  return unobserved(requirement, 'inconclusive', {
    reason: "It was left out by the operator's filter.",
    remedy: 'Run without --grep.',
  });
}

/** Judges a run that stopped early: the one breach that stopped it fails, and no other is found in its wake. */
function underFailure(result: RequirementResult, failure: RunFailure): RequirementResult {
  if (result.id === failure.requirement) return brokenBy(result, failure);
  if (result.outcome === 'pass' || result.outcome === 'not-applicable' || result.outcome === 'error') return result;
  if (result.area === 'contract') return result;
  const because = failure.requirement as RequirementId | undefined;
  const { because: _because, ...rest } = result;
  return {
    ...rest,
    outcome: 'inconclusive',
    reason: printable(failure.message),
    remedy: printable(failure.remedy),
    ...(because === undefined ? {} : { because }),
    violations: [],
    violationCount: 0,
  };
}

function brokenBy(result: RequirementResult, failure: RunFailure): RequirementResult {
  if (result.outcome === 'fail') return result;
  const { reason: _reason, remedy: _remedy, because: _because, ...rest } = result;
  return {
    ...rest,
    outcome: 'fail',
    observations: Math.max(1, result.observations),
    violations: [
      {
        message: printable(failure.message),
        expected: [result.sentence],
        actual: printable(failure.cause),
        exchange: null,
      },
    ],
    violationCount: 1,
  };
}

function unobserved(
  requirement: Requirement,
  outcome: Outcome,
  why: { readonly reason: string; readonly remedy: string },
): RequirementResult {
  return { ...described(requirement), outcome, ...why, observations: 0, violations: [], violationCount: 0, notes: [] };
}

function described({ id, area, level, core, sentence, sources, scored }: Requirement) {
  return { id, area, level, core, sentence, sources, ...(scored === undefined ? {} : { scored }) };
}

import type { Requirement, RequirementId } from '../contract/types.ts';
import type { UnmetNeed } from '../recording/recording.ts';
import type { RequirementResult } from '../results/results.ts';
import type { Fault, Turn, Variant } from './cases.ts';

/** What a run of one case came to, as far as it is compared. */
export interface Observed {
  readonly results: readonly Compared[];
  /** States of the target that the run did not reach. */
  readonly unmet: readonly Pick<UnmetNeed, 'reason'>[];
  /** Subscriptions that the run stopped at a bound. */
  readonly stopped: readonly string[];
  /** The run had the machine to itself, and was not held up. */
  readonly undisturbed: boolean;
  /** Why the run did not start. */
  readonly refused?: string;
}

export type Compared = Pick<
  RequirementResult,
  'id' | 'level' | 'outcome' | 'reason' | 'because' | 'notes' | 'violations'
>;

type MismatchKind =
  | 'not-found'
  | 'turned-too-much'
  | 'inconclusive-without-cause'
  | 'suite-error'
  | 'not-conforming'
  | 'undeclared-mask'
  | 'never-turned'
  | 'not-missed';

/** One way in which the suite is not proved. `subject`: id of the case, or of the requirement that no fault turns. */
export interface ProofMismatch {
  readonly kind: MismatchKind;
  readonly subject: string;
  readonly requirement?: RequirementId;
  readonly message: string;
}

/** Rules about time: left unverified where the machine was too busy to tell, as a run beside others may find it. */
const TIMED: ReadonlySet<RequirementId> = new Set<RequirementId>([
  'ending.closes',
  'liveness.streams',
  'replay.prompt',
  'snapshot.prompt',
  'rate-limit.recovers',
]);

/** The conforming server, against which the others are compared. */
export const CONFORMING = 'conforming-server';

/** The conforming server turns nothing, and shows every rule that it can show. */
export function compareConforming(observed: Observed): readonly ProofMismatch[] {
  return observed.results.flatMap((result): ProofMismatch[] => {
    const { id, outcome } = result;
    if (outcome === 'pass' || outcome === 'not-applicable') return [];
    if (outcome === 'inconclusive' && isDisturbed(result, observed)) return [];
    const kind = outcome === 'error' ? 'suite-error' : 'not-conforming';
    return [{ kind, subject: CONFORMING, requirement: id, message: `${outcome}: ${explanation(result)}` }];
  });
}

/** Every requirement that the fault declares is turned as declared, and no other. */
export function compareFault(fault: Fault, observed: Observed, conforming: Observed): readonly ProofMismatch[] {
  const declared = Object.entries(fault.turns) as [RequirementId, Turn][];
  const mismatches = declared.flatMap(([id, turn]): ProofMismatch[] => {
    if (turnsOf(fault, id, observed, conforming).includes(turn)) return [];
    const result = observed.results.find((one) => one.id === id);
    const message = `should be ${turn}, is ${result === undefined ? 'not judged' : `${result.outcome}: ${explanation(result)}`}`;
    return [{ kind: 'not-found', subject: fault.id, requirement: id, message }];
  });
  if (observed.refused !== undefined && !declared.some(([, turn]) => turn === 'error'))
    mismatches.push({ kind: 'suite-error', subject: fault.id, message: `the run did not start: ${observed.refused}` });
  const turned = new Set(declared.map(([id]) => id));
  for (const result of observed.results) {
    const { id, outcome, because } = result;
    const about = { subject: fault.id, requirement: id } as const;
    if (outcome === 'error') mismatches.push({ ...about, kind: 'suite-error', message: explanation(result) });
    if ((outcome === 'fail' || outcome === 'warn') && !turned.has(id))
      mismatches.push({ ...about, kind: 'turned-too-much', message: `${outcome}: ${explanation(result)}` });
    if (!becameInconclusive(result, conforming) || turned.has(id)) continue;
    const caused =
      because === undefined
        ? namesUnreachedState(result, observed) || isDisturbed(result, observed)
        : turned.has(because);
    if (!caused) {
      const named = because === undefined ? 'names no cause' : `names ${because}, which the fault does not turn`;
      mismatches.push({ ...about, kind: 'inconclusive-without-cause', message: `${named}: ${explanation(result)}` });
    }
  }
  return mismatches;
}

/** Nothing fails, and nothing warns but a SHOULD that the variant names; what it cannot show is laid on no requirement. */
export function compareVariant(variant: Variant, observed: Observed, conforming: Observed): readonly ProofMismatch[] {
  const { id: subject, warns = [] } = variant;
  const mismatches: ProofMismatch[] = [];
  if (observed.refused !== undefined)
    mismatches.push({ kind: 'suite-error', subject, message: `the run did not start: ${observed.refused}` });
  for (const result of observed.results) {
    const { id, outcome, because } = result;
    const add = (kind: MismatchKind, message: string) => mismatches.push({ kind, subject, requirement: id, message });
    const named = warns.includes(id);
    if (outcome === 'error') add('suite-error', explanation(result));
    else if (outcome === 'fail' || (outcome === 'warn' && !named))
      add('turned-too-much', `${outcome}: ${explanation(result)}`);
    else if (named && outcome !== 'warn') add('not-found', `should be warn, is ${outcome}: ${explanation(result)}`);
    else if (because !== undefined && !warns.includes(because) && becameInconclusive(result, conforming))
      add('inconclusive-without-cause', `names ${because}, which nothing breaks: ${explanation(result)}`);
  }
  return mismatches;
}

/** The requirements that at least one fault turns as it declares. */
export function killedRequirements(
  runs: readonly { readonly fault: Fault; readonly observed: Observed }[],
  conforming: Observed,
): ReadonlySet<RequirementId> {
  const killed = new Set<RequirementId>();
  for (const { fault, observed } of runs)
    for (const [id, turn] of Object.entries(fault.turns) as [RequirementId, Turn][])
      if (turnsOf(fault, id, observed, conforming).includes(turn)) killed.add(id);
  return killed;
}

/** Results that name a cause which the row of the requirement does not list under `masked_by`. */
export function undeclaredMasks(
  runs: readonly { readonly subject: string; readonly results: readonly Compared[] }[],
  requirements: readonly Pick<Requirement, 'id' | 'masked_by'>[],
): readonly ProofMismatch[] {
  const masks = new Map(requirements.map(({ id, masked_by }) => [id, masked_by]));
  return runs.flatMap(({ subject, results }) =>
    results.flatMap(({ id, because }): ProofMismatch[] =>
      because === undefined || masks.get(id)?.includes(because)
        ? []
        : [
            {
              kind: 'undeclared-mask',
              subject,
              requirement: id,
              message: `is hidden by ${because}, which its masked_by does not list`,
            },
          ],
    ),
  );
}

export function neverTurned(
  ids: readonly RequirementId[],
  killed: ReadonlySet<RequirementId>,
): readonly ProofMismatch[] {
  return ids
    .filter((id) => !killed.has(id))
    .map((id) => ({ kind: 'never-turned', subject: id, requirement: id, message: 'no fault turns it' }));
}

function turnsOf(
  { noted }: Fault,
  id: RequirementId,
  { results, refused }: Observed,
  conforming: Observed,
): readonly Turn[] {
  if (refused !== undefined) return ['error'];
  const result = results.find((one) => one.id === id);
  if (result === undefined) return [];
  const usual = conforming.results.find((one) => one.id === id)?.notes ?? [];
  const says = (line: string) => (noted === undefined ? !usual.includes(line) : noted.test(line));
  const turns: Turn[] = [];
  if (result.level === 'NOTE' && result.notes.some(says) && !(noted && usual.some(says))) turns.push('note');
  if (result.outcome === 'fail' || result.outcome === 'warn') turns.push(result.outcome);
  return turns;
}

function becameInconclusive({ id, outcome }: Compared, conforming: Observed): boolean {
  return outcome === 'inconclusive' && conforming.results.find((one) => one.id === id)?.outcome !== 'inconclusive';
}

function namesUnreachedState({ reason = '' }: Compared, { unmet, stopped }: Observed): boolean {
  return unmet.some((need) => reason.includes(need.reason)) || stopped.some((id) => reason.includes(id));
}

function isDisturbed({ id, because }: Compared, { undisturbed }: Observed): boolean {
  return because === undefined && TIMED.has(id) && !undisturbed;
}

function explanation({ violations, reason, notes }: Compared): string {
  return violations[0]?.message ?? reason ?? (notes.length === 0 ? 'no finding' : notes.join(' | '));
}

import type { RequirementId } from '../contract/types.ts';
import type { RecordedSettings, RunFailure } from '../recording/recording.ts';
import type { Profile } from '../settings/settings.ts';
import { worstFirst } from './causes.ts';
import { settingsSentence, tooLenient } from './changed-settings.ts';
import type { RequirementResult, Selection, Verdict, WaiverProblem } from './results.ts';
import { idsByArea } from './unverified.ts';

export interface VerdictGrounds {
  readonly results: readonly RequirementResult[];
  readonly profile: Profile;
  readonly selection: Selection;
  readonly waiverProblems: readonly WaiverProblem[];
  readonly failure: RunFailure | undefined;
  readonly settings: RecordedSettings;
  /** The run came to its close. */
  readonly finished: boolean;
}

export interface ReasonedVerdict {
  readonly verdict: Verdict;
  /** What it rests on: how much was verified, and which requirements, or entries of the waiver file, decide. */
  readonly reason: string;
  readonly remedy?: string;
}

/** The contract lists the two credentials as alternatives: for the core, one of them verified stands for both. */
const ALTERNATIVES: readonly RequirementId[] = ['auth.api-key', 'auth.bearer'];

/** The first of these that holds: error, non-conformant, incomplete, conformant. */
export function verdictOf(grounds: VerdictGrounds): ReasonedVerdict {
  const later = grounds.results.filter(({ scored }) => scored === false);
  const scored = { ...grounds, results: grounds.results.filter((result) => !later.includes(result)) };
  const reasoned = suiteError(scored) ?? breach(scored) ?? gap(scored) ?? leniency(scored) ?? conformant(scored);
  if (reasoned.verdict === 'error') return reasoned;
  const notScored =
    later.length === 0 ? '' : ` Not scored, for they came later than the set of requirements: ${named(later)}.`;
  return { ...reasoned, reason: `${reasoned.reason}${notScored}${settingsSentence(grounds.settings)}` };
}

function suiteError({ results, waiverProblems, failure, ...rest }: VerdictGrounds): ReasonedVerdict | undefined {
  const errors = results.filter(({ outcome }) => outcome === 'error');
  if (errors.length > 0)
    return {
      verdict: 'error',
      reason: `The suite itself failed on ${named(errors)}: ${errors[0]?.reason ?? 'no reason given'}`,
      remedy: 'Nothing is said about the target. Report this with the recording.',
    };
  if (failure !== undefined && failure.requirement === undefined)
    return { verdict: 'error', reason: failure.message, remedy: failure.remedy };
  if (waiverProblems.length === 0) return undefined;
  const otherwise = verdictOf({ results, waiverProblems: [], failure, ...rest });
  return {
    verdict: 'error',
    reason: `The waiver file needs an edit: ${waiverProblems.map(({ message }) => message).join(' ')} Apart from that the run is ${otherwise.verdict}: ${otherwise.reason}`,
    remedy: waiverProblems.map(({ remedy }) => remedy).join(' '),
  };
}

function breach(grounds: VerdictGrounds): ReasonedVerdict | undefined {
  const failed = grounds.results.filter(({ outcome }) => outcome === 'fail');
  if (failed.length === 0) return undefined;
  const count = failed.length === 1 ? '1 requirement is broken' : `${failed.length} requirements are broken`;
  return {
    verdict: 'non-conformant',
    reason: `${count}: ${named(failed)}. ${restsOn(grounds, 'hold')}${warnings(grounds)}`,
  };
}

function gap(grounds: VerdictGrounds): ReasonedVerdict | undefined {
  const { results, profile, selection } = grounds;
  if (selection === 'filtered')
    return {
      verdict: 'incomplete',
      reason: `Only ${count(results.filter(isVerified).length)} judged: the run was filtered.`,
      remedy: 'Run without --grep for a verdict on the whole contract.',
    };
  if (!results.some(isVerified))
    return {
      verdict: 'incomplete',
      reason: 'Nothing was judged.',
      remedy: 'Run against a target that can be reached.',
    };
  const verified = new Set(results.filter(isVerified).map(({ id }) => id));
  const open = results.filter(
    ({ id, level, core }) =>
      level === 'MUST' && !verified.has(id) && (profile === 'full' || (core && !hasVerifiedAlternative(id, verified))),
  );
  const [first] = open;
  if (first === undefined) return undefined;
  // A lack with a cause is not the lack to act on.
  const root = open.find(({ because }) => because === undefined) ?? first;
  const needed = profile === 'full' ? 'which the full profile needs' : 'which the core needs';
  return {
    verdict: 'incomplete',
    reason: `${count(open.length)} not verified, ${needed}: ${named(open)}. ${restsOn(grounds)}`,
    ...(root.remedy === undefined ? {} : { remedy: root.remedy }),
  };
}

/** What would make a verdict of conformant say more than was shown. */
function leniency({ settings, finished }: VerdictGrounds): ReasonedVerdict | undefined {
  const lenient = tooLenient(settings);
  if (lenient !== undefined) return { verdict: 'incomplete', ...lenient };
  if (finished) return undefined;
  return {
    verdict: 'incomplete',
    reason: 'The recording does not say when it finished: the run was interrupted.',
    remedy: 'Run again, to the end.',
  };
}

function conformant(grounds: VerdictGrounds): ReasonedVerdict {
  const waived = grounds.results.filter(({ outcome }) => outcome === 'waived');
  const parts = [restsOn(grounds)];
  if (waived.length > 0) parts.push(`Waived: ${named(waived)}.`);
  return { verdict: 'conformant', reason: `${parts.join(' ')}${warnings(grounds)}` };
}

function warnings({ results }: VerdictGrounds): string {
  const warned = results.filter(({ outcome }) => outcome === 'warn');
  return warned.length === 0 ? '' : ` Warnings: ${named(warned)}.`;
}

/** How much was looked at, and what was not. */
function restsOn({ results }: VerdictGrounds, as: 'verified' | 'hold' = 'verified'): string {
  const open = results.filter((result) => !isVerified(result));
  const looked = results.filter((result) => (as === 'hold' ? result.outcome === 'pass' : isVerified(result)));
  const said = `${looked.length} of ${results.length} requirements ${as}`;
  return open.length === 0 ? `${said}.` : `${said}; not verified: ${idsByArea(open)}.`;
}

function isVerified({ outcome }: RequirementResult): boolean {
  return outcome !== 'inconclusive' && outcome !== 'not-applicable' && outcome !== 'error';
}

function hasVerifiedAlternative(id: RequirementId, verified: ReadonlySet<RequirementId>): boolean {
  return ALTERNATIVES.includes(id) && ALTERNATIVES.some((alternative) => verified.has(alternative));
}

function count(requirements: number): string {
  return requirements === 1 ? '1 requirement was' : `${requirements} requirements were`;
}

function named(results: readonly RequirementResult[], most = 12): string {
  const ids = worstFirst(results)
    .slice(0, most)
    .map(({ id }) => id);
  if (results.length > most) return `${ids.join(', ')} and ${results.length - most} more`;
  const last = ids.pop();
  return ids.length === 0 ? (last ?? '') : `${ids.join(', ')} and ${last}`;
}

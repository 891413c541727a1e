import type { RequirementId } from '../contract/types.ts';
import type { Check } from '../judging/check.ts';
import { assess } from '../results/assess.ts';
import type { Fault } from './cases.ts';
import { compareConforming, compareFault, type Observed, type ProofMismatch } from './compare.ts';
import type { CaseRun } from './run-case.ts';

interface Judged {
  readonly run: CaseRun;
  readonly observed: Observed;
}

/** The loader refuses such a contract before any check is asked, so a blind check changes nothing. */
const FOUND_WITHOUT_CHECK: ReadonlySet<RequirementId> = new Set<RequirementId>(['contract.loads']);

/**
 * Switches each check off in turn, judges the kept evidence again, and says of which ones the proof would not notice.
 * Off means both: left out of the suite, and there but blind, so that all it looks at passes.
 */
export function missedWithout(
  checks: readonly Check[],
  conforming: Judged,
  faults: readonly (Judged & { readonly fault: Fault })[],
): readonly ProofMismatch[] {
  return checks.flatMap(({ id }) => {
    const mismatches: ProofMismatch[] = [];
    const unnoticed = (how: string) =>
      mismatches.push({
        kind: 'not-missed',
        subject: id,
        requirement: id,
        message: `the proof still holds with its check ${how}`,
      });
    if (compareConforming(judgedBy([], id, conforming)).length === 0) unnoticed('left out');
    const blind: Check = { id, judge: (_evidence, findings) => findings.observe() };
    const noticed = faults.some(
      (one) =>
        one.fault.turns[id] !== undefined &&
        compareFault(one.fault, judgedBy([blind], id, one), conforming.observed).some(
          ({ kind, requirement }) => kind === 'not-found' && requirement === id,
        ),
    );
    const turned = faults.some(({ fault }) => fault.turns[id] !== undefined);
    if (turned && !noticed && !FOUND_WITHOUT_CHECK.has(id)) unnoticed('blind');
    return mismatches;
  });
}

function judgedBy(only: readonly Check[], id: RequirementId, { run, observed }: Judged): Observed {
  if (run.evidence === undefined) return observed;
  const options = { strict: false, waivers: [], today: '2026-01-01', selected: new Set([id]), checks: only };
  const again = assess(run.evidence, options).requirements.find((result) => result.id === id);
  return {
    ...observed,
    results: observed.results.map((result) => (result.id === id && again !== undefined ? again : result)),
  };
}

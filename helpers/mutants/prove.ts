import { loadRequirements } from '../contract/requirements.ts';
import type { RequirementId } from '../contract/types.ts';
import type { Check } from '../judging/check.ts';
import type { Fault, Variant } from './cases.ts';
import {
  CONFORMING,
  compareConforming,
  compareFault,
  compareVariant,
  killedRequirements,
  neverTurned,
  type Observed,
  type ProofMismatch,
  undeclaredMasks,
} from './compare.ts';
import { type CaseRun, runCase } from './run-case.ts';
import { missedWithout } from './switched-off.ts';

/** Cases under way at the same time: they wait for sessions to speak far longer than they compute. */
const AT_ONCE = 12;

export interface Cases {
  readonly faults: readonly Fault[];
  readonly variants: readonly Variant[];
}

export interface CaseProof {
  readonly run: CaseRun;
  readonly observed: Observed;
  readonly mismatches: readonly ProofMismatch[];
}

export interface Proof {
  readonly conforming: CaseProof;
  readonly faults: readonly (CaseProof & { readonly fault: Fault })[];
  readonly variants: readonly (CaseProof & { readonly variant: Variant })[];
  readonly killed: ReadonlySet<RequirementId>;
  /** Of every case, and of the suite as a whole. */
  readonly mismatches: readonly ProofMismatch[];
  readonly seconds: number;
}

export interface ProveOptions {
  readonly checks: readonly Check[];
  /** False for a part of the cases: then nothing is said about the suite as a whole. */
  readonly whole?: boolean;
  readonly onCase?: (done: { readonly id: string; readonly count: number; readonly total: number }) => void;
}

/** Runs the conforming server, every fault and every variant, and compares what is found with what they declare. */
export async function prove({ faults, variants }: Cases, options: ProveOptions): Promise<Proof> {
  const from = performance.now();
  const baseline: Variant = { id: CONFORMING, sentence: 'It conforms.', near: 'http.status', alone: true };
  const runs = await runAll([baseline, ...faults, ...variants], options);
  const proved = (one: Fault | Variant, compare: (observed: Observed) => readonly ProofMismatch[]): CaseProof => {
    const run = runs.get(one.id);
    if (run === undefined) throw new Error(`no run of ${one.id}`);
    const observed = observedOf(one, run);
    return { run, observed, mismatches: compare(observed) };
  };
  const provenConforming = proved(baseline, compareConforming);
  const conforming = provenConforming.observed;
  const provenFaults = faults.map((fault) => ({
    fault,
    ...proved(fault, (observed) => compareFault(fault, observed, conforming)),
  }));
  const provenVariants = variants.map((variant) => ({
    variant,
    ...proved(variant, (observed) => compareVariant(variant, observed, conforming)),
  }));
  const killed = killedRequirements(provenFaults, conforming);
  const requirements = loadRequirements();
  const ids = requirements.map(({ id }) => id);
  const cases = [...runs].map(([subject, { results }]) => ({ subject, results }));
  const suite =
    options.whole === false
      ? []
      : [...neverTurned(ids, killed), ...missedWithout(options.checks, provenConforming, provenFaults)];
  return {
    conforming: provenConforming,
    faults: provenFaults,
    variants: provenVariants,
    killed,
    mismatches: [
      ...[provenConforming, ...provenFaults, ...provenVariants].flatMap(({ mismatches }) => mismatches),
      ...undeclaredMasks(cases, requirements),
      ...suite,
    ],
    seconds: Math.round(performance.now() - from) / 1000,
  };
}

async function runAll(
  cases: readonly (Fault | Variant)[],
  { checks, onCase }: ProveOptions,
): Promise<ReadonlyMap<string, CaseRun>> {
  const runs = new Map<string, CaseRun>();
  const runNext = async (queue: (Fault | Variant)[]): Promise<void> => {
    for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
      if (runs.has(one.id)) throw new Error(`two cases are called ${one.id}`);
      const run = await runCase(one, checks);
      runs.set(one.id, run);
      onCase?.({ id: one.id, count: runs.size, total: cases.length });
    }
  };
  await runNext(cases.filter(({ alone }) => alone === true));
  const together = cases.filter(({ alone }) => alone !== true);
  await Promise.all(Array.from({ length: AT_ONCE }, () => runNext(together)));
  return runs;
}

function observedOf({ alone }: Fault | Variant, { results, evidence, refused }: CaseRun): Observed {
  return {
    results,
    undisturbed: alone === true && evidence?.recording.stalls.length === 0,
    stopped: (evidence?.recording.exchanges ?? [])
      .filter(({ ending }) => ending.kind === 'stopped' && (ending.bound === 'seconds' || ending.bound === 'bytes'))
      .map(({ id: exchange }) => exchange),
    unmet: (evidence?.recording.unmet ?? []).filter(({ declared }) => !declared),
    ...(refused === undefined ? {} : { refused }),
  };
}

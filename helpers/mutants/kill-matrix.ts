import { join } from 'node:path';
import { loadRequirements } from '../contract/requirements.ts';
import type { RequirementId } from '../contract/types.ts';
import type { Outcome } from '../results/results.ts';
import { readSuite } from '../suite.ts';
import { writeWhole } from '../write-file.ts';
import type { Fault } from './cases.ts';
import type { CaseProof, Proof } from './prove.ts';

/** `kill-matrix.json`. Described by `kill-matrix.schema.json` beside this file. */
export type KillMatrix = ReturnType<typeof killMatrixOf>;

function killMatrixOf(proof: Proof) {
  const { conforming, faults, variants, killed, mismatches, seconds } = proof;
  const clean = (cases: readonly CaseProof[]) => cases.filter((one) => one.mismatches.length === 0).length;
  const requirements = loadRequirements();
  return {
    suite: readSuite(),
    madeAt: new Date().toISOString(),
    seconds,
    counts: {
      faults: faults.length,
      faultsFound: clean(faults),
      variants: variants.length,
      variantsClean: clean(variants),
      requirements: requirements.length,
      requirementsKilled: killed.size,
    },
    requirements: requirements.map(({ id, area, level, sentence }) => ({
      id,
      area,
      level,
      sentence,
      killedBy: faults.filter(({ fault }) => fault.turns[id] !== undefined).map(({ fault }) => fault.id),
    })),
    faults: faults.map((one) => ({ ...matrixCase(one.fault, one, conforming), turns: one.fault.turns })),
    variants: variants.map((one) => ({
      ...matrixCase(one.variant, one, conforming),
      near: one.variant.near,
      warns: one.variant.warns ?? [],
    })),
    mismatches,
  };
}

function matrixCase(
  { id, sentence }: Pick<Fault, 'id' | 'sentence'>,
  { run, observed, mismatches }: CaseProof,
  conforming: CaseProof,
) {
  const usual = new Map(conforming.observed.results.map((result) => [result.id, result.outcome]));
  const changed = observed.results.filter(({ id: one, outcome }) => outcome !== 'pass' && outcome !== usual.get(one));
  /** Requirements that did not pass, but for those that the run was not given what they need. */
  const outcomes: Partial<Record<RequirementId, Outcome>> = {};
  for (const result of changed) outcomes[result.id] = result.outcome;
  return { id, sentence, seconds: run.seconds, mismatches, outcomes };
}

/** Writes `kill-matrix.json` into the folder. */
export async function writeKillMatrix(proof: Proof, folder: string): Promise<KillMatrix> {
  const matrix = killMatrixOf(proof);
  writeWhole(join(folder, 'kill-matrix.json'), [`${JSON.stringify(matrix, null, 2)}\n`]);
  return matrix;
}

import { join } from 'node:path';
import { loadRequirements } from '../contract/requirements.ts';
import type { Area, Level, RequirementId } from '../contract/types.ts';
import type { Outcome } from '../results/results.ts';
import { readSuite } from '../suite.ts';
import { writeWhole } from '../write-file.ts';
import type { Turn } from './cases.ts';
import type { ProofMismatch } from './compare.ts';
import type { CaseProof, Proof } from './prove.ts';

interface MatrixCase {
  readonly id: string;
  readonly sentence: string;
  readonly seconds: number;
  readonly mismatches: readonly ProofMismatch[];
  /** Requirements that did not pass, but for those that the run was not given what they need. */
  readonly outcomes: Readonly<Partial<Record<RequirementId, Outcome>>>;
}

/** `kill-matrix.json`. Described by `kill-matrix.schema.json` beside this file. */
export interface KillMatrix {
  readonly suite: { readonly name: string; readonly version: string };
  readonly madeAt: string;
  readonly seconds: number;
  readonly counts: {
    readonly faults: number;
    readonly faultsFound: number;
    readonly variants: number;
    readonly variantsClean: number;
    readonly requirements: number;
    readonly requirementsKilled: number;
  };
  readonly requirements: readonly {
    readonly id: RequirementId;
    readonly area: Area;
    readonly level: Level;
    readonly sentence: string;
    readonly killedBy: readonly string[];
  }[];
  readonly faults: readonly (MatrixCase & { readonly turns: Readonly<Partial<Record<RequirementId, Turn>>> })[];
  readonly variants: readonly (MatrixCase & {
    readonly near: RequirementId;
    readonly warns: readonly RequirementId[];
  })[];
  readonly mismatches: readonly ProofMismatch[];
}

function killMatrixOf(proof: Proof): KillMatrix {
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
  { id, sentence }: { readonly id: string; readonly sentence: string },
  { run, observed, mismatches }: CaseProof,
  conforming: CaseProof,
): MatrixCase {
  const usual = new Map(conforming.observed.results.map((result) => [result.id, result.outcome]));
  const outcomes = observed.results
    .filter(({ id: requirement, outcome }) => outcome !== 'pass' && outcome !== usual.get(requirement))
    .map(({ id: requirement, outcome }) => [requirement, outcome]);
  return { id, sentence, seconds: run.seconds, mismatches, outcomes: Object.fromEntries(outcomes) };
}

/** Writes `kill-matrix.json` into the folder. */
export async function writeKillMatrix(proof: Proof, folder: string): Promise<KillMatrix> {
  const matrix = killMatrixOf(proof);
  writeWhole(join(folder, 'kill-matrix.json'), [`${JSON.stringify(matrix, null, 2)}\n`]);
  return matrix;
}

import { readFileSync } from 'node:fs';
import { dataFile } from '../contract/data-file.ts';
import { loadContract } from '../contract/load.ts';
import { CURRENT, requirementsOf } from '../contract/requirement-sets.ts';
import { loadRequirements } from '../contract/requirements.ts';
import type { Contract, Requirement } from '../contract/types.ts';
import type { Check, Evidence } from '../judging/check.ts';
import { gatherEvidence } from '../judging/evidence.ts';
import type { RecordedSettings, Recording } from '../recording/recording.ts';
import { assess } from '../results/assess.ts';
import { buildResults, type ResultsOptions } from '../results/build-results.ts';
import type { Results } from '../results/results.ts';
import type { WaiverEntry } from '../results/waivers.ts';
import type { Profile } from '../settings/settings.ts';

/** What this suite judges by. */
export interface Rules {
  readonly contract: Contract;
  readonly requirements: readonly Requirement[];
  /** `openapi/requirements.yaml` as it stands there. */
  readonly requirementsText: string;
  readonly checks: readonly Check[];
}

/** @param contractPath of another contract than the published one. @throws ContractError */
export function loadRules(checks: readonly Check[], contractPath?: string): Rules {
  const requirementsText = readFileSync(dataFile('requirements.yaml'), 'utf8');
  return { contract: loadContract(contractPath), requirements: loadRequirements(), requirementsText, checks };
}

export interface JudgeAgainOptions extends Omit<ResultsOptions, 'requirementSet'> {
  /** Name of the requirement set; absent: the current one. */
  readonly set?: string | undefined;
  readonly profile?: Profile;
  readonly waivers?: readonly WaiverEntry[];
  /** ISO 8601 date on which waivers must still hold; absent: today. */
  readonly today?: string;
  /** In place of the recording's own, where they differ. */
  readonly settings?: Partial<RecordedSettings>;
}

/** What this suite finds in a recording, all requirements considered. @throws OperatorError where it has no such set */
export function judgeAgain(
  recording: Recording,
  { contract, requirements, checks }: Rules,
  { profile = 'core', waivers = [], today = isoToday(), settings = {}, set, ...rest }: JudgeAgainOptions = {},
): { readonly results: Results; readonly evidence: Evidence } {
  const judged = { ...recording, settings: { ...recording.settings, ...settings } };
  const demands = requirementsOf(set === CURRENT ? undefined : set, requirements, contract.sha256);
  const evidence = gatherEvidence(judged, contract, demands.requirements);
  const assessment = assess(evidence, { checks, strict: judged.settings.strict, profile, waivers, today });
  return { results: buildResults(assessment, evidence, { ...rest, requirementSet: demands.set }), evidence };
}

/** UTC. */
export function isoToday(): string {
  return new Date().toISOString().slice(0, 10);
}

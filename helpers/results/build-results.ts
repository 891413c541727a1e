import type { RequirementSet } from '../contract/requirement-sets.ts';
import type { Evidence } from '../judging/check.ts';
import type { Product } from '../recording/recording.ts';
import type { Assessment } from './assess.ts';
import { findingsOf } from './causes.ts';
import { changedSettings } from './changed-settings.ts';
import { costOf } from './cost.ts';
import type { Results } from './results.ts';

export interface ResultsOptions {
  readonly files?: Readonly<Record<string, string>>;
  /** For a recording that was interrupted. */
  readonly finishedAt?: string;
  /** For a recording that does not say. */
  readonly product?: Product;
  readonly requirementSet?: RequirementSet;
  /** Of the recording as it was written, in hex. */
  readonly recordingSha256?: string;
}

/** What `results.json` says of an assessed recording. */
export function buildResults(assessment: Assessment, evidence: Evidence, options: ResultsOptions = {}): Results {
  const { recording, contract } = evidence;
  const { verdict, reason, remedy, profile, selection, counts, requirements, waiverProblems } = assessment;
  const { recordingSha256, requirementSet } = options;
  const product = recording.product ?? options.product;
  return {
    verdict,
    reason,
    ...(remedy === undefined ? {} : { remedy }),
    suite: recording.suite,
    contract: { title: contract.title, version: contract.version, sha256: contract.sha256 },
    target: recording.target,
    ...(product === undefined ? {} : { product }),
    run: {
      ...(recording.runId === undefined ? {} : { id: recording.runId }),
      streamIds: recording.streams.map(({ streamId }) => streamId),
      ...(recordingSha256 === undefined ? {} : { recordingSha256 }),
    },
    profile,
    ...(requirementSet === undefined ? {} : { requirementSet }),
    startedAt: recording.startedAt,
    finishedAt: recording.finishedAt ?? options.finishedAt ?? recording.startedAt,
    selection,
    settings: recording.settings,
    changedSettings: changedSettings(recording.settings),
    cost: costOf(recording),
    counts,
    requirements,
    findings: findingsOf(requirements, recording.exchanges),
    waiverProblems,
    gaps: contract.gaps,
    files: options.files ?? {},
  };
}

import type { Evidence } from '../checks/check.ts';
import { printable } from '../checks/judging.ts';
import type { Assessment } from './assess.ts';
import { countsOf } from './assess.ts';
import { costOf } from './cost.ts';
import type { Results } from './results.ts';

/** What `results.json` says of an assessed recording. `finishedAt`: for a recording that was interrupted. */
export function buildResults(
  assessment: Assessment,
  evidence: Evidence,
  options: { readonly files?: Readonly<Record<string, string>>; readonly finishedAt?: string } = {},
): Results {
  const { recording, contract } = evidence;
  const { verdict, reason, remedy, selection, counts, requirements, waiverProblems } = assessment;
  return {
    verdict,
    reason,
    ...(remedy === undefined ? {} : { remedy }),
    suite: recording.suite,
    contract: { title: contract.title, version: contract.version, sha256: contract.sha256 },
    target: recording.target,
    startedAt: recording.startedAt,
    finishedAt: recording.finishedAt ?? options.finishedAt ?? recording.startedAt,
    selection,
    settings: recording.settings,
    cost: costOf(recording),
    counts,
    requirements,
    waiverProblems,
    gaps: contract.gaps,
    files: options.files ?? {},
  };
}

/** What `results.json` says of a run that never got as far as a recording: an `error`, and nothing claimed. */
export function errorResults(run: {
  readonly reason: string;
  readonly remedy?: string;
  readonly suite: Results['suite'];
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Empty strings where it could not be loaded. */
  readonly contract?: Results['contract'];
  readonly baseUrl?: string;
  readonly files?: Readonly<Record<string, string>>;
}): Results {
  return {
    verdict: 'error',
    reason: printable(run.reason),
    ...(run.remedy === undefined ? {} : { remedy: printable(run.remedy) }),
    suite: run.suite,
    contract: run.contract ?? { title: '', version: '', sha256: '' },
    target: { baseUrl: run.baseUrl ?? '' },
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    selection: 'all',
    settings: null,
    cost: { requests: 0, subscriptions: 0, sessionSeconds: 0, estimatedUsd: 0 },
    counts: countsOf([]),
    requirements: [],
    waiverProblems: [],
    gaps: [],
    files: run.files ?? {},
  };
}

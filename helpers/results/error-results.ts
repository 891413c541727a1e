import { printableLines } from '../judging/findings.ts';
import { countsOf } from './counts.ts';
import type { Results } from './results.ts';

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
    reason: printableLines(run.reason),
    ...(run.remedy === undefined ? {} : { remedy: printableLines(run.remedy) }),
    suite: run.suite,
    contract: run.contract ?? { title: '', version: '', sha256: '' },
    target: { baseUrl: run.baseUrl ?? '' },
    profile: 'core',
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    selection: 'all',
    settings: null,
    cost: { requests: 0, subscriptions: 0, sessionSeconds: 0, estimatedUsd: 0 },
    counts: countsOf([]),
    requirements: [],
    findings: [],
    waiverProblems: [],
    gaps: [],
    files: run.files ?? {},
  };
}

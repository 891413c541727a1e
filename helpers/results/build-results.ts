import type { Evidence } from '../judging/check.ts';
import type { Assessment } from './assess.ts';
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

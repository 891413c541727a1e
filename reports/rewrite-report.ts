import { recordedBy } from '../helpers/cli/handover.ts';
import type { OutFiles } from '../helpers/cli/out-files.ts';
import type { Results } from '../helpers/results/results.ts';

/** Writes the report of results that are not those that were judged: of a run that broke off, or lost a judgement. */
export async function rewriteReport(
  files: OutFiles,
  results: Results,
  contractPath: string | undefined,
): Promise<void> {
  const [{ loadContract }, { loadRequirements }, { loadRecording }, { writeReport }] = await Promise.all([
    import('../helpers/contract/load.ts'),
    import('../helpers/contract/requirements.ts'),
    import('../helpers/recording/load.ts'),
    import('./page/write-report.ts'),
  ]);
  const recorded = recordedBy(files);
  await writeReport({
    results,
    recording: recorded === undefined ? null : await loadRecording(recorded),
    contract: whereUsable(() => loadContract(contractPath)),
    requirements: loadRequirements(),
    path: files.report,
  });
}

/** A contract that cannot be loaded may be the very reason for this report. */
function whereUsable<Value>(load: () => Value): Value | null {
  try {
    return load();
  } catch {
    return null;
  }
}

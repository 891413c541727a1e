import { existsSync } from 'node:fs';
import type { OutFiles } from '../helpers/certify/out-files.ts';
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
  await writeReport({
    results,
    recording: hasRecorded(files) ? await loadRecording(files.recording) : null,
    contract: whereUsable(() => loadContract(contractPath)),
    requirements: loadRequirements(),
    path: files.report,
  });
}

/** A run that could not begin leaves the recording of an earlier one where it is: it is no evidence of this one. */
function hasRecorded({ recording, judged, progress }: OutFiles): boolean {
  return existsSync(recording) && (existsSync(judged) || existsSync(progress));
}

/** A contract that cannot be loaded may be the very reason for this report. */
function whereUsable<Value>(load: () => Value): Value | null {
  try {
    return load();
  } catch {
    return null;
  }
}

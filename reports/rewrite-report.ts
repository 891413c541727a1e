import { existsSync } from 'node:fs';
import type { OutFiles } from '../helpers/certify/out-files.ts';
import type { Results } from '../helpers/results/results.ts';

/** Makes the report say what results.json says, where that is not what was judged. */
export async function rewriteReport(files: OutFiles, results: Results, contractPath?: string): Promise<void> {
  if (!existsSync(files.recording)) return;
  const [{ loadContract }, { loadRequirements }, { loadRecording }, { writeReport }] = await Promise.all([
    import('../helpers/contract/load.ts'),
    import('../helpers/contract/requirements.ts'),
    import('../helpers/recording/load.ts'),
    import('./page/write-report.ts'),
  ]);
  await writeReport({
    results,
    recording: await loadRecording(files.recording),
    contract: loadContract(contractPath),
    requirements: loadRequirements(),
    path: files.report,
  });
}

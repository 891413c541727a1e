import writeFileAtomic from 'write-file-atomic';
import type { Subscription } from '../../helpers/checks/check.ts';
import { gatherEvidence } from '../../helpers/checks/evidence.ts';
import type { Contract, Requirement } from '../../helpers/contract/types.ts';
import type { Recording } from '../../helpers/recording/recording.ts';
import type { Results } from '../../helpers/results/results.ts';
import { prepareAssets } from './assets.ts';
import { renderPage } from './render-page.ts';

export { prepareAssets } from './assets.ts';

export interface ReportInput {
  readonly results: Results;
  /** Null where the run never got as far as recording. */
  readonly recording: Recording | null;
  /** Null where it could not be loaded. */
  readonly contract: Contract | null;
  readonly requirements: readonly Requirement[];
  /** The recording's subscriptions as already read for judging; without them the bodies are read again. */
  readonly subscriptions?: readonly Subscription[];
}

/** Writes the HTML report: one file that needs no network and runs no script but its own. */
export async function writeReport(input: ReportInput & { readonly path: string }): Promise<void> {
  const page = renderPage({ ...input, subscriptions: subscriptionsOf(input) }, await prepareAssets());
  await writeFileAtomic(input.path, page);
}

function subscriptionsOf({ subscriptions, recording, contract, requirements }: ReportInput): readonly Subscription[] {
  if (subscriptions) return subscriptions;
  return recording && contract ? gatherEvidence(recording, contract, requirements).subscriptions : [];
}

import type { Subscription } from '../../helpers/judging/check.ts';
import { gatherEvidence } from '../../helpers/judging/evidence.ts';
import { writeWhole } from '../../helpers/write-file.ts';
import { pageAssets } from './assets.ts';
import { type ReportInput, renderPage } from './render-page.ts';

/** Writes the HTML report: one file that needs no network and runs no script but its own. */
export async function writeReport(input: ReportInput & { readonly path: string }): Promise<void> {
  const page = renderPage({ ...input, subscriptions: subscriptionsOf(input) }, pageAssets());
  writeWhole(input.path, [page]);
}

function subscriptionsOf({ subscriptions, recording, contract, requirements }: ReportInput): readonly Subscription[] {
  if (subscriptions) return subscriptions;
  return recording && contract ? gatherEvidence(recording, contract, requirements).subscriptions : [];
}

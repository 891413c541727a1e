import type { Contract } from '../contract/types.ts';
import type { Evidence, Subscription } from '../judging/check.ts';
import { gatherEvidence } from '../judging/evidence.ts';
import { whyIncomparable } from '../judging/live-words.ts';
import { differenceOf, differs } from '../judging/word-sequences.ts';
import { readCompleted } from '../probes/record.ts';
import type { Settings } from '../settings/settings.ts';
import type { SubmissionFinding } from './findings.ts';

export interface CounterReadOptions {
  readonly settings: Settings;
  readonly baseUrl: string;
  readonly suite: { readonly name: string; readonly version: string };
  readonly contract: Contract;
  readonly signal?: AbortSignal;
}

function completedSessions({ subscriptions }: Evidence): readonly string[] {
  return [...new Set(subscriptions.filter(({ role }) => role === 'snapshot').map(({ streamId }) => streamId))];
}

/** Reads the submission's own sessions at the target once more. Empty: they hold the same words at the same times. */
export async function counterRead(
  evidence: Evidence,
  options: CounterReadOptions,
): Promise<readonly SubmissionFinding[]> {
  const streamIds = completedSessions(evidence);
  if (streamIds.length === 0)
    return [finding('The submission read no completed session, so there is none to read again.')];
  const recording = await readCompleted(options.settings, options, streamIds);
  if (recording.failure !== undefined)
    return [finding(`The session could not be read again. ${recording.failure.message} ${recording.failure.remedy}`)];
  const again = gatherEvidence(recording, options.contract, evidence.requirements);
  return streamIds.flatMap((streamId) => {
    const [submitted] = comparable(evidence, streamId);
    const read = comparable(again, streamId);
    if (submitted === undefined)
      return [finding(`The submission holds no snapshot of ${streamId} that can be compared.`)];
    if (read.length === 0) return [finding(`${streamId} could not be read to its end.`)];
    return read.flatMap((subscription) => {
      const truth = submitted.transcript.words;
      const difference = differenceOf(truth, subscription.transcript.words);
      if (difference === undefined) return [];
      return [finding(differs(subscription, truth, difference, `those submitted of ${streamId}`).message)];
    });
  });
}

function comparable(evidence: Evidence, streamId: string): readonly Subscription[] {
  return evidence.subscriptions.filter(
    (one) => one.streamId === streamId && one.role === 'snapshot' && whyIncomparable(evidence, one) === undefined,
  );
}

function finding(message: string): SubmissionFinding {
  return { section: 'counter-read', message };
}

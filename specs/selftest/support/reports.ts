import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadContract } from '../../../helpers/contract/load.ts';
import { loadRequirements } from '../../../helpers/contract/requirements.ts';
import type { Check, Judgement } from '../../../helpers/judging/check.ts';
import { gatherEvidence } from '../../../helpers/judging/evidence.ts';
import type { Exchange, Recording, SubscriptionRole } from '../../../helpers/recording/recording.ts';
import { assess } from '../../../helpers/results/assess.ts';
import { buildResults } from '../../../helpers/results/build-results.ts';
import type { Results } from '../../../helpers/results/results.ts';
import { writeReport } from '../../../reports/page/write-report.ts';
import { checks as allChecks } from '../../checks.ts';
import { finding } from './made-up.ts';
import {
  batchFrame,
  buildExchange,
  buildRecording,
  buildSubscription,
  END_FRAME,
  type SpokenWord,
} from './recordings.ts';

export const contract = loadContract();
export const requirements = loadRequirements();

const PHRASE =
  'Good morning , and welcome to the tour . We start at the old harbour , where the first ships came in , and then walk up to the light . Mind the steps : they are wet today !'.split(
    ' ',
  );

/** A conforming voice: about three words a second, punctuation as words of its own, a pause after each sentence. */
export function speech(words: number): SpokenWord[] {
  let time = 0.2;
  return Array.from({ length: words }, (_, index) => {
    const text = PHRASE[index % PHRASE.length] ?? 'word';
    const mark = /^\p{P}$/u.test(text);
    const start = time;
    const end = start + (mark ? 0.05 : 0.12 + text.length * 0.045);
    time = end + (mark ? 0.28 : 0.04);
    return [text, round(start), round(end)];
  });
}

/** Batches as the contract caps them: one second, ten words. */
export function batched(words: readonly SpokenWord[], most = 10, widest = 1): SpokenWord[][] {
  const batches: SpokenWord[][] = [];
  for (const word of words) {
    const open = batches.at(-1);
    if (open && open.length < most && word[1] - (open[0]?.[1] ?? 0) <= widest) open.push(word);
    else batches.push([word]);
  }
  return batches;
}

export interface SpeechPace {
  /** When the audio begins, and when the request was made: seconds of the run. */
  readonly audioAt?: number;
  readonly startedAt?: number;
  /** The whole history at once. */
  readonly burst?: boolean;
}

/** Batches with their arrival: each when its last word has been spoken, what was spoken before the request at once. */
export function delivered(
  role: SubscriptionRole,
  batches: readonly (readonly SpokenWord[])[],
  { audioAt = 0.5, startedAt = 0.1, burst = false }: SpeechPace = {},
  options: Parameters<typeof buildSubscription>[2] = {},
): Exchange {
  let previous = 0;
  const body = batches.map((batch, index) => {
    const spoken = audioAt + (batch.at(-1)?.[2] ?? 0) + 0.12;
    const earliest = startedAt + 0.02 + index * 0.0005;
    previous = burst ? earliest : Math.max(spoken, earliest, previous);
    return [previous, batchFrame(batch)] as const;
  });
  const end = (body.at(-1)?.[0] ?? startedAt) + 0.05;
  return buildSubscription(role, [...body, [end, END_FRAME]], { startedAt, ...options });
}

export function refusals(): Exchange[] {
  const refusal = (id: string, probe: 'missing' | 'invalid' | 'not-found', status: number, code: string) =>
    buildExchange({
      id,
      purpose: { kind: 'refusal', probe, variant: id, against: probe === 'not-found' ? 'unknown' : 'live' },
      status,
      headers: [['content-type', 'application/json']],
      control: 'first',
      credential: probe === 'missing' ? 'none' : 'wrong-api-key',
      body: JSON.stringify({ error: { code, message: 'No.', param: null, doc_url: null } }),
      startedAt: 1.5,
    });
  return [
    refusal('auth.missing/live', 'missing', 401, 'authentication_failed'),
    refusal('auth.invalid/near-api-key/live', 'invalid', 401, 'authentication_failed'),
    refusal('errors.not-found', 'not-found', 404, 'not_found'),
  ];
}

/** Six subscriptions of one session that all hold the same words. */
export function conformingExchanges(words = speech(34)): Exchange[] {
  const batches = batched(words);
  const over = (words.at(-1)?.[2] ?? 0) + 1.5;
  const half = over / 2;
  return [
    delivered('first', batches),
    delivered('concurrent', batches, { startedAt: 0.2 }),
    ...refusals(),
    delivered('late', batches, { startedAt: half }),
    delivered('reconnected', batches, { startedAt: half + 1 }),
    delivered('snapshot', batches, { startedAt: over, burst: true }),
    delivered('snapshot', batches, { startedAt: over + 0.4, burst: true }, { id: 'snapshot-again' }),
  ];
}

export function recordingOf(exchanges: readonly Exchange[], overrides: Partial<Recording> = {}): Recording {
  const { title, version, sha256 } = contract;
  return buildRecording(exchanges, { contract: { title, version, sha256 }, ...overrides });
}

/** Judgements made up for the page: what is not named held. */
export function judgedAs(judgements: Readonly<Record<string, Partial<Judgement>>>): readonly Check[] {
  return requirements.map(({ id }, index) => finding(id, { observations: 3 + index, ...judgements[id] }));
}

/** Writes report.html and results.json of a recording into a folder, as a run does. */
export async function reportIn(
  folder: string,
  recording: Recording,
  checks: readonly Check[] = allChecks,
  overrides: Partial<Results> = {},
): Promise<{ readonly path: string; readonly results: Results }> {
  await mkdir(folder, { recursive: true });
  const evidence = gatherEvidence(recording, contract, requirements);
  const assessment = assess(evidence, {
    checks,
    strict: false,
    waivers: [],
    today: '2026-11-22',
  });
  const results = { ...buildResults(assessment, evidence), ...overrides };
  const path = join(folder, 'report.html');
  await writeReport({ results, recording, contract, requirements, subscriptions: evidence.subscriptions, path });
  await writeFile(join(folder, 'results.json'), JSON.stringify(results, null, 2));
  return { path, results };
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

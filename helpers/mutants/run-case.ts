import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ContractError } from '../contract/contract-error.ts';
import { loadContract } from '../contract/load.ts';
import { loadRequirements } from '../contract/requirements.ts';
import type { Contract } from '../contract/types.ts';
import type { Check, Evidence } from '../judging/check.ts';
import { gatherEvidence } from '../judging/evidence.ts';
import { planRun } from '../probes/plan.ts';
import { record } from '../probes/record.ts';
import { saveHar } from '../recording/load.ts';
import type { Recording } from '../recording/recording.ts';
import type { Account } from '../reference/pipeline.ts';
import { type ReferenceServer, startReference } from '../reference/server.ts';
import { defaultStages } from '../reference/stages.ts';
import { assess } from '../results/assess.ts';
import type { RequirementResult } from '../results/results.ts';
import type { Settings } from '../settings/settings.ts';
import { readSuite } from '../suite.ts';
import type { Fault, Variant } from './cases.ts';

/** What came of one case. `refused`: the run did not start, for the contract cannot be used. */
export interface CaseRun {
  readonly id: string;
  readonly seconds: number;
  readonly results: readonly RequirementResult[];
  readonly evidence?: Evidence;
  readonly refused?: string;
}

const API_KEY = 'proof-key-9fQ2xT7bLm4VzR8aKc1W';
const BEARER_TOKEN = 'proof-token-Zy8Xw7Vu6Ts5Rq4Po3N';
const OTHER_API_KEY = 'proof-other-0aBcDeFgHiJkLmNoPqRs';
const ACCOUNTS: readonly Account[] = [
  { name: 'certified', apiKeys: [API_KEY], bearerTokens: [BEARER_TOKEN] },
  { name: 'other', apiKeys: [OTHER_API_KEY], bearerTokens: [] },
];

/** Wall time that a session of any script takes at the least, so that those who join late find it still speaking. */
const SHORTEST_SESSION_SECONDS = 3;

/** A run as short as its rules allow. */
const SETTINGS: Settings = {
  baseUrl: null,
  apiKey: API_KEY,
  bearerToken: BEARER_TOKEN,
  otherApiKey: OTHER_API_KEY,
  session: { mode: 'create', type: 'text_stream', avatarId: 'avatar', voiceId: 'voice' },
  completedStreamIds: [],
  burst: false,
  unwatched: false,
  strict: false,
  maxSeconds: 15,
  maxBytes: 16 * 2 ** 20,
  endCloseSeconds: 1,
  timeCapToleranceSeconds: 0.1,
  speed: 30,
  playwrightReport: false,
  out: '',
};

/** Takes one case the whole way: server, HTTP, probes, recording, transcript, checks. */
export async function runCase(one: Fault | Variant, checks: readonly Check[]): Promise<CaseRun> {
  const from = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'words-case-'));
  try {
    const contract = contractOf(one, folder);
    if (contract instanceof ContractError)
      return { id: one.id, seconds: secondsSince(from), results: [], refused: contract.message };
    const recording = await recordingOf(one, contract, folder);
    const evidence = gatherEvidence(recording, contract, loadRequirements());
    const { requirements } = assess(evidence, { strict: false, waivers: [], today: '2026-01-01', checks });
    return { id: one.id, seconds: secondsSince(from), results: requirements, evidence };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

let published: Contract | undefined;

function contractOf(one: Fault | Variant, folder: string): Contract | ContractError {
  published ??= loadContract();
  if (one.contract === undefined) return published;
  const path = join(folder, 'contract.yaml');
  writeFileSync(path, one.contract(published.text));
  try {
    return loadContract(path);
  } catch (error) {
    if (error instanceof ContractError) return error;
    throw error;
  }
}

async function recordingOf(one: Fault | Variant, contract: Contract, folder: string): Promise<Recording> {
  const settings = settingsOf(one);
  const server = await startReference({
    accounts: ACCOUNTS,
    speed: settings.speed,
    startDelaySeconds: 0.4,
    storeFolder: join(folder, 'store'),
    ...one.server,
    stages: one.stages?.(defaultStages) ?? {},
  });
  try {
    const options = { suite: readSuite(), contract, baseUrl: server.baseUrl };
    const completedStreamIds = await completedSessions(one, server);
    if (one.earlier !== true) return await record({ ...settings, completedStreamIds }, options);
    const earlierRecordingPath = join(folder, 'earlier.har');
    const before: Settings = { ...settings, completedStreamIds, session: { mode: 'ids' }, burst: false };
    await saveHar(await record(before, options), earlierRecordingPath);
    return await record({ ...settings, completedStreamIds, earlierRecordingPath }, options);
  } finally {
    await server.close();
  }
}

function settingsOf({ settings, script }: Fault | Variant): Settings {
  const merged = { ...SETTINGS, ...settings };
  if (script === undefined || merged.session.mode !== 'create') return merged;
  const scripted = { ...merged, session: { ...merged.session, script } };
  return {
    ...scripted,
    speed: Math.min(merged.speed, planRun(scripted).sessionSeconds.usual / SHORTEST_SESSION_SECONDS),
  };
}

function completedSessions({ completed = [] }: Fault | Variant, server: ReferenceServer): Promise<string[]> {
  return Promise.all(completed.map((text) => server.addCompletedSession({ text })));
}

function secondsSince(from: number): number {
  return Math.round(performance.now() - from) / 1000;
}

import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataFile } from '../../../helpers/contract/data-file.ts';
import { readArchive, type SubmissionFile, type SubmissionFiles } from '../../../helpers/evidence/archive.ts';
import type { Challenge } from '../../../helpers/evidence/challenge.ts';
import type { Section } from '../../../helpers/evidence/findings.ts';
import { judgeAgain, type Rules } from '../../../helpers/evidence/judge-again.ts';
import { type Claim, type Manifest, toJson, toManifest } from '../../../helpers/evidence/manifest.ts';
import { type PackInput, pack } from '../../../helpers/evidence/pack.ts';
import { sha256 } from '../../../helpers/evidence/suite-digest.ts';
import { type VerifyOptions, verify } from '../../../helpers/evidence/verify.ts';
import { harTexts } from '../../../helpers/recording/har.ts';
import type { Recording } from '../../../helpers/recording/recording.ts';
import { parseWaivers } from '../../../helpers/results/waivers.ts';
import { readSuite } from '../../../helpers/suite.ts';
import { checks } from '../../checks.ts';
import type { SpokenWord } from '../support/recordings.ts';
import { batched, contract, requirements } from '../support/reports.ts';
import { conformingRun, runOf, saying, WORDS } from '../support/runs.ts';

const requirementsText = readFileSync(dataFile('requirements.yaml'), 'utf8');
const TODAY = '2026-11-25';
export const RULES: Rules = { contract, requirements, requirementsText, checks };
export const AUTHORITY: VerifyOptions = { rules: RULES, today: TODAY };

export interface Keys {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}
export const newKeys = (): Keys => generateKeyPairSync('ed25519');

/** What a vendor packs of a run; results as this suite judges them. */
export function inputOf(recording: Recording, overrides: Partial<PackInput> = {}): PackInput {
  const { waiversText, rules = RULES } = overrides;
  const waivers = waiversText === undefined ? [] : parseWaivers(waiversText, 'waivers.yaml');
  const product = { name: 'Acme Avatar', version: '3.2' };
  const recordingSha256 = sha256(recordingText(recording));
  const { results } = judgeAgain(recording, rules, { waivers, today: TODAY, product, recordingSha256 });
  return { recording, results, rules, suite: readSuite(), today: TODAY, ...overrides };
}

/** The files of a submission, as they are read from its archive. */
export async function filesOf(input: PackInput): Promise<SubmissionFiles> {
  return readBytes(pack(input).archive);
}

export async function readBytes(archive: Uint8Array): Promise<SubmissionFiles> {
  const folder = mkdtempSync(join(tmpdir(), 'words-submission-'));
  try {
    writeFileSync(join(folder, 'submission.zip'), archive);
    return await readArchive(join(folder, 'submission.zip'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function manifestOf(files: SubmissionFiles): Manifest {
  return JSON.parse(String(files.get('manifest.json'))) as Manifest;
}

/** The files with some replaced, or removed where undefined; nothing else of them is made to fit. */
export function withFiles(
  files: SubmissionFiles,
  changes: Readonly<Partial<Record<SubmissionFile, string | Uint8Array | undefined>>>,
): SubmissionFiles {
  const all = new Map(files);
  for (const [name, content] of Object.entries(changes) as [SubmissionFile, string | Uint8Array | undefined][])
    if (content === undefined) all.delete(name);
    else all.set(name, Buffer.from(content));
  return all;
}

/** With a manifest that lists the files as they are now: what anybody can do who edits a submission that is not signed. */
export function relisted(files: SubmissionFiles, claim: Partial<Claim> = {}): SubmissionFiles {
  const { format: _, files: _files, ...before } = manifestOf(files);
  return withFiles(files, { 'manifest.json': toJson(toManifest({ ...before, ...claim }, files)) });
}

export function recordingText(recording: Recording): string {
  return [...harTexts(recording)].join('');
}

/** The sections in which a submission is found wanting, and the tier that it reaches all the same. */
export async function verdictOn(
  files: SubmissionFiles,
  options: Partial<VerifyOptions> = {},
): Promise<{ readonly tier: number; readonly sections: readonly Section[] }> {
  const { tier, holds, problems } = await verify(files, { ...AUTHORITY, ...options });
  if (holds !== (problems.length === 0)) throw new Error('a claim holds exactly where there is no problem');
  return { tier, sections: [...new Set(problems.map(({ section }) => section))] };
}

export const CHALLENGE: Challenge = {
  format: 'words-conformance-challenge/1',
  issuedAt: '2026-11-21T09:00:00.000Z',
  words: ['amber', 'river', 'candle', 'orange', 'violin', 'meadow', 'tiger', 'window'],
};

/** The words of the conforming run with the challenge as its last ones. */
export const CHALLENGED: readonly SpokenWord[] = WORDS.map(([text, start, end], index) => {
  const word = [...CHALLENGE.words, '.'][index - (WORDS.length - CHALLENGE.words.length - 1)];
  return [word ?? text, start, end];
});

/** A whole conforming run in which every subscriber but the one that dropped hears these words. */
export function runSaying(words: readonly SpokenWord[] = CHALLENGED, overrides: Partial<Recording> = {}): Recording {
  const batches = batched(words);
  const exchanges = conformingRun().map((exchange) =>
    exchange.purpose.kind === 'subscription' && exchange.purpose.role !== 'dropped'
      ? saying(batches)(exchange)
      : exchange,
  );
  const script = words
    .map(([word]) => word)
    .join(' ')
    .replace(/ (?=\p{P})/gu, '');
  const streams = [
    { streamId: 'stream-1', origin: 'create', state: 'live', script, createdAt: 0, statuses: [] },
  ] as const;
  return runOf(exchanges, { streams, earlier: [], ...overrides });
}

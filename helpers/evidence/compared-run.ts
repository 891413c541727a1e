import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ContractError } from '../contract/contract-error.ts';
import { loadContract } from '../contract/load.ts';
import type { Contract } from '../contract/types.ts';
import { OperatorError } from '../errors.ts';
import { fileSha256, loadRecording, parseRecording } from '../recording/load.ts';
import type { Recording } from '../recording/recording.ts';
import type { ComparedRun } from '../results/comparison.ts';
import type { Results } from '../results/results.ts';
import { readArchive } from './archive.ts';
import { judgeAgain, type Rules } from './judge-again.ts';
import { readResults } from './manifest.ts';

/** A run to compare, from its results.json, its recording or its submission. @throws OperatorError */
export async function readRun(path: string, rules: Rules): Promise<ComparedRun> {
  if (/\.zip$/i.test(path)) {
    const files = await readArchive(path);
    const text = (name: 'results.json' | 'recording.har') => String(files.get(name) ?? '');
    const results = readResults(Buffer.from(text('results.json')), `results.json of ${path}`);
    const recording = parseRecording(text('recording.har'), `recording.har of ${path}`);
    return comparedRun(path, rules, recording, results, files.get('contract.yaml'));
  }
  if (!isResults(path)) return comparedRun(path, rules, await loadRecording(path));
  const results = readResults(readFileSync(path), path);
  return comparedRun(path, rules, await recordingBeside(path, results), results);
}

function isResults(path: string): boolean {
  try {
    return /^\s*\{\s*"verdict"/.test(readFileSync(path, 'utf8').slice(0, 200));
  } catch (error) {
    throw new OperatorError(
      `${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)}).`,
      'Check the path.',
    );
  }
}

async function recordingBeside(path: string, { files, run }: Results): Promise<Recording | undefined> {
  if (files.recording === undefined || run?.recordingSha256 === undefined) return undefined;
  const recordingPath = join(dirname(path), files.recording);
  const digest = await fileSha256(recordingPath).catch(() => undefined);
  return digest === run.recordingSha256 ? loadRecording(recordingPath) : undefined;
}

export function comparedRun(
  label: string,
  rules: Rules,
  recording?: Recording,
  own?: Results,
  contractBytes?: Uint8Array,
): ComparedRun {
  if (recording === undefined) {
    if (own === undefined) throw new Error('a run has results or a recording');
    return { label, results: own };
  }
  const options = own === undefined ? {} : { profile: own.profile, set: own.requirementSet?.name };
  let judged: Results | undefined;
  const judge = (): Results => {
    judged ??= judgeAgain(recording, rules, options).results;
    return judged;
  };
  return {
    label,
    results: own ?? judge(),
    again: {
      // Judged only where an outcome changed.
      get results() {
        return judge();
      },
      with: (settings) => judgeAgain(recording, rules, { ...options, settings }).results,
      underOwnContract: () => {
        const contract = contractBytes && contractOf(contractBytes);
        return contract && judgeAgain(recording, { ...rules, contract }, options).results;
      },
      heldUp: recording.stalls.length > 0,
    },
  };
}

/** Undefined where this suite cannot use it. */
function contractOf(bytes: Uint8Array): Contract | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'words-contract-'));
  try {
    writeFileSync(join(folder, 'contract.yaml'), bytes);
    return loadContract(join(folder, 'contract.yaml'));
  } catch (error) {
    if (error instanceof ContractError) return undefined;
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

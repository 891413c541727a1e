import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checks } from '../../cli/checks.ts';
import { readArchive } from '../../evidence/archive.ts';
import { judgeAgain, loadRules } from '../../evidence/judge-again.ts';
import { pack } from '../../evidence/pack.ts';
import { verify } from '../../evidence/verify.ts';
import type { Recording } from '../../recording/recording.ts';
import { readSuite } from '../../suite.ts';
import { medianOf } from './measure.ts';

/** What `verify` may take beyond judging a session of an hour, in seconds. */
export const VERIFY_LIMIT = 2;

export interface MeasuredVerify {
  /** Seconds, medians. */
  readonly judging: number;
  readonly verifying: number;
  /** Median of what verifying took beyond judging in the same round. */
  readonly beyond: number;
}

/** Reads and verifies the submission of a recording, and judges the recording alone, in turns. */
export async function measureVerify(recording: Recording, rounds: number): Promise<MeasuredVerify> {
  const rules = loadRules(checks);
  const folder = mkdtempSync(join(tmpdir(), 'words-bench-'));
  const path = join(folder, 'submission.zip');
  try {
    const { results } = judgeAgain(recording, rules);
    writeFileSync(path, pack({ recording, results, rules, suite: readSuite(), draft: true }).archive);
    const judgings: number[] = [];
    const verifyings: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const judging = await secondsOf(async () => judgeAgain(recording, rules));
      const verifying = await secondsOf(async () => {
        const { results: again } = await verify(await readArchive(path), { rules });
        if (again === null) throw new Error('the submission should be judged again');
      });
      // The first round warms the code up.
      if (round === 0) continue;
      judgings.push(judging);
      verifyings.push(verifying);
    }
    const beyond = medianOf(verifyings.map((seconds, round) => seconds - (judgings[round] ?? 0)));
    return { judging: medianOf(judgings), verifying: medianOf(verifyings), beyond };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  globalThis.gc?.();
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1000;
}

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { combined } from '../../mutants/combined.ts';
import { startReference } from '../../reference/server.ts';
import type { Results } from '../../results/results.ts';
import { medianOf } from './measure.ts';

/** Seconds that a run may take longer than its session. */
export const BEYOND_SESSION_LIMIT = 4;
/** Seconds from the end of the recording to the verdict on the screen. */
export const VERDICT_LIMIT = 1;
/** The pace of the embedded server, so that nobody waits. */
const SPEED = 8;
const KEY = 'bench-key-4711';
const MANY_BREACHES = [
  'end-in-capitals',
  'times-in-milliseconds',
  'not-found-is-an-empty-object',
  'twelve-words-in-a-batch',
  'punctuation-glued',
  'key-in-a-comment',
  'history-in-lower-case',
  'malformed-ids-break-the-server',
];

export interface MeasuredRun {
  readonly target: string;
  readonly breaches: number;
  /** Seconds, medians. */
  readonly session: number;
  readonly wall: number;
  /** Median of what a run took beyond its own session. */
  readonly beyond: number;
  /** From the end of the recording to the verdict on the screen. */
  readonly verdict: number;
}

/** Whole runs of the command line, from its start to its exit: one conforming target, and one broken in many ways. */
export async function measureRuns(rounds: number): Promise<readonly MeasuredRun[]> {
  const broken = await startReference({
    accounts: [{ name: 'bench', apiKeys: [KEY], bearerTokens: [] }],
    speed: SPEED,
    ...combined(MANY_BREACHES),
  });
  const create = { WORDS_API_KEY: KEY, WORDS_AVATAR_ID: 'avatar', WORDS_VOICE_ID: 'voice' };
  const targets = [
    { target: 'conforming', env: { WORDS_SPEED: String(SPEED) }, taken: [] as Taken[] },
    { target: 'broken', env: { WORDS_BASE_URL: broken.baseUrl, ...create }, taken: [] as Taken[] },
  ];
  try {
    for (let round = 0; round < rounds; round += 1)
      for (const { env, taken } of targets) taken.push(await timedRun(env));
  } finally {
    await broken.close();
  }
  return targets.map(({ target, taken }) => ({
    target,
    breaches: Math.max(...taken.map(({ breaches }) => breaches)),
    session: medianOf(taken.map(({ session }) => session)),
    wall: medianOf(taken.map(({ wall }) => wall)),
    beyond: medianOf(taken.map(({ wall, session }) => wall - session)),
    verdict: medianOf(taken.map(({ verdict }) => verdict)),
  }));
}

interface Taken {
  readonly session: number;
  readonly wall: number;
  readonly verdict: number;
  readonly breaches: number;
}

async function timedRun(env: Readonly<Record<string, string>>): Promise<Taken> {
  const out = mkdtempSync(join(tmpdir(), 'words-conformance-bench-'));
  const command = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('WORDS_'));
  const from = performance.now();
  const child = spawn(process.execPath, ['--expose-gc', '--import', 'tsx/esm', command], {
    env: { ...Object.fromEntries(inherited), ...env, WORDS_OUT: out },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let verdictAt: number | undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (/conformant|incomplete/i.test(text)) verdictAt ??= Date.now();
  });
  await new Promise((resolve, reject) => child.once('error', reject).once('exit', resolve));
  const wall = (performance.now() - from) / 1000;
  const { cost, counts, verdict, reason, finishedAt } = JSON.parse(
    readFileSync(join(out, 'results.json'), 'utf8'),
  ) as Results;
  rmSync(out, { recursive: true });
  if (verdict === 'error' || verdictAt === undefined)
    throw new Error(`a run that was to be measured failed: ${reason}`);
  return {
    session: cost.sessionSeconds,
    wall,
    verdict: (verdictAt - Date.parse(finishedAt)) / 1000,
    breaches: counts.fail,
  };
}

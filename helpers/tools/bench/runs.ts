import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { combined } from '../../mutants/index.ts';
import { loadRecording } from '../../recording/load.ts';
import { startReference } from '../../reference/server.ts';
import { speak } from '../../reference/voice.ts';
import type { Results } from '../../results/results.ts';
import { outFiles } from '../../settings/out-files.ts';
import { medianOf } from './measure.ts';

/** Seconds. */
export const RUN_LIMITS = {
  /** From the session's end to the verdict on the screen. */
  verdict: 1,
  /** What the whole command takes longer than its session, Playwright's report included. */
  beyondSession: 4,
  /** What the session lasts longer than its speech. */
  beyondSpeech: 1,
} as const;

/** The pace of the reference servers, so that nobody waits. */
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

/** One run of the command line; seconds. */
interface RunTimes {
  readonly breaches: number;
  readonly speech: number;
  readonly session: number;
  readonly wall: number;
  readonly verdict: number;
}

export interface MeasuredRun extends RunTimes {
  readonly target: string;
  readonly beyondSession: number;
  readonly beyondSpeech: number;
}

/** Medians of whole runs of the command line, from its start to its exit: one conforming target, and one broken in many ways. */
export async function measureRuns(rounds: number): Promise<readonly MeasuredRun[]> {
  const broken = await startReference({
    accounts: [{ name: 'bench', apiKeys: [KEY], bearerTokens: [] }],
    speed: SPEED,
    ...combined(MANY_BREACHES),
  });
  const create = { WORDS_API_KEY: KEY, WORDS_AVATAR_ID: 'avatar', WORDS_VOICE_ID: 'voice' };
  const targets = [
    { target: 'conforming', env: { WORDS_SPEED: String(SPEED) }, runs: [] as RunTimes[] },
    { target: 'broken', env: { WORDS_BASE_URL: broken.baseUrl, ...create }, runs: [] as RunTimes[] },
  ];
  try {
    for (let round = 0; round < rounds; round += 1) for (const { env, runs } of targets) runs.push(await timedRun(env));
  } finally {
    await broken.close();
  }
  return targets.map(({ target, runs }) => {
    const median = (of: (run: RunTimes) => number) => medianOf(runs.map(of));
    return {
      target,
      breaches: Math.max(...runs.map(({ breaches }) => breaches)),
      speech: median(({ speech }) => speech),
      session: median(({ session }) => session),
      wall: median(({ wall }) => wall),
      verdict: median(({ verdict }) => verdict),
      beyondSession: median(({ wall, session }) => wall - session),
      beyondSpeech: median(({ session, speech }) => session - speech),
    };
  });
}

async function timedRun(env: Readonly<Record<string, string>>): Promise<RunTimes> {
  const out = mkdtempSync(join(tmpdir(), 'words-conformance-bench-'));
  const files = outFiles(out);
  const command = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('WORDS_'));
  const from = Date.now();
  const child = spawn(process.execPath, ['--import', 'tsx/esm', command], {
    env: { ...Object.fromEntries(inherited), ...env, WORDS_OUT: out },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let printed = '';
  let verdictAt = Number.NaN;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
    if (Number.isNaN(verdictAt) && /^(?:CONFORMANT|NON-CONFORMANT|INCOMPLETE)\b/m.test(printed)) verdictAt = Date.now();
  });
  await once(child, 'close');
  const wall = (Date.now() - from) / 1000;
  const { cost, counts, verdict, reason } = JSON.parse(readFileSync(files.results, 'utf8')) as Results;
  if (verdict === 'error') throw new Error(`a run that was to be measured failed: ${reason}`);
  const recording = await loadRecording(files.recording);
  rmSync(out, { recursive: true });
  const session = cost.sessionSeconds;
  const [stream] = recording.streams;
  const sessionEnd = Date.parse(recording.startedAt) + ((stream?.createdAt ?? Number.NaN) + session) * 1000;
  return {
    breaches: counts.fail,
    speech: (speak(stream?.script ?? '', 0).words.at(-1)?.end ?? Number.NaN) / SPEED,
    session,
    wall,
    verdict: (verdictAt - sessionEnd) / 1000,
  };
}

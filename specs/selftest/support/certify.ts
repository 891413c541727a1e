import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Results } from '../../../helpers/results/results.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

export interface Certification {
  readonly process: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
}

/** Starts what `npm run certify` starts, without settings of the surroundings, and without Playwright's report unless asked for. */
export function startCertify(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
  entry: readonly string[] = ['--import', 'tsx', 'helpers/cli/main.ts'],
  /** No file may grow beyond so many blocks of 512 bytes. */
  { fileBlocks }: { readonly fileBlocks?: number } = {},
): Certification {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(WORDS_|SUITE_|TEST_|GITHUB_)/.test(name));
  const command = [process.execPath, ...entry, ...argv];
  const limited = ['sh', '-c', `ulimit -f ${fileBlocks}; exec "$@"`, 'sh', ...command];
  const [program = '', ...rest] = fileBlocks === undefined ? command : limited;
  const child = spawn(program, rest, {
    cwd: ROOT,
    env: { ...Object.fromEntries(inherited), WORDS_PLAYWRIGHT_REPORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const ended = new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
  return { process: child, ended };
}

export function certify(argv: readonly string[], env?: Readonly<Record<string, string>>): Certification['ended'] {
  return startCertify(argv, env).ended;
}

/** Whether a run into this folder has taken down words. */
export function hasHeardWords(out: string): boolean {
  const journal = `${out}/recording.ndjson`;
  return existsSync(journal) && /"type":"chunk","id":"first".*words/.test(readFileSync(journal, 'utf8'));
}

export function resultsIn(out: string): Results {
  return JSON.parse(readFileSync(`${out}/results.json`, 'utf8')) as Results;
}

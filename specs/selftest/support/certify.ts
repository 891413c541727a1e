import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Results } from '../../../helpers/results/results.ts';
import { compiled } from './compiled-suite.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

export interface Certification {
  readonly process: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
}

/**
 * Starts what `npx words-conformance` starts, without settings of the surroundings, and without Playwright's report unless asked
 * for. `entry` is another script to start, `options` are those of node, and no file may grow beyond `fileBlocks` blocks of 512 bytes.
 */
export function startCertify(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
  {
    entry = compiled('helpers/cli/main.js'),
    options = [],
    fileBlocks,
  }: { readonly entry?: string; readonly options?: readonly string[]; readonly fileBlocks?: number } = {},
): Certification {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(WORDS_|SUITE_|TEST_|GITHUB_)/.test(name));
  const command = [process.execPath, ...options, entry, ...argv];
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

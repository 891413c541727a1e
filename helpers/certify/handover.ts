import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { printable, shortened } from '../checks/judging.ts';
import type { Exchange, Recording } from '../recording/recording.ts';
import type { Results } from '../results/results.ts';
import type { OutFiles } from './out-files.ts';

/** What the process that records and judges hands to those that show and report it. */
export interface Judged {
  readonly results: Results;
  /** Request and response head of the exchanges that findings rest on, as text, by exchange id. */
  readonly heads: Readonly<Record<string, string>>;
}

/** Undefined where nothing was judged. */
export function readJudged(files: OutFiles): Judged | undefined {
  return readJson<Judged>(files.judged);
}

export function writeJudged(files: OutFiles, judged: Judged): void {
  writeJson(files.judged, judged);
}

/** The ids that the operator's filter left in; undefined where nobody filtered. */
export function readSelection(files: OutFiles): ReadonlySet<string> | undefined {
  const ids = readJson<readonly string[]>(files.selection);
  return ids && new Set(ids);
}

/** Also takes away what an earlier run handed over. */
export function writeSelection(files: OutFiles, ids: readonly string[]): void {
  for (const path of [files.judged, files.progress]) rmSync(path, { force: true });
  writeJson(files.selection, ids);
}

/** The heads of the exchanges that violations rest on; each bounded, whatever the target sent. */
export function headsOf(recording: Recording, results: Results): Readonly<Record<string, string>> {
  const wanted = new Set(results.requirements.flatMap(({ violations }) => violations.map(({ exchange }) => exchange)));
  return Object.fromEntries(
    recording.exchanges.filter(({ id }) => wanted.has(id)).map((exchange) => [exchange.id, headText(exchange)]),
  );
}

const MOST_HEADERS = 40;
const LONGEST_LINE = 300;

function headText({ request, response, ending }: Exchange): string {
  const lines = [
    `${request.method} ${request.url}`,
    ...headerLines(request.headers),
    '',
    response ? `HTTP/${response.httpVersion} ${response.status} ${response.statusText}` : '(no response)',
    ...headerLines(response?.headers ?? []),
    '',
    `(ended: ${ending.kind}${'detail' in ending ? `, ${ending.detail}` : ''}${'bound' in ending ? `, ${ending.bound}` : ''})`,
  ];
  return lines.map((line) => printable(shortened(line, LONGEST_LINE))).join('\n');
}

function headerLines(headers: readonly (readonly [string, string])[]): readonly string[] {
  const shown = headers.slice(0, MOST_HEADERS).map(([name, value]) => `${name}: ${value}`);
  return headers.length > MOST_HEADERS ? [...shown, `(${headers.length - MOST_HEADERS} more headers)`] : shown;
}

function writeJson(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileAtomic.sync(path, JSON.stringify(value));
}

function readJson<Value>(path: string): Value | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Value;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

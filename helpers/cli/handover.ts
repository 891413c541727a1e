import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import writeFileAtomic from 'write-file-atomic';
import { printable, shortened } from '../judging/findings.ts';
import type { Exchange, Recording } from '../recording/recording.ts';
import type { Results } from '../results/results.ts';
import type { OutFiles } from './out-files.ts';
import { readProgress } from './progress.ts';

/** What the process that records and judges hands to those that show and report it. */
export interface Judged {
  readonly results: Results;
  /** Request and response head of the exchanges that findings rest on, as text, by exchange id. */
  readonly heads: Readonly<Record<string, string>>;
}

/** How the process that records and judges came to its end. */
export interface Conclusion {
  /** Why it did not get to where it should. */
  readonly failure?: { readonly message: string; readonly stack: string };
}

/** What the process that records and judges left: a judgement, the reason why the run stopped, or both. */
export interface Conducted extends Conclusion {
  readonly judged: Judged | undefined;
}

/** What an earlier run handed over must not pass for this one's. */
export function clearHandover({ selection, judged, progress, conclusion }: OutFiles): void {
  for (const path of [selection, judged, progress, conclusion]) rmSync(path, { force: true });
}

/** Undefined where nothing was judged. */
export function readJudged(files: OutFiles): Judged | undefined {
  return readJson<Judged>(files.judged);
}

export function writeJudged(files: OutFiles, judged: Judged): void {
  writeJson(files.judged, judged);
}

/** Undefined where the process that records has not come to its end. */
export function readConclusion(files: OutFiles): Conclusion | undefined {
  return readJson<Conclusion>(files.conclusion);
}

/** The last that is handed over. */
export function writeConclusion(files: OutFiles, conclusion: Conclusion): void {
  writeJson(files.conclusion, conclusion);
}

/** The ids that the operator's filter left in; undefined where nobody filtered. */
export function readSelection(files: OutFiles): ReadonlySet<string> | undefined {
  const ids = readJson<readonly string[] | null>(files.selection);
  return ids ? new Set(ids) : undefined;
}

/** What this run has recorded so far, as an argument of the next; undefined where that is nothing. */
export function recordedBy(files: OutFiles): string | undefined {
  // A run that could not begin leaves the recording of an earlier one where it is: it is no evidence of this one.
  if (!existsSync(files.judged) && !existsSync(files.progress)) return undefined;
  return [files.recording, files.journal].find((path) => existsSync(path));
}

/** How to judge what a run has recorded that broke off; undefined where it has recorded nothing. */
export function judgeAgain(files: OutFiles): string | undefined {
  const path = recordedBy(files);
  return path && `What was recorded is judged by: WORDS_RECORDING=${path} npm run certify`;
}

/** Lets the recording begin, for the requirements of these ids. */
export function begin(files: OutFiles, ids: readonly string[]): void {
  writeJson(files.selection, ids);
}

/** For all requirements, where nobody selected any. */
export function beginUnlessBegun(files: OutFiles): void {
  if (!existsSync(files.selection)) writeJson(files.selection, null);
}

/** Resolves when the recording may begin. Throws the reason of `signal` where that comes first. */
export async function begun(files: OutFiles, signal: AbortSignal): Promise<void> {
  await found(() => existsSync(files.selection) || undefined, signal);
}

/** Resolves when the first words are recorded, or the run has come to its end. */
export function underWay(files: OutFiles): Promise<Conclusion | 'recording'> {
  return found(
    () => readConclusion(files) ?? ((readProgress(files.progress)?.words ?? 0) > 0 ? 'recording' : undefined),
  );
}

/** Resolves when everything is recorded and judged, or the run has come to its end before. */
export async function conducted(files: OutFiles): Promise<Conducted> {
  const conclusion = await found(() => readConclusion(files));
  return { ...conclusion, judged: readJudged(files) };
}

const LOOK_EVERY_MS = 20;

/** Processes that Playwright starts have no channel to the one that records: they look. */
async function found<Value>(look: () => Value | undefined, signal?: AbortSignal): Promise<Value> {
  for (;;) {
    signal?.throwIfAborted();
    const value = look();
    if (value !== undefined) return value;
    await delay(LOOK_EVERY_MS, undefined, signal && { signal });
  }
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

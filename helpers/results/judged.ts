import { readFileSync } from 'node:fs';
import { printable, shortened } from '../judging/findings.ts';
import type { Exchange, Recording } from '../recording/recording.ts';
import { writeWhole } from '../write-file.ts';
import type { Results } from './results.ts';

/** A finished judgement, as Playwright's tests show it. */
export interface Judged {
  /** The run that it is of: that of another is not shown. */
  readonly run: string;
  readonly results: Results;
  /** Request and response head of the exchanges that violations rest on, as text, by exchange id. */
  readonly heads: Readonly<Record<string, string>>;
}

export function writeJudged(path: string, judged: Judged): void {
  writeWhole(path, [JSON.stringify(judged)]);
}

/** Undefined where `run` has judged nothing. */
export function readJudged(path: string, run: string | undefined): Judged | undefined {
  try {
    const judged = JSON.parse(readFileSync(path, 'utf8')) as Judged;
    return judged.run === run ? judged : undefined;
  } catch {
    return undefined;
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

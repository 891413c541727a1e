import type { Area, Level } from '../contract/types.ts';
import { placeOf } from '../results/finding.ts';
import type { Outcome, RequirementResult, Results, Verdict } from '../results/results.ts';
import { readArchive } from './archive.ts';
import { readRun } from './compared-run.ts';
import type { Rules } from './judge-again.ts';
import { readResults } from './manifest.ts';
import { verify } from './verify.ts';

/** Many implementations by the same requirements, described by `matrix.schema.json`. */
export interface ImplementationMatrix {
  readonly format: 'words-conformance-matrix/1';
  readonly suite: { readonly name: string; readonly version: string };
  readonly implementations: readonly Implementation[];
  readonly requirements: readonly MatrixRow[];
}

export interface Implementation {
  readonly name: string;
  readonly version: string;
  readonly target: string;
  /** ISO 8601, UTC, of the run. */
  readonly recordedAt: string;
  readonly verdict: Verdict;
  /** 0: its results are believed. 1 to 4: as `verify` proves a submission. */
  readonly tier: number;
  /** What the tier rests on, in words. */
  readonly proof: string;
  /** What speaks against its claim, apart from its outcomes. */
  readonly problems: readonly string[];
}

export interface MatrixRow {
  readonly id: string;
  readonly area: Area;
  readonly level: Level;
  readonly core: boolean;
  readonly sentence: string;
  /** One for each implementation, in their order. */
  readonly cells: readonly Cell[];
}

export interface Cell {
  /** Null where the run does not know the requirement. */
  readonly outcome: Outcome | null;
  /** What was found, or why nothing could be. */
  readonly message?: string;
  readonly expected?: readonly string[];
  readonly actual?: string;
  readonly where?: string;
}

interface Column {
  readonly implementation: Implementation;
  readonly results: Results;
}

const TIERS = ['results, believed', 'intact', 're-judged', 'fresh', 'counter-read'] as const;

export async function readMatrix(
  paths: readonly string[],
  rules: Rules,
  suite: ImplementationMatrix['suite'],
): Promise<ImplementationMatrix> {
  const columns: Column[] = [];
  for (const path of paths) columns.push(await (/\.zip$/i.test(path) ? ofSubmission(path, rules) : ofRun(path, rules)));
  return {
    format: 'words-conformance-matrix/1',
    suite,
    implementations: columns.map(({ implementation }) => implementation),
    requirements: rules.requirements.map(({ id, area, level, core, sentence }) => ({
      id,
      area,
      level,
      core,
      sentence,
      cells: columns.map(({ results }) => cellOf(results.requirements.find((row) => row.id === id))),
    })),
  };
}

/** As this suite judges it, where it is intact; else as it says itself. */
async function ofSubmission(path: string, rules: Rules): Promise<Column> {
  const files = await readArchive(path);
  const { tier, results, manifest, problems } = await verify(files, { rules, trial: true });
  const shown = results ?? readResults(files.get('results.json') ?? new Uint8Array(), `results.json of ${path}`);
  const besides = problems
    .filter(({ section }) => section !== 'verdict')
    .map(({ section, message }) => `${section}: ${message}`);
  return {
    results: shown,
    implementation: described(shown, manifest.product, tier, tier === 0 ? 'not intact' : TIERS[tier], besides),
  };
}

async function ofRun(path: string, rules: Rules): Promise<Column> {
  const { results, again, label } = await readRun(path, rules);
  const { product } = results;
  const named = { name: product?.name ?? (results.target.baseUrl || label), version: product?.version ?? '' };
  const proof = again === undefined ? TIERS[0] : 'recording, not sealed';
  const shown = again?.results ?? results;
  return { results: shown, implementation: described(shown, named, 0, proof, []) };
}

function described(
  { target, startedAt, verdict }: Results,
  { name, version }: { readonly name: string; readonly version: string },
  tier: number,
  proof: string,
  problems: readonly string[],
): Implementation {
  return { name, version, target: target.baseUrl, recordedAt: startedAt, verdict, tier, proof, problems };
}

function cellOf(row: RequirementResult | undefined): Cell {
  if (row === undefined) return { outcome: null };
  const [violation] = row.violations;
  if (violation === undefined)
    return { outcome: row.outcome, ...(row.reason === undefined ? {} : { message: row.reason }) };
  const { message, expected, actual } = violation;
  return { outcome: row.outcome, message, expected, actual, where: placeOf(violation) };
}

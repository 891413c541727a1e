import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { OperatorError } from '../errors.ts';
import { compileDataSchema, dataFile, parseDataFile } from './data-file.ts';
import type { Level, Requirement } from './types.ts';

/** One frozen revision of the requirements, as it stands in `openapi/requirement-sets/`. */
interface FrozenSet {
  readonly name: string;
  /** ISO 8601 date. */
  readonly frozen: string;
  /** SHA-256 of the contract that it was written for, in hex. */
  readonly contract: string;
  /** `http.status MUST core` */
  readonly requirements: readonly string[];
}

/** By which requirements a run was judged. */
export interface RequirementSet {
  /** `2026-11`, or `current` for those of this version of the suite. */
  readonly name: string;
  /** SHA-256 of its lines (`http.status MUST core`), in hex: two sets of one digest demand the same. */
  readonly sha256: string;
}

/** What a run is judged by. */
export interface Demands {
  readonly set: RequirementSet;
  readonly requirements: readonly Requirement[];
}

export const CURRENT = 'current';
const FOLDER = 'requirement-sets';

/** The names of the frozen sets, oldest first. */
export function frozenSetNames(): readonly string[] {
  return readdirSync(dataFile(FOLDER))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();
}

/**
 * The rows as a frozen set has them: its levels and its core; rows that came later are judged, and not scored. Without a
 * name, the rows as they are. @throws OperatorError where there is no such set, or where it was written for another contract
 */
export function requirementsOf(
  name: string | undefined,
  rows: readonly Requirement[],
  contractSha256: string,
): Demands {
  if (name === undefined) return { set: { name: CURRENT, sha256: digestOf(rows.map(lineOf)) }, requirements: rows };
  const { requirements, contract } = loadFrozenSet(name);
  if (contract !== contractSha256)
    throw new OperatorError(
      `WORDS_REQUIREMENTS=${name} was frozen for another contract (sha256 ${contract.slice(0, 12)}…) than the one of this run (${contractSha256.slice(0, 12)}…).`,
      'Unset WORDS_CONTRACT, or leave WORDS_REQUIREMENTS out.',
    );
  const frozen = new Map(requirements.map((line) => [line.slice(0, line.indexOf(' ')), line]));
  return {
    set: { name, sha256: digestOf(requirements) },
    requirements: rows.map((row) => {
      const [, level, core] = frozen.get(row.id)?.split(' ') ?? [];
      return level === undefined
        ? { ...row, core: false, scored: false }
        : { ...row, level: level as Level, core: core !== undefined };
    }),
  };
}

function loadFrozenSet(name: string): FrozenSet {
  if (!frozenSetNames().includes(name))
    throw new OperatorError(
      `WORDS_REQUIREMENTS=${name.slice(0, 40)} is no set of requirements of this suite.`,
      `Give one of: ${frozenSetNames().join(', ')}. Unset, the current requirements are judged.`,
    );
  const file = `${FOLDER}/${name}.yaml`;
  return parseDataFile(
    readFileSync(dataFile(file), 'utf8'),
    `openapi/${file}`,
    compileDataSchema<FrozenSet>('requirement-set.schema.json'),
  );
}

function lineOf({ id, level, core }: Requirement): string {
  return `${id} ${level}${core ? ' core' : ''}`;
}

function digestOf(lines: readonly string[]): string {
  return createHash('sha256')
    .update(lines.map((line) => `${line}\n`).join(''))
    .digest('hex');
}

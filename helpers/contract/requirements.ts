import { readFileSync } from 'node:fs';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { CODE_EXTENSION } from '../suite.ts';
import { compileDataSchema, DataFileError, dataFile, parseDataFile } from './data-file.ts';
import { keptOnDisk } from './disk-cache.ts';
import type { Requirement } from './types.ts';

/** What the contract says and no requirement rests on. */
interface Exclusion {
  readonly pointer: string;
  readonly quote: string;
  readonly reason: string;
}

/** The content of `openapi/requirements.yaml`. */
export interface RequirementCatalogue {
  readonly requirements: readonly Requirement[];
  readonly excluded: readonly Exclusion[];
}

let catalogue: RequirementCatalogue | undefined;
let validator: ValidateFunction<RequirementCatalogue> | undefined;

/** The rows of `openapi/requirements.yaml`, in the order of the file. @throws DataFileError */
export function loadRequirements(): readonly Requirement[] {
  return loadCatalogue().requirements;
}

/** Rows and exclusions; the file is read once. @throws DataFileError */
export function loadCatalogue(): RequirementCatalogue {
  catalogue ??= keptOnDisk(
    'requirements',
    [
      dataFile('requirements.yaml'),
      dataFile('requirements.schema.json'),
      new URL(import.meta.url),
      new URL(`./data-file${CODE_EXTENSION}`, import.meta.url),
    ],
    () => parseCatalogue(readFileSync(dataFile('requirements.yaml'), 'utf8'), 'openapi/requirements.yaml'),
  );
  return catalogue;
}

/** Parses and validates the text of a requirements file; `file` names it in messages. @throws DataFileError */
export function parseCatalogue(text: string, file: string): RequirementCatalogue {
  validator ??= compileDataSchema<RequirementCatalogue>('requirements.schema.json');
  const parsed = parseDataFile(text, file, validator);
  const mistakes = idMistakes(parsed);
  if (mistakes.length > 0) throw new DataFileError(file, mistakes);
  return parsed;
}

/** What the schema cannot say: ids are unique and begin with their area, and masks are ids. */
function idMistakes({ requirements }: RequirementCatalogue): readonly string[] {
  const ids = new Set<string>(requirements.map(({ id }) => id));
  const seen = new Set<string>();
  return requirements.flatMap(({ id, area, masked_by }, index) => {
    const where = `row ${index + 1} of requirements (${id}), field id`;
    const mistakes: string[] = [];
    if (seen.has(id)) mistakes.push(`${where}: stands twice`);
    if (!id.startsWith(`${area}.`)) mistakes.push(`${where}: does not begin with its area, ${area}`);
    for (const mask of masked_by)
      if (!ids.has(mask) || mask === id)
        mistakes.push(`row ${index + 1} of requirements (${id}), field masked_by: ${mask} is no other requirement`);
    seen.add(id);
    return mistakes;
  });
}

export interface Join {
  /** Ids of rows that no check judges. */
  readonly withoutCheck: readonly string[];
  /** Ids of checks that have no row, and those that stand twice. */
  readonly withoutRow: readonly string[];
}

/** Joins rows and checks by id: both lists are empty where each row has exactly one check. */
export function joinChecks(requirements: readonly Pick<Requirement, 'id'>[], checkIds: readonly string[]): Join {
  const unjudged = new Set<string>(requirements.map(({ id }) => id));
  const withoutRow = checkIds.filter((id) => !unjudged.delete(id));
  return { withoutCheck: [...unjudged], withoutRow };
}

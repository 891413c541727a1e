import { readFileSync } from 'node:fs';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { parsePointer } from './pointer.ts';
import type { Requirement } from './types.ts';

/** What the contract says and no requirement rests on. */
export interface Exclusion {
  readonly pointer: string;
  readonly quote: string;
  readonly reason: string;
}

/** The content of `openapi/requirements.yaml`. */
export interface RequirementCatalogue {
  readonly requirements: readonly Requirement[];
  readonly excluded: readonly Exclusion[];
}

/** Every mistake of the requirements file, each with its line, its row and its field. */
export class RequirementsError extends Error {
  override readonly name = 'RequirementsError';
  readonly problems: readonly string[];

  constructor(file: string, problems: readonly string[]) {
    super(`${file} is not a valid list of requirements:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

const CATALOGUE_FILE = new URL('../../openapi/requirements.yaml', import.meta.url);
const SCHEMA_FILE = new URL('../../openapi/requirements.schema.json', import.meta.url);

let catalogue: RequirementCatalogue | undefined;
let validator: ValidateFunction<RequirementCatalogue> | undefined;

/** The rows of `openapi/requirements.yaml`, in the order of the file. @throws RequirementsError */
export function loadRequirements(): readonly Requirement[] {
  return loadCatalogue().requirements;
}

/** Rows and exclusions; the file is read once. @throws RequirementsError */
export function loadCatalogue(): RequirementCatalogue {
  catalogue ??= parseCatalogue(readFileSync(CATALOGUE_FILE, 'utf8'), 'openapi/requirements.yaml');
  return catalogue;
}

/** Parses and validates the text of a requirements file; `file` names it in messages. @throws RequirementsError */
export function parseCatalogue(text: string, file: string): RequirementCatalogue {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) {
    throw new RequirementsError(
      file,
      document.errors.map(({ linePos, message }) => `line ${linePos?.[0].line}: ${message.split('\n', 1)[0]}`),
    );
  }
  const value: unknown = document.toJS();
  validator ??= compileSchema();
  if (!validator(value)) {
    throw new RequirementsError(file, describeErrors(validator.errors ?? [], value, document, lines));
  }
  const mistakes = crossFieldMistakes(value);
  if (mistakes.length > 0) throw new RequirementsError(file, mistakes);
  return value;
}

function compileSchema(): ValidateFunction<RequirementCatalogue> {
  const ajv = new Ajv2020({ strict: true, strictRequired: false, allErrors: true });
  addFormatsModule.default(ajv);
  return ajv.compile<RequirementCatalogue>(JSON.parse(readFileSync(SCHEMA_FILE, 'utf8')));
}

/** An `if` only repeats that its branch failed: the branch's own error says why. */
function describeErrors(
  errors: readonly ErrorObject[],
  value: unknown,
  document: Document,
  lines: LineCounter,
): readonly string[] {
  return errors
    .filter(({ keyword }) => keyword !== 'if')
    .map(({ instancePath, message, params }) => {
      const [list, index, ...field] = parsePointer(instancePath);
      const row = Number(index);
      const range = nodeRange(document, parsePointer(instancePath));
      const line = range === undefined ? '' : `line ${lines.linePos(range).line}: `;
      const where = index === undefined ? '' : `row ${row + 1} of ${list}${rowName(value, list, row)}, `;
      const at = field.length > 0 ? `field ${field.join('/')}: ` : '';
      return `${line}${where}${at}${message}${detail(params)}`;
    });
}

function nodeRange(document: Document, path: readonly string[]): number | undefined {
  const node = document.getIn(
    path.map((token) => (/^\d+$/.test(token) ? Number(token) : token)),
    true,
  );
  const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
  return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : undefined;
}

function rowName(value: unknown, list: string | undefined, row: number): string {
  const rows = (value as Record<string, unknown> | null)?.[list ?? ''];
  const entry: unknown = Array.isArray(rows) ? rows[row] : undefined;
  const id = (entry as { id?: unknown } | null | undefined)?.id;
  return typeof id === 'string' ? ` (${id})` : '';
}

function detail({ allowedValues, allowedValue, additionalProperty }: ErrorObject['params']): string {
  if (Array.isArray(allowedValues)) return `: ${allowedValues.join(', ')}`;
  const named: unknown = allowedValue ?? additionalProperty;
  return named === undefined ? '' : `: ${String(named)}`;
}

/** What the schema cannot say: ids are unique and begin with their area. */
function crossFieldMistakes({ requirements }: RequirementCatalogue): readonly string[] {
  const seen = new Set<string>();
  return requirements.flatMap(({ id, area }, index) => {
    const where = `row ${index + 1} of requirements (${id}), field id`;
    const mistakes: string[] = [];
    if (seen.has(id)) mistakes.push(`${where}: stands twice`);
    if (!id.startsWith(`${area}.`)) mistakes.push(`${where}: does not begin with its area, ${area}`);
    seen.add(id);
    return mistakes;
  });
}

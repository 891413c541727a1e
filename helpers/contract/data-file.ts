import { readFileSync } from 'node:fs';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import { OperatorError } from '../errors.ts';
import { parsePointer, valueAt } from './pointer.ts';
import { type PositionedYaml, parsePositionedYaml } from './positioned-yaml.ts';

/** Every mistake of one of the suite's own data files, each with its line, its row and its field. */
export class DataFileError extends OperatorError {
  override readonly name = 'DataFileError';
  readonly problems: readonly string[];

  constructor(file: string, problems: readonly string[]) {
    super(`${file} does not hold what the suite expects:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/** The validator of a JSON Schema file in `openapi/`. */
export function compileDataSchema<T>(schemaName: string): ValidateFunction<T> {
  const ajv = new Ajv2020({ strict: true, strictRequired: false, allErrors: true });
  addFormatsModule.default(ajv);
  return ajv.compile<T>(JSON.parse(readFileSync(dataFile(schemaName), 'utf8')));
}

export function dataFile(name: string): URL {
  return new URL(`../../openapi/${name}`, import.meta.url);
}

/** Parses and validates the text of a YAML data file; `file` names it in messages. @throws DataFileError */
export function parseDataFile<T>(text: string, file: string, validate: ValidateFunction<T>): T {
  const yaml = parsePositionedYaml(text);
  if (yaml.problems.length > 0) {
    throw new DataFileError(
      file,
      yaml.problems.map(({ line, column, message }) => `line ${line}, column ${column}: ${message}`),
    );
  }
  if (validate(yaml.value)) return yaml.value;
  // An `if` only repeats that its branch failed: the branch's own error says why.
  const errors = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if');
  throw new DataFileError(
    file,
    errors.map((error) => describeError(error, yaml)),
  );
}

function describeError({ instancePath, message, params }: ErrorObject, yaml: PositionedYaml): string {
  const [list, index, ...field] = parsePointer(instancePath);
  const { line } = yaml.positionOf(instancePath) ?? yaml.nearestKey(instancePath);
  const id = valueAt(yaml.value, `/${list}/${index}/id`);
  const name = typeof id === 'string' ? ` (${id})` : '';
  const row = index === undefined ? '' : `row ${Number(index) + 1} of ${list}${name}, `;
  const where = field.length > 0 ? `field ${field.join('/')}: ` : '';
  return `line ${line}: ${row}${where}${message}${allowed(params)}`;
}

function allowed({ allowedValues, allowedValue, additionalProperty }: ErrorObject['params']): string {
  if (Array.isArray(allowedValues)) return `: ${allowedValues.join(', ')}`;
  const named: unknown = allowedValue ?? additionalProperty;
  return named === undefined ? '' : `: ${String(named)}`;
}

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { OpenAPIV3_1 } from 'openapi-types';
import { CODE_EXTENSION } from '../suite.ts';
import { SchemaCompiler } from './compile.ts';
import { ContractError, type ContractProblem } from './contract-error.ts';
import { dataFile } from './data-file.ts';
import { keptOnDisk } from './disk-cache.ts';
import { openGaps } from './gaps.ts';
import { ERROR_STATUSES, endSchemaPointer, OPERATION, responseAt, SCHEMAS } from './operation.ts';
import { valueAt } from './pointer.ts';
import { type PositionedYaml, parsePositionedYaml } from './positioned-yaml.ts';
import { memberNames, resolvePointer } from './references.ts';
import { structureProblems } from './structure.ts';
import type { Contract, SchemaIssue, SchemaValidator } from './types.ts';

const REMEDY =
  'Give the path of an OpenAPI 3.1 document that describes the words stream in WORDS_CONTRACT, or unset it to use openapi/external-api.yaml.';

/**
 * Reads, validates and compiles the contract: the published one, or the file at `path`.
 * @throws ContractError naming line, column and what is wrong or missing
 */
export function loadContract(path: string = fileURLToPath(dataFile('external-api.yaml'))): Contract {
  const bytes = readBytes(path);
  const text = bytes.toString('utf8');
  const yaml = parsePositionedYaml(text);
  const refuse = (problems: readonly ContractProblem[]): void => {
    if (problems.length > 0) throw new ContractError(path, problems, REMEDY);
  };
  refuse(yaml.problems);
  refuse(structureProblems(yaml));
  const document = yaml.value as OpenAPIV3_1.Document;
  const endSchema = endSchemaPointer(document);
  const errorSchemas = declaredErrorSchemas(document);
  const named = ['WordBatch', 'WordEvent', 'StandardAPIError'].map((name) => `${SCHEMAS}/${name}`);
  const schemas = [...named, ...(endSchema === undefined ? [] : [endSchema]), ...errorSchemas.values()];
  const compiler = new SchemaCompiler(document);
  const schemaProblems = () => schemas.flatMap((pointer) => schemaProblem(compiler, pointer, yaml));
  refuse(keptOnDisk('schemas', [text, new URL(`./compile${CODE_EXTENSION}`, import.meta.url)], schemaProblems));
  const errorValidators = new Map<string, SchemaValidator>();
  for (const [status, pointer] of errorSchemas) errorValidators.set(status, compiler.compile(pointer));
  return {
    title: document.info.title,
    version: document.info.version,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    text,
    document,
    validateWordBatch: compiler.compile(`${SCHEMAS}/WordBatch`),
    ...(endSchema === undefined ? {} : { validateWordsEnd: compiler.compile(endSchema) }),
    validateStandardError: compiler.compile(`${SCHEMAS}/StandardAPIError`),
    validateErrorBody: (status, value) => errorIssues(errorValidators, status, value),
    batchMembers: memberNames(document, `${SCHEMAS}/WordBatch`),
    wordMembers: memberNames(document, `${SCHEMAS}/WordEvent`),
    exampleCode: (status) => exampleCode(document, status),
    at: (pointer) => valueAt(document, pointer),
    lineOf: (pointer) => yaml.positionOf(pointer)?.line,
    gaps: openGaps(document),
  };
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const message = `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    throw new ContractError(path, [{ message }], REMEDY);
  }
}

function schemaProblem(compiler: SchemaCompiler, pointer: string, yaml: PositionedYaml): readonly ContractProblem[] {
  const problem = compiler.schemaProblem(pointer);
  if (problem === undefined) return [];
  return [{ message: `not a JSON Schema: ${problem.pointer} ${problem.message}`, ...yaml.nearestKey(problem.pointer) }];
}

/** Response key (`401`, `4XX`, `default`) to the pointer of its JSON schema. */
function declaredErrorSchemas(document: unknown): ReadonlyMap<string, string> {
  const keys = new Set([...Object.keys(valueAt(document, `${OPERATION}/responses`) ?? {}), ...ERROR_STATUSES]);
  const found = new Map<string, string>();
  for (const key of keys) {
    const pointer = resolvePointer(document, `${responseAt(key)}/content/application~1json/schema`);
    if (pointer !== undefined) found.set(key, pointer);
  }
  return found;
}

/** OpenAPI: an exact status goes before its range, a range before `default`. */
function errorIssues(
  validators: ReadonlyMap<string, SchemaValidator>,
  status: number,
  value: unknown,
): readonly SchemaIssue[] {
  const keys = [String(status), `${Math.floor(status / 100)}XX`, 'default'];
  const validate = keys.map((key) => validators.get(key)).find((entry) => entry !== undefined);
  return validate?.(value) ?? [];
}

function exampleCode(document: unknown, status: number): string | undefined {
  const pointer = resolvePointer(document, `${responseAt(String(status))}/content/application~1json`);
  if (pointer === undefined) return undefined;
  const [named] = Object.keys(valueAt(document, `${pointer}/examples`) ?? {});
  const code =
    valueAt(document, `${pointer}/example/error/code`) ??
    valueAt(document, `${pointer}/examples/${named}/value/error/code`);
  return typeof code === 'string' ? code : undefined;
}

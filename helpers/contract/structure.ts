import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import type { ContractProblem } from './contract-error.ts';
import { keptOnDisk } from './disk-cache.ts';
import { ERROR_STATUSES, OPERATION, responseAt, SCHEMAS, WORDS_PATH } from './operation.ts';
import { valueAt } from './pointer.ts';
import type { PositionedYaml } from './positioned-yaml.ts';
import { followReference, references, resolvePointer } from './references.ts';

/** Enough to mend a file by; one mistake high up can cause hundreds below. */
const MOST_PROBLEMS = 20;

const require = createRequire(import.meta.url);
const OPENAPI_SCHEMA = require.resolve('@seriousme/openapi-schema-validator/schemas/v3.1/schema.json');

let openApiValidator: ValidateFunction | undefined;

/** What keeps a document from being a valid OpenAPI 3.1 description of the words stream; empty where nothing does. */
export function structureProblems(yaml: PositionedYaml): readonly ContractProblem[] {
  const document = yaml.value;
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    return [{ message: 'holds no OpenAPI document: the top level is no mapping', line: 1, column: 1 }];
  const version = valueAt(document, '/openapi');
  if (typeof version !== 'string' || !version.startsWith('3.1.')) {
    const found = version === undefined ? 'there is no openapi version' : `openapi is ${JSON.stringify(version)}`;
    return [{ message: `${found}: the suite reads OpenAPI 3.1`, ...yaml.nearestKey('/openapi') }];
  }
  return [...missingParts(yaml), ...openApiProblems(yaml), ...brokenReferences(yaml)].slice(0, MOST_PROBLEMS);
}

function missingParts(yaml: PositionedYaml): readonly ContractProblem[] {
  const problem = (pointer: string, what: string): ContractProblem[] =>
    resolvePointer(yaml.value, pointer) === undefined
      ? [{ message: `${what} is missing`, ...yaml.nearestKey(pointer) }]
      : [];
  const schemas = ['WordBatch', 'WordEvent', 'StandardAPIError'].flatMap((name) =>
    problem(`${SCHEMAS}/${name}`, `the schema ${name}`),
  );
  const operation = problem(OPERATION, `the operation GET ${WORDS_PATH}`);
  if (operation.length > 0) return [...operation, ...schemas];
  return [
    ...problem(`${responseAt('200')}/content/text~1event-stream`, 'the response 200 with content text/event-stream'),
    ...ERROR_STATUSES.flatMap((status) =>
      problem(
        `${responseAt(status)}/content/application~1json/schema`,
        `the response ${status} with an application/json schema`,
      ),
    ),
    ...schemas,
  ];
}

function openApiProblems(yaml: PositionedYaml): readonly ContractProblem[] {
  const sources = [pathToFileURL(OPENAPI_SCHEMA), JSON.stringify(yaml.value)];
  if (keptOnDisk('openapi', sources, () => openApiErrors(yaml.value).length === 0)) return [];
  const errors = openApiErrors(yaml.value);
  const causes = errors.filter(({ keyword }) => !['if', 'anyOf', 'oneOf'].includes(keyword));
  return (causes.length > 0 ? causes : errors).map((error) => ({
    message: `not OpenAPI 3.1: ${error.instancePath || 'the document'} ${error.message}${named(error)}`,
    ...yaml.nearestKey(error.instancePath),
  }));
}

function openApiErrors(document: unknown): readonly ErrorObject[] {
  openApiValidator ??= compileOpenApiSchema();
  return openApiValidator(document) ? [] : (openApiValidator.errors ?? []);
}

/** The schema that @seriousme/openapi-schema-validator bundles; its own `validate` is asynchronous. */
function compileOpenApiSchema(): ValidateFunction {
  const ajv = new Ajv2020({ strict: false, allErrors: true, logger: false });
  addFormatsModule.default(ajv);
  ajv.addFormat('media-range', true);
  return ajv.compile(JSON.parse(readFileSync(OPENAPI_SCHEMA, 'utf8')));
}

function named({ params }: ErrorObject): string {
  const name: unknown = params.unevaluatedProperty ?? params.additionalProperty;
  return name === undefined ? '' : `: ${String(name)}`;
}

function brokenReferences(yaml: PositionedYaml): readonly ContractProblem[] {
  return references(yaml.value)
    .filter(({ target }) => followReference(yaml.value, target) === undefined)
    .map(({ pointer, target }) => ({
      message: `the reference ${target} leads nowhere in this file`,
      ...yaml.nearestKey(pointer),
    }));
}

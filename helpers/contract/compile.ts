import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import { toPointer, valueAt } from './pointer.ts';
import type { SchemaIssue, SchemaValidator } from './types.ts';

/** Members that OpenAPI 3.1 gives to its documents and adds to JSON Schema 2020-12. */
const OPENAPI_WORDS = [
  ...['openapi', 'info', 'jsonSchemaDialect', 'servers', 'paths', 'webhooks', 'components', 'security', 'tags'],
  ...['externalDocs', 'discriminator', 'xml', 'example'],
];

const NO_ISSUES: readonly SchemaIssue[] = [];

/** Compiles schemas of an OpenAPI document where they stand, so that a failed keyword keeps its place in the contract. */
export class SchemaCompiler {
  readonly #document: object;
  readonly #ajv: Ajv2020;
  readonly #pointers: ReadonlyMap<object, string>;

  constructor(document: object) {
    this.#document = document;
    this.#pointers = pointersOf(document);
    // Strict about what ajv would otherwise ignore (unknown keywords and formats). `strictTypes` and `strictRequired`
    // are matters of style: a contract that leaves out a `type` is a valid one. `verbose` puts the schema into each
    // error, which is how its pointer is known. Schemas are validated where `schemaProblem` asks for it.
    this.#ajv = new Ajv2020({
      strict: true,
      strictTypes: false,
      strictRequired: false,
      verbose: true,
      logger: false,
      validateSchema: false,
    });
    addFormatsModule.default(this.#ajv);
    this.#ajv.addVocabulary([...OPENAPI_WORDS, ...extensions(document)]);
    this.#ajv.addSchema(document, 'contract');
  }

  /** What is wrong with the schema at a pointer as JSON Schema 2020-12; undefined where nothing is. */
  schemaProblem(pointer: string): { readonly message: string; readonly pointer: string } | undefined {
    try {
      if (this.#ajv.validateSchema(valueAt(this.#document, pointer) as object) === true) {
        this.#ajv.getSchema(uriOf(pointer));
        return undefined;
      }
    } catch (error) {
      return { message: error instanceof Error ? error.message : String(error), pointer };
    }
    const [error] = this.#ajv.errors ?? [];
    return { message: `${error?.message}`, pointer: pointer + (error?.instancePath ?? '') };
  }

  /** @throws Error where there is no schema at the pointer, or none that compiles */
  compile(pointer: string): SchemaValidator {
    const validate = this.#ajv.getSchema(uriOf(pointer));
    if (validate === undefined) throw new Error(`The contract has no schema at ${pointer}`);
    return (value) =>
      validate(value) === true ? NO_ISSUES : (validate.errors ?? []).map((error) => this.#issue(error));
  }

  #issue({ instancePath, keyword, message, params, parentSchema, schemaPath }: ErrorObject): SchemaIssue {
    const schema = parentSchema === undefined ? undefined : this.#pointers.get(parentSchema);
    const allowed: unknown = params.allowedValues ?? params.allowedValue;
    return {
      pointer: instancePath,
      message: `${message}${allowed === undefined ? '' : `: ${JSON.stringify(allowed)}`}`,
      schemaPointer: schema === undefined ? schemaPath.replace(/^[^#]*#/, '') : schema + toPointer([keyword]),
    };
  }
}

/** As a URI fragment (RFC 6901 section 6). */
function uriOf(pointer: string): string {
  return `contract#${encodeURI(pointer).replaceAll('#', '%23')}`;
}

function pointersOf(document: object): ReadonlyMap<object, string> {
  const pointers = new Map<object, string>();
  visit(document, '');
  return pointers;

  function visit(value: object, pointer: string): void {
    if (pointers.has(value)) return;
    pointers.set(value, pointer);
    for (const [key, member] of Object.entries(value))
      if (typeof member === 'object' && member !== null) visit(member, pointer + toPointer([key]));
  }
}

/** Names of specification extensions anywhere in the document: OpenAPI allows them in schemas, too. */
function extensions(value: unknown, found = new Set<string>()): ReadonlySet<string> {
  if (typeof value !== 'object' || value === null) return found;
  for (const [key, member] of Object.entries(value)) {
    if (key.startsWith('x-')) found.add(key);
    extensions(member, found);
  }
  return found;
}

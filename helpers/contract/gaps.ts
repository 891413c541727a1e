import { readFileSync } from 'node:fs';
import { Ajv2020, type AnySchemaObject } from 'ajv/dist/2020.js';
import { compileDataSchema, dataFile, parseDataFile } from './data-file.ts';
import { keptOnDisk } from './disk-cache.ts';
import { valueAt } from './pointer.ts';
import type { Gap } from './types.ts';

/** One row of `openapi/gaps.yaml`. */
interface GapRow extends Gap {
  readonly closedWhen: readonly { readonly pointer: string; readonly schema?: AnySchemaObject }[];
}

let rows: readonly GapRow[] | undefined;

/** The rows of `openapi/gaps.yaml` that this contract still leaves open. @throws DataFileError */
export function openGaps(document: unknown): readonly Gap[] {
  const sources = [dataFile('gaps.yaml'), dataFile('gaps.schema.json'), new URL(import.meta.url)];
  return keptOnDisk('gaps', [...sources, JSON.stringify(document)], () => findOpenGaps(document));
}

function findOpenGaps(document: unknown): readonly Gap[] {
  rows ??= parseDataFile(
    readFileSync(dataFile('gaps.yaml'), 'utf8'),
    'openapi/gaps.yaml',
    compileDataSchema<{ gaps: readonly GapRow[] }>('gaps.schema.json'),
  ).gaps;
  const ajv = new Ajv2020({ strict: true, strictRequired: false });
  return rows
    .filter(({ closedWhen }) => !closedWhen.every((condition) => holds(condition)))
    .map(({ closedWhen: _, ...gap }) => gap);

  function holds({ pointer, schema }: GapRow['closedWhen'][number]): boolean {
    const value = valueAt(document, pointer);
    return value !== undefined && (schema === undefined || ajv.validate(schema, value) === true);
  }
}

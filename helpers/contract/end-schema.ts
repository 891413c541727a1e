import { OPERATION, responseAt, SCHEMAS } from './operation.ts';
import { valueAt } from './pointer.ts';

/** The schema that the prose names for the data of the end event; undefined where the contract does not define it. */
export function endSchemaPointer(document: unknown): string | undefined {
  const prose = [`${OPERATION}/description`, `${responseAt('200')}/description`]
    .map((pointer) => valueAt(document, pointer))
    .filter((text) => typeof text === 'string')
    .join('\n');
  const named = /`event:\s*end`[^`]*`(\w+)`/.exec(prose)?.[1];
  return [named, 'WordsEndEvent']
    .filter((name) => name !== undefined)
    .map((name) => `${SCHEMAS}/${name}`)
    .find((pointer) => valueAt(document, pointer) !== undefined);
}

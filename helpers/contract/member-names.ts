import { valueAt } from './pointer.ts';
import { resolvePointer } from './references.ts';

/** Names of the members that a schema gives to an object, its own and those of the schemas it is composed of. */
export function memberNames(document: unknown, schemaPointer: string): ReadonlySet<string> {
  const names = new Set<string>();
  const seen = new Set<string>();
  collect(schemaPointer);
  return names;

  function collect(pointer: string): void {
    const at = resolvePointer(document, pointer);
    if (at === undefined || seen.has(at)) return;
    seen.add(at);
    for (const name of Object.keys(valueAt(document, `${at}/properties`) ?? {})) names.add(name);
    for (const composition of ['allOf', 'anyOf', 'oneOf'])
      for (const index of Object.keys(valueAt(document, `${at}/${composition}`) ?? {}))
        collect(`${at}/${composition}/${index}`);
  }
}

import { parsePointer, toPointer, valueAt } from './pointer.ts';

interface Reference {
  /** Of the `$ref` itself. */
  readonly pointer: string;
  readonly target: string;
}

/** Members whose content is data, where a `$ref` refers to nothing. */
const DATA_MEMBERS = new Set(['example', 'examples', 'default', 'const', 'enum']);

/** Every `$ref` of a document, in its order. */
export function references(document: unknown): readonly Reference[] {
  const found: Reference[] = [];
  visit(document, []);
  return found;

  function visit(value: unknown, path: readonly string[]): void {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, member] of Object.entries(value)) {
      const at = [...path, key];
      if (key === '$ref' && typeof member === 'string') found.push({ pointer: toPointer(at), target: member });
      else if (!DATA_MEMBERS.has(key)) visit(member, at);
    }
  }
}

/** The pointer that a `$ref` within the document names; undefined where it leads out of the file or nowhere. */
export function followReference(document: unknown, target: string): string | undefined {
  if (!target.startsWith('#')) return undefined;
  try {
    const pointer = decodeURIComponent(target.slice(1));
    return valueAt(document, pointer) === undefined ? undefined : pointer;
  } catch {
    return undefined; // no URI fragment, or no JSON pointer in it
  }
}

/** The pointer at which a value stands once every `$ref` on the way is followed; undefined where there is none. */
export function resolvePointer(document: unknown, pointer: string): string | undefined {
  let at: string | undefined = dereference(document, '');
  for (const token of parsePointer(pointer)) {
    const next: string = at + toPointer([token]);
    if (valueAt(document, next) === undefined) return undefined;
    at = dereference(document, next);
    if (at === undefined) return undefined;
  }
  return at;
}

function dereference(document: unknown, pointer: string): string | undefined {
  const seen = new Set<string>();
  for (let at: string | undefined = pointer; at !== undefined; ) {
    const target = valueAt(document, `${at}/$ref`);
    if (typeof target !== 'string') return at;
    if (seen.has(at)) return undefined;
    seen.add(at);
    at = followReference(document, target);
  }
  return undefined;
}

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

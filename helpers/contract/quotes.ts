import { valueAt } from './pointer.ts';

/** White space as one space: YAML folding and line breaks do not tell quotes apart. */
export function foldSpace(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** What a quote of the value at a pointer is compared with: the string, folded, or its compact JSON text. */
export function quotableText(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' ? foldSpace(value) : JSON.stringify(value);
}

/** Whether the contract still says, at the pointer, what was quoted from it. */
export function quoteStands(document: unknown, { quote, pointer }: { quote: string; pointer: string }): boolean {
  return says(valueAt(document, pointer), quote);
}

/**
 * Whether a value says what was quoted from it: a part of a text, a word, or JSON of which a later contract may hold
 * more. One word is no part of a list: `number` has become another type in `["number","null"]`.
 */
export function says(value: unknown, quote: string): boolean {
  const needle = foldSpace(quote);
  if (typeof value === 'string') return holdsText(foldSpace(value), needle);
  const json = asJson(quote);
  return json !== undefined && (holds(value, json) || (quotableText(value)?.includes(needle) ?? false));
}

/** What has no white space is quoted whole, but for a version, of which 3.1 says what 3.1.0 does. */
function holdsText(text: string, needle: string): boolean {
  if (/\s/.test(text)) return text.includes(needle);
  return text === needle || (/^\d/.test(needle) && text.startsWith(`${needle}.`));
}

function asJson(quote: string): unknown {
  try {
    return JSON.parse(quote);
  } catch {
    return undefined;
  }
}

/** A later contract may add to what is quoted, and takes nothing away by that. */
function holds(value: unknown, quoted: unknown): boolean {
  if (typeof quoted !== 'object' || quoted === null) return value === quoted;
  if (typeof value !== 'object' || value === null || Array.isArray(value) !== Array.isArray(quoted)) return false;
  if (Array.isArray(quoted)) return quoted.every((item) => Object.values(value).some((one) => holds(one, item)));
  return Object.entries(quoted).every(
    ([name, item]) => Object.hasOwn(value, name) && holds(Reflect.get(value, name), item),
  );
}

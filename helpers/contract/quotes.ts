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
  return quotableText(valueAt(document, pointer))?.includes(foldSpace(quote)) ?? false;
}

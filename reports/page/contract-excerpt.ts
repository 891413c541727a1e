import type { Contract, Source } from '../../helpers/contract/types.ts';
import { grouped } from '../../helpers/grouped.ts';
import { type Html, html, shortened } from './html.ts';

/** Lines of the YAML shown before and after the quote. */
const CONTEXT = 1;
const LONGEST = 16;

/** Shows where requirements rest. A sentence that several of them rest on is shown once, and linked to from there on. */
export class Quotes {
  readonly #contract: Contract | null;
  readonly #shown = new Map<string, string>();

  constructor(contract: Contract | null) {
    this.#contract = contract;
  }

  /** Of one requirement: what stands in the contract several times is shown once, with all its places. */
  viewAll(sources: readonly Source[]): readonly Html[] {
    return [...grouped(sources, (source) => source.quote ?? JSON.stringify(source)).values()].map((same) =>
      this.#view(same),
    );
  }

  #view(same: readonly Source[]): Html {
    const [source] = same;
    if (source === undefined) return html``;
    const key = JSON.stringify(source);
    const name = same.map((one) => nameOf(one, this.#contract)).join('; ');
    const known = this.#shown.get(key);
    if (known !== undefined)
      return html`<p class="source">${name}: <a href="#${known}">${shortened(source.quote ?? 'above', 90)}</a></p>`;
    const id = `source-${this.#shown.size + 1}`;
    this.#shown.set(key, id);
    const place =
      'standard' in source ? html`${name}: <a href="${source.url}" rel="noreferrer">${source.url}</a>` : html`${name}`;
    const quote = source.quote && html`<blockquote>${source.quote}</blockquote>`;
    return html`<figure class="source" id="${id}" tabindex="-1"><figcaption>${place}</figcaption>${
      'pointer' in source && this.#contract ? (excerpt(this.#contract, source) ?? quote) : quote
    }</figure>`;
  }
}

type Quoted = Extract<Source, { pointer: string }>;

/** Named by the line on which the quote begins. */
function nameOf(source: Source, contract: Contract | null): string {
  if ('standard' in source) return `${source.standard}, section ${source.section}`;
  const line = contract && (placeOf(contract, source)?.first ?? (contract.lineOf(source.pointer) ?? 0) - 1);
  return typeof line === 'number' && line >= 0
    ? `The contract, line ${line + 1}`
    : `The contract, at ${source.pointer}`;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Null where the quote does not stand at its pointer. */
function excerpt(contract: Contract, source: Quoted): Html | null {
  const place = placeOf(contract, source);
  if (place === undefined) return null;
  const lines = linesOf(contract);
  const first = Math.max(0, place.first - CONTEXT);
  const last = Math.min(lines.length - 1, place.last + CONTEXT, first + LONGEST);
  const shown = lines.slice(first, last + 1);
  const indent = Math.min(...shown.filter((line) => line.trim() !== '').map(indentOf));
  const rows = shown.map((line, offset) => {
    const number = first + offset + 1;
    return html`<span class="line"><span class="number">${number}</span> ${marked(line, place.marks.get(number - 1), indent)}
</span>`;
  });
  return html`<pre class="yaml">${rows}</pre>`;
}

/** Without the indentation that all shown lines share. */
function marked(line: string, mark: Span | undefined, indent: number): Html {
  if (!mark) return html`${line.slice(indent)}`;
  return html`${line.slice(indent, mark.from)}<mark>${line.slice(mark.from, mark.to)}</mark>${line.slice(mark.to)}`;
}

function linesOf({ text }: Contract): readonly string[] {
  return text.split(/\r\n|\r|\n/);
}

function placeOf(contract: Contract, { pointer, quote }: Quoted): ReturnType<typeof findQuote> {
  const start = contract.lineOf(pointer);
  return start === undefined ? undefined : findQuote(linesOf(contract), start - 1, quote);
}

/** A quote is folded over several lines of the YAML: it is found without regard to white space. */
function findQuote(
  lines: readonly string[],
  from: number,
  quote: string,
): { first: number; last: number; marks: ReadonlyMap<number, Span> } | undefined {
  const text = lines.slice(from, from + 40).join('\n');
  const words = quote
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const match = new RegExp(words.join('\\s+')).exec(text);
  if (!match) return undefined;
  const marks = new Map<number, Span>();
  let offset = 0;
  for (const [index, line] of text.split('\n').entries()) {
    const start = Math.max(match.index - offset, indentOf(line));
    const end = Math.min(match.index + match[0].length - offset, line.length);
    if (end > start) marks.set(from + index, { from: start, to: end });
    offset += line.length + 1;
  }
  const marked = [...marks.keys()];
  return { first: marked[0] ?? from, last: marked.at(-1) ?? from, marks };
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

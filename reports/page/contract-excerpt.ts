import type { Contract, Source } from '../../helpers/contract/types.ts';
import { type Html, html } from './html.ts';

/** Lines of the YAML shown before and after the quote. */
const CONTEXT = 1;
const LONGEST = 16;

/** Where a requirement rests: its sentence, and that sentence in its place in the contract. */
export function sourceView(source: Source, contract: Contract | null): Html {
  if ('standard' in source)
    return html`<figure class="source"><figcaption>${source.standard}, section ${source.section}: <a href="${source.url}" rel="noreferrer">${source.url}</a></figcaption>${
      source.quote && html`<blockquote>${source.quote}</blockquote>`
    }</figure>`;
  return html`<figure class="source"><figcaption>The contract, at <code>${source.pointer}</code></figcaption><blockquote>${
    source.quote
  }</blockquote>${contract && excerpt(contract, source)}</figure>`;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

function excerpt(contract: Contract, source: Extract<Source, { pointer: string }>): Html | null {
  const start = contract.lineOf(source.pointer);
  if (start === undefined) return html`<p>The contract has nothing at this pointer.</p>`;
  const lines = contract.text.split(/\r\n|\r|\n/);
  const place = findQuote(lines, start - 1, source.quote);
  const first = Math.max(0, (place?.first ?? start - 1) - CONTEXT);
  const last = Math.min(lines.length - 1, (place?.last ?? start - 1) + CONTEXT, first + LONGEST);
  const shown = lines.slice(first, last + 1);
  const indent = Math.min(...shown.filter((line) => line.trim() !== '').map(indentOf));
  const rows = shown.map((line, offset) => {
    const number = first + offset + 1;
    return html`<span class="line"><span class="number">${number}</span> ${marked(line, place?.marks.get(number - 1), indent)}
</span>`;
  });
  return html`<pre class="yaml">${rows}</pre>`;
}

/** Without the indentation that all shown lines share. */
function marked(line: string, mark: Span | undefined, indent: number): Html {
  if (!mark) return html`${line.slice(indent)}`;
  return html`${line.slice(indent, mark.from)}<mark>${line.slice(mark.from, mark.to)}</mark>${line.slice(mark.to)}`;
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

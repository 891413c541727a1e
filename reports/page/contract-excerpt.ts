import type { Contract, Source } from '../../helpers/contract/types.ts';
import { grouped } from '../../helpers/grouped.ts';
import { type Html, html, shortened } from './html.ts';

/** Lines of the YAML shown before and after the quote. */
const CONTEXT = 1;
const LONGEST = 16;

/** A stretch of the contract's text. */
interface Span {
  readonly from: number;
  readonly to: number;
}

interface Figure {
  readonly id: string;
  readonly source: Source;
  readonly names: Set<string>;
  readonly spans: Span[];
}

/**
 * Shows where requirements rest. Quotes that overlap are one passage; a passage that several requirements rest on is shown
 * once, and linked to from there on.
 */
export class Quotes {
  readonly #contract: Contract | null;
  readonly #text: string;
  /** Where each line begins. */
  readonly #lines: readonly number[];
  readonly #passages: readonly Span[];
  readonly #shown = new Map<string, string>();

  /** @param sources all that will be shown */
  constructor(contract: Contract | null, sources: readonly Source[]) {
    this.#contract = contract;
    this.#text = (contract?.text ?? '').replace(/\r\n?/g, '\n');
    this.#lines = [0, ...[...this.#text.matchAll(/\n/g)].map(({ index }) => index + 1)];
    this.#passages = joined(sources.flatMap((source) => this.#find(source) ?? []));
  }

  /** Of one requirement: what stands in the contract several times, or close together, is shown once, with all its places. */
  viewAll(sources: readonly Source[]): readonly Html[] {
    const figures: Figure[] = [];
    const links: Html[] = [];
    for (const same of grouped(sources, (source) => source.quote ?? JSON.stringify(source)).values()) {
      const [source] = same;
      if (source === undefined) continue;
      const names = new Set(same.map((one) => this.#nameOf(one)));
      const quoted = this.#find(source);
      const passage = quoted && this.#passages.find(({ from, to }) => from <= quoted.from && quoted.to <= to);
      const key = JSON.stringify(passage ?? source);
      const id = this.#shown.get(key);
      const near = passage && figures.find(({ spans }) => spans.some((span) => this.#areClose(span, passage)));
      if (near && (id === undefined || id === near.id)) {
        for (const name of names) near.names.add(name);
        near.spans.push(passage);
        this.#shown.set(key, near.id);
      } else if (id === undefined) {
        const figure = { id: `source-${this.#shown.size + 1}`, source, names, spans: passage ? [passage] : [] };
        figures.push(figure);
        this.#shown.set(key, figure.id);
      } else
        links.push(
          html`<p class="source">${[...names].join('; ')}: <a href="#${id}">${shortened(source.quote ?? 'above', 90)}</a></p>`,
        );
    }
    return [...figures.map((figure) => this.#view(figure)), ...links];
  }

  #view({ id, source, names, spans }: Figure): Html {
    const url = 'standard' in source && html`: <a href="${source.url}" rel="noreferrer">${source.url}</a>`;
    const quote = source.quote && html`<blockquote>${source.quote}</blockquote>`;
    return html`<figure class="source" id="${id}" tabindex="-1"><figcaption>${[...names].join('; ')}${url}</figcaption>${
      spans.length > 0 ? this.#excerpt(joined(spans)) : quote
    }</figure>`;
  }

  #nameOf(source: Source): string {
    if ('standard' in source) return `${source.standard}, section ${source.section}`;
    const quoted = this.#find(source);
    const line = quoted ? this.#lineAt(quoted.from) + 1 : this.#contract?.lineOf(source.pointer);
    return `The contract, ${line === undefined ? `at ${source.pointer}` : `line ${line}`}`;
  }

  /** A quote is folded over several lines of the YAML: it is found without regard to white space. */
  #find(source: Source): Span | undefined {
    const line = 'pointer' in source ? this.#contract?.lineOf(source.pointer) : undefined;
    if (line === undefined || source.quote === undefined) return undefined;
    const begin = this.#lines[line - 1] ?? 0;
    const words = source.quote
      .trim()
      .split(/\s+/)
      .map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
    const match = new RegExp(words.join('\\s+')).exec(this.#text.slice(begin, this.#lines[line + 39]));
    return match ? { from: begin + match.index, to: begin + match.index + match[0].length } : undefined;
  }

  #lineAt(offset: number): number {
    return this.#lines.findLastIndex((start) => start <= offset);
  }

  /** Whether no line lies between what is shown of them. */
  #areClose(one: Span, other: Span): boolean {
    const [above, below] = one.from < other.from ? [one, other] : [other, one];
    return this.#lineAt(below.from) - this.#lineAt(above.to) <= 2 * CONTEXT + 1;
  }

  #excerpt(spans: readonly Span[]): Html {
    const first = Math.max(0, this.#lineAt(spans[0]?.from ?? 0) - CONTEXT);
    const last = Math.min(first + LONGEST, this.#lineAt(spans.at(-1)?.to ?? 0) + CONTEXT);
    const lines = this.#text.split('\n').slice(first, last + 1);
    // Without the indentation that all shown lines share.
    const indent = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
    return html`<pre class="yaml">${lines.map(
      (line, index) =>
        html`<span class="line"><span class="number">${first + index + 1}</span> ${marked(line, this.#lines[first + index] ?? 0, spans, indent)}
</span>`,
    )}</pre>`;
  }
}

/** @param start where the line stands in the text that the spans are of */
function marked(line: string, start: number, spans: readonly Span[], indent: number): readonly (Html | string)[] {
  const parts: (Html | string)[] = [];
  let at = indent;
  for (const span of spans) {
    const from = Math.max(span.from - start, at, line.search(/\S/));
    const to = Math.min(span.to - start, line.length);
    if (from >= to) continue;
    parts.push(line.slice(at, from), html`<mark>${line.slice(from, to)}</mark>`);
    at = to;
  }
  return [...parts, line.slice(at)];
}

/** In order, those that overlap as one. */
function joined(spans: readonly Span[]): readonly Span[] {
  const all: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = all.at(-1);
    if (last && span.from < last.to) all[all.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else all.push(span);
  }
  return all;
}

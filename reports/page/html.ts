import { html as escapingTemplate, raw } from 'hono/html';

export type Html = ReturnType<typeof escapingTemplate>;
export type HtmlValue = Html | string | number | boolean | null | undefined | readonly HtmlValue[];

/** Markup of our own that needs no escaping: the bundled style and script. Never text of a target. */
export const trusted = raw;

/**
 * An HTML template. Every string put into it is escaped, and characters that would hide or reorder text are made visible,
 * so that no caller can forget either.
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return escapingTemplate(strings, ...values.map(madeVisible));
}

function madeVisible(value: HtmlValue): unknown {
  if (typeof value === 'string') return visible(value);
  return Array.isArray(value) ? value.map(madeVisible) : value;
}

/** Controls but tab and newline, bidirectional overrides, invisible separators, tags, and lone surrogates. */
const HIDING =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Cs}/gu;

/** The text with characters that a reader could not see, or that would reorder what he sees, written out. */
function visible(text: string): string {
  return text.replace(HIDING, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20) return String.fromCodePoint(0x2400 + code);
    return code === 0x7f ? '␡' : `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
  });
}

/** So few characters are shown rather than counted. */
const FEW_LEFT_OUT = 40;

/** About `limit` characters: the two ends, and how much is left out between them. */
export function shortened(text: string, limit: number): string {
  if (text.length <= limit + FEW_LEFT_OUT) return text;
  const head = Math.ceil(limit * 0.7);
  const tail = limit - head;
  return `${text.slice(0, head)} … ${text.length - limit} characters left out … ${text.slice(text.length - tail)}`;
}

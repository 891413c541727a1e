import { Buffer } from 'node:buffer';
import type { CredentialEcho, CredentialKind, HeaderList } from './recording.ts';

/** A value that must never be written down, and what stands in its place where length does not matter. */
export interface Secret {
  readonly kind: CredentialKind;
  readonly value: string;
  /** e.g. `$WORDS_API_KEY`. */
  readonly placeholder: string;
}

/** Below this length a value is too common to be searched for in what the target says. */
const SHORTEST_SEARCHED = 4;
/** Below this length a value is an ordinary word: replaced where it stands alone, but no proof that a credential was repeated. */
const SHORTEST_TELLING = 8;

const FILLER = 0x2a;

interface Form {
  readonly text: string;
  readonly kind: CredentialKind;
  readonly placeholder: string;
  readonly standsAlone: boolean;
}

/**
 * Finds credentials in every form in which a target may repeat them: as they are, percent-encoded, JSON- or HTML-escaped,
 * in hexadecimal or base64 (also inside a longer base64 text).
 */
export class Redactor {
  readonly #forms: readonly Form[];
  readonly #pattern: RegExp | null;
  readonly #byText: ReadonlyMap<string, readonly Form[]>;
  readonly #longest: number;
  readonly #prefixes: ReadonlySet<string>;

  constructor(secrets: readonly Secret[]) {
    const forms = secrets.filter(({ value }) => value.length >= SHORTEST_SEARCHED).flatMap(formsOf);
    forms.sort((a, b) => b.text.length - a.text.length);
    const byText = new Map<string, Form[]>();
    for (const form of forms) byText.set(form.text, [...(byText.get(form.text) ?? []), form]);
    this.#forms = forms;
    this.#byText = byText;
    this.#longest = forms[0]?.text.length ?? 0;
    const sources = [...byText].map(([text, [form]]) =>
      form?.standsAlone ? `(?<![0-9A-Za-z])${escapeRegExp(text)}(?![0-9A-Za-z])` : escapeRegExp(text),
    );
    this.#pattern = sources.length === 0 ? null : new RegExp(sources.join('|'), 'g');
    const prefixes = new Set<string>();
    for (const form of forms) for (let end = 1; end <= form.text.length; end++) prefixes.add(form.text.slice(0, end));
    this.#prefixes = prefixes;
  }

  /** Every credential in a text that the suite itself writes, replaced by its placeholder. */
  text(text: string): string {
    if (this.#pattern === null) return text;
    return text.replace(this.#pattern, (found) => this.#formOf(found)?.placeholder ?? '$REDACTED');
  }

  /** Header values with their credentials replaced, and where they stood. */
  headers(headers: HeaderList, sent: CredentialKind): { headers: HeaderList; echoes: CredentialEcho[] } {
    const echoes: CredentialEcho[] = [];
    const pattern = this.#pattern;
    if (pattern === null) return { headers, echoes };
    const replaced = headers.map(([name, value]) => {
      const cleanValue = value.replace(pattern, (found) => {
        const form = this.#formOf(found, sent);
        if (form && !form.standsAlone) echoes.push({ where: 'header', header: name, credential: form.kind });
        return form?.placeholder ?? '$REDACTED';
      });
      return [this.text(name), cleanValue] as const;
    });
    return { headers: replaced, echoes };
  }

  body(sent: CredentialKind): BodyRedactor {
    return new BodyRedactor(this, sent);
  }

  /** Matches in bytes read as Latin-1, in order; `held`: where an unfinished match may begin. */
  scan(text: string, sent: CredentialKind, atEnd: boolean): { found: readonly FoundSecret[]; held: number } {
    if (this.#pattern === null) return { found: [], held: text.length };
    let held = atEnd ? text.length : this.#unfinishedFrom(text);
    const found: FoundSecret[] = [];
    for (const match of text.matchAll(this.#pattern)) {
      if (match.index >= held) break;
      const end = match.index + match[0].length;
      found.push({ start: match.index, end, form: this.#formOf(match[0], sent) });
      if (end > held) held = end;
    }
    return { found, held };
  }

  get searches(): boolean {
    return this.#forms.length > 0;
  }

  #unfinishedFrom(text: string): number {
    for (let start = Math.max(0, text.length - this.#longest); start < text.length; start++) {
      if (this.#prefixes.has(text.slice(start))) return start;
    }
    return text.length;
  }

  #formOf(text: string, sent?: CredentialKind): Form | undefined {
    const forms = this.#byText.get(text);
    return forms?.find((form) => form.kind === sent) ?? forms?.[0];
  }
}

interface FoundSecret {
  readonly start: number;
  readonly end: number;
  readonly form: Form | undefined;
}

interface TimedBytes {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/**
 * Replaces credentials in a body that arrives in pieces, wherever the pieces are cut. Lengths, cuts and arrival times stay;
 * bytes that may be the beginning of a credential are held back until the next ones show it.
 */
export class BodyRedactor {
  readonly #redactor: Redactor;
  readonly #sent: CredentialKind;
  #pending: TimedBytes[] = [];
  #pendingLength = 0;
  #offset = 0;
  /** The byte before the pending ones: a short credential counts only where it stands alone. */
  #before = '';

  constructor(redactor: Redactor, sent: CredentialKind) {
    this.#redactor = redactor;
    this.#sent = sent;
  }

  push(at: number, bytes: Uint8Array): { chunks: TimedBytes[]; echoes: CredentialEcho[] } {
    if (!this.#redactor.searches) return { chunks: [{ at, bytes }], echoes: [] };
    this.#pending.push({ at, bytes });
    this.#pendingLength += bytes.length;
    return this.#release(false);
  }

  end(): { chunks: TimedBytes[]; echoes: CredentialEcho[] } {
    return this.#pendingLength === 0 ? { chunks: [], echoes: [] } : this.#release(true);
  }

  #release(atEnd: boolean): { chunks: TimedBytes[]; echoes: CredentialEcho[] } {
    const joined = Buffer.concat(this.#pending.map(({ bytes }) => bytes));
    const lead = this.#before.length;
    const { found, held } = this.#redactor.scan(this.#before + joined.toString('latin1'), this.#sent, atEnd);
    const releasable = Math.max(0, held - lead);
    const echoes: CredentialEcho[] = [];
    for (const { start, end, form } of found) {
      joined.fill(FILLER, Math.max(0, start - lead), end - lead);
      if (form && !form.standsAlone)
        echoes.push({ where: 'body', byteOffset: this.#offset + start - lead, credential: form.kind });
    }
    const chunks: TimedBytes[] = [];
    const rest: TimedBytes[] = [];
    let position = 0;
    for (const { at, bytes } of this.#pending) {
      const next = position + bytes.length;
      const cut = Math.min(next, Math.max(position, releasable));
      if (cut > position) chunks.push({ at, bytes: joined.subarray(position, cut) });
      if (cut < next) rest.push({ at, bytes: joined.subarray(cut, next) });
      position = next;
    }
    if (releasable > 0) this.#before = joined.subarray(releasable - 1, releasable).toString('latin1');
    this.#offset += releasable;
    this.#pending = rest;
    this.#pendingLength = joined.length - releasable;
    return { chunks, echoes };
  }
}

function formsOf({ kind, value, placeholder }: Secret): Form[] {
  const utf8 = Buffer.from(value, 'utf8');
  const latin1 = utf8.toString('latin1');
  if (value.length < SHORTEST_TELLING) return [{ text: latin1, kind, placeholder, standsAlone: true }];
  const percent = encodeURIComponent(value);
  const json = JSON.stringify(value).slice(1, -1);
  const html = value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
  const texts = new Set([
    latin1,
    percent,
    percent.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    Buffer.from(json, 'utf8').toString('latin1'),
    Buffer.from(json.replaceAll('/', '\\/'), 'utf8').toString('latin1'),
    Buffer.from(html, 'utf8').toString('latin1'),
    Buffer.from(html.replaceAll("'", '&#39;'), 'utf8').toString('latin1'),
    utf8.toString('hex'),
    utf8.toString('hex').toUpperCase(),
    ...base64Cores(utf8),
  ]);
  return [...texts].map((text) => ({ text, kind, placeholder, standsAlone: false }));
}

/** What base64 makes of the value wherever it stands in a longer text: three alignments, two alphabets. */
function base64Cores(bytes: Buffer): string[] {
  const cores: string[] = [];
  for (const lead of [0, 1, 2]) {
    const encoded = Buffer.concat([Buffer.alloc(lead), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const core = encoded.slice(Math.ceil((lead * 8) / 6), Math.floor(((lead + bytes.length) * 8) / 6));
    cores.push(core, core.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return cores;
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

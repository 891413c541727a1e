import { Buffer } from 'node:buffer';
import { joinBytes } from './join-bytes.ts';
import type {
  Chunk,
  CredentialEcho,
  CredentialKind,
  Exchange,
  HeaderList,
  RecordedResponse,
  Recording,
} from './recording.ts';
import type { Secret } from './secret-forms.ts';
import { type Match, SecretFinder, SecretScanner } from './secret-scanner.ts';

const FILLER = 0x2a;
const LONGEST_KEPT = 400;
const MOST_KEPT = 10_000;

/**
 * Replaces secrets in what leaves for a file or a screen: in texts by their placeholder, in bodies by as many asterisks.
 * What is judged stays as it was received.
 */
export class Redactor {
  readonly #finder: SecretFinder;
  /** Names of members, sentences and headers come again and again. */
  readonly #seen = new Map<string, string>();

  constructor(secrets: readonly Secret[]) {
    this.#finder = new SecretFinder(secrets);
  }

  text(text: string): string {
    if (text.length > LONGEST_KEPT) return this.#redacted(text);
    const seen = this.#seen.get(text);
    if (seen !== undefined) return seen;
    const redacted = this.#redacted(text);
    if (this.#seen.size < MOST_KEPT) this.#seen.set(text, redacted);
    return redacted;
  }

  #redacted(text: string): string {
    let shown = '';
    let from = 0;
    for (const { start, end, form } of this.#finder.find(text)) {
      shown += text.slice(from, start) + form.secret.placeholder;
      from = end;
    }
    return from === 0 ? text : shown + text.slice(from);
  }

  /** Every text in a value of JSON, names of members included. Bytes stay as they are. */
  value<Value>(value: Value): Value {
    if (typeof value === 'string') return this.text(value) as Value;
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
    if (Array.isArray(value)) return value.map((item) => this.value(item)) as Value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [this.text(name), this.value(item)]),
    ) as Value;
  }

  recording({ exchanges, ...rest }: Recording): Recording {
    return { ...this.value(rest), exchanges: exchanges.map((exchange) => this.#exchange(exchange)) };
  }

  #exchange({ chunks, ...rest }: Exchange): Exchange {
    const body = joinBytes(chunks);
    const matches = this.#finder.findIn(body);
    if (matches.length === 0) return { ...this.value(rest), chunks };
    const written = Buffer.from(body);
    for (const { start, end } of matches) written.fill(FILLER, start, end);
    let offset = 0;
    return {
      ...this.value(rest),
      chunks: chunks.map(({ at, bytes }) => {
        const from = offset;
        offset += bytes.length;
        return { at, bytes: written.subarray(from, offset) };
      }),
    };
  }

  echoesIn({ statusText, headers }: RecordedResponse, sent: CredentialKind): readonly CredentialEcho[] {
    return [...this.#echoes(statusText, sent, { where: 'status' }), ...this.echoesInHeaders(headers, sent, 'header')];
  }

  echoesInHeaders(headers: HeaderList, sent: CredentialKind, where: 'header' | 'trailer'): readonly CredentialEcho[] {
    return headers.flatMap(([name, value]) =>
      [name, value].flatMap((text) => this.#echoes(text, sent, { where, header: this.text(name) })),
    );
  }

  #echoes(text: string, sent: CredentialKind, place: Omit<CredentialEcho, 'credential'>): readonly CredentialEcho[] {
    return this.#finder
      .find(text)
      .filter(proves)
      .map((match) => ({ ...place, credential: credentialOf(match, sent) }));
  }

  body(sent: CredentialKind): BodyRedactor {
    return new BodyRedactor(this.#finder, sent);
  }
}

function proves({ length, form }: Match): boolean {
  return length >= form.proof;
}

function credentialOf({ form }: Match, sent: CredentialKind): CredentialKind {
  const { kinds } = form.secret;
  return kinds.includes(sent) ? sent : (kinds[0] ?? 'none');
}

/**
 * Redacts a body that arrives in pieces, wherever they are cut. Lengths, cuts and arrival times stay; bytes that may be
 * the beginning of a secret are held back until the next ones show it.
 */
export class BodyRedactor {
  readonly #scanner: SecretScanner;
  readonly #sent: CredentialKind;
  #pending: Chunk[] = [];
  #offset = 0;
  /** End of the last place that was told as an echo. */
  #toldTo = 0;

  constructor(finder: SecretFinder, sent: CredentialKind) {
    this.#scanner = new SecretScanner(finder);
    this.#sent = sent;
  }

  push(at: number, bytes: Uint8Array): { chunks: Chunk[]; echoes: CredentialEcho[] } {
    this.#scanner.push(bytes);
    this.#pending.push({ at, bytes });
    return this.#release(this.#scanner.undecidedFrom());
  }

  end(): { chunks: Chunk[]; echoes: CredentialEcho[] } {
    this.#scanner.push(new Uint8Array(0), true);
    return this.#release(Number.POSITIVE_INFINITY);
  }

  #release(to: number): { chunks: Chunk[]; echoes: CredentialEcho[] } {
    const matches = this.#scanner.matches();
    const chunks: Chunk[] = [];
    const rest: Chunk[] = [];
    for (const { at, bytes } of this.#pending) {
      const cut = Math.min(bytes.length, Math.max(0, to - this.#offset));
      if (cut > 0) chunks.push({ at, bytes: filled(bytes.subarray(0, cut), this.#offset, matches) });
      if (cut < bytes.length) rest.push({ at, bytes: bytes.subarray(cut) });
      this.#offset += cut;
    }
    this.#pending = rest;
    return { chunks, echoes: this.#echoes(matches, to) };
  }

  #echoes(matches: readonly Match[], to: number): CredentialEcho[] {
    const echoes: CredentialEcho[] = [];
    for (const match of matches) {
      if (match.start < this.#toldTo || match.end > to || !proves(match)) continue;
      echoes.push({ where: 'body', byteOffset: match.start, credential: credentialOf(match, this.#sent) });
      this.#toldTo = match.end;
    }
    return echoes;
  }
}

function filled(bytes: Uint8Array, offset: number, matches: readonly Match[]): Uint8Array {
  const within = matches.filter(({ start, end }) => start < offset + bytes.length && end > offset);
  if (within.length === 0) return bytes;
  const copy = Uint8Array.from(bytes);
  for (const { start, end } of within) copy.fill(FILLER, Math.max(0, start - offset), end - offset);
  return copy;
}

import type { CredentialKind } from './recording.ts';
import { type Form, formsOf, type Secret, type View } from './secret-forms.ts';
import { type Characters, type Text, unescaped } from './unescape.ts';

/** Where a text holds a secret, or a part of it that is as good. */
export interface Match {
  readonly start: number;
  end: number;
  /** Characters in a row, as they are compared. */
  length: number;
  readonly form: Form;
}

/** More than the longest part. */
const KEPT = 64;
/** Characters that are read at a time: few, for most texts are short, and each is read by a scanner of its own. */
const BLOCK = 2 ** 9;
const FACTOR = 0x01000193;
/** So few characters of an encoded secret give nothing away, and stand in every text. */
const FEW = 5;
const LONGEST_PLAIN = 12;

/** The parts of all forms that are compared in one view and have one length, by their hash. */
class Parts {
  readonly view: View;
  readonly length: number;
  readonly #forms: readonly Form[];
  readonly #characters: Uint8Array;
  readonly #formAt: Uint16Array;
  readonly #slots: Int32Array;
  readonly #hashes: Int32Array;
  readonly #shift: number;
  readonly #power: number;
  /** By the last one, two and three characters: whether a part may go on. */
  readonly #pairs = new Uint8Array(2 ** 14);

  constructor(forms: readonly Form[], view: View, length: number) {
    this.view = view;
    this.length = length;
    this.#forms = forms;
    // A gap after each form, which no character equals.
    const total = forms.reduce((sum, { characters }) => sum + characters.length + 1, 0);
    this.#characters = new Uint8Array(total);
    this.#formAt = new Uint16Array(total);
    let offset = 0;
    for (const [index, { characters }] of forms.entries()) {
      this.#characters.set(characters, offset);
      this.#formAt.fill(index, offset, offset + characters.length);
      offset += characters.length + 1;
    }
    const bits = Math.max(8, Math.ceil(Math.log2(total)) + 2);
    this.#slots = new Int32Array(2 ** bits);
    this.#hashes = new Int32Array(2 ** bits);
    this.#shift = 32 - bits;
    let power = 1;
    for (let index = 0; index < length; index++) power = Math.imul(power, FACTOR);
    this.#power = power;
    this.#index();
  }

  #index(): void {
    let hash = 0;
    let run = 0;
    for (let end = 0; end < this.#characters.length; end++) {
      const code = this.#characters[end] ?? 0;
      if (code === 0) {
        [hash, run] = [0, 0];
        continue;
      }
      run++;
      hash = this.next(hash, code, run > this.length ? (this.#characters[end - this.length] ?? 0) : 0);
      if (run > 1) this.#pairs[((this.#characters[end - 1] ?? 0) << 7) | code] = 1;
      this.#pairs[code] = 1;
      if (run >= this.length) this.#insert(hash, end);
    }
  }

  #insert(hash: number, end: number): void {
    const mask = this.#slots.length - 1;
    let slot = hash >>> this.#shift;
    for (; this.#slots[slot] !== 0; slot = (slot + 1) & mask) if (this.#hashes[slot] === hash) return;
    this.#slots[slot] = end;
    this.#hashes[slot] = hash;
  }

  /** The hash of the last characters, when one comes and one goes. */
  next(hash: number, comes: number, goes: number): number {
    return (Math.imul(hash, FACTOR) + comes - Math.imul(this.#power, goes)) | 0;
  }

  /** Finds the parts that end at the characters `from` to `to` of a reading. */
  search(search: Search, { characters, starts, ends }: Reading, from: number, to: number): void {
    const [slots, shift, power, length] = [this.#slots, this.#shift, this.#power, this.length];
    let { hash } = search;
    for (let last = from; last < to; last++) {
      hash = (Math.imul(hash, FACTOR) + (characters[last] ?? 0) - Math.imul(power, characters[last - length] ?? 0)) | 0;
      if (search.at === 0 && slots[hash >>> shift] === 0) continue;
      // The part that ended at the character before may go on.
      const goesOn = search.at !== 0 && this.#characters[search.at + 1] === characters[last];
      search.at = goesOn ? search.at + 1 : this.#find(hash, characters, last);
      if (search.at !== 0) this.#extend(search, starts[last - length + 1] ?? 0, ends[last] ?? 0);
    }
    search.hash = hash;
  }

  /** Where the part ends that has this hash and these characters; 0 where there is none. */
  #find(hash: number, characters: Uint8Array, last: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash >>> this.#shift; ; slot = (slot + 1) & mask) {
      const end = this.#slots[slot] ?? 0;
      if (end === 0) return 0;
      if (this.#hashes[slot] !== hash) continue;
      let same = 0;
      while (same < this.length && this.#characters[end - same] === characters[last - same]) same++;
      return same === this.length ? end : 0;
    }
  }

  #extend(search: Search, start: number, end: number): void {
    const open = search.matches.at(-1);
    const form = this.#forms[this.#formAt[search.at] ?? 0];
    if (open !== undefined && start <= open.end && open.form === form) {
      open.end = end;
      open.length++;
      return;
    }
    if (form !== undefined) search.matches.push({ start, end, length: this.length, form });
  }

  /** How many of the last characters, read back from `count`, may be the beginning of a part. */
  begun({ characters }: Reading, count: number): number {
    let length = 0;
    for (let index = count - 1; index >= 0 && length < this.length - 1; index--, length++) {
      const code = characters[index] ?? 0;
      if (this.#pairs[length === 0 ? code : (code << 7) | (characters[index + 1] ?? 0)] !== 1) break;
    }
    return length >= (this.length > LONGEST_PLAIN ? FEW : 1) ? length : 0;
  }
}

/** What secrets look like in every form, prepared once. */
export class SecretFinder {
  readonly parts: readonly Parts[];
  /** No shorter text holds a part of a secret. */
  readonly shortest: number;
  /** One for all whole texts. */
  #scanner: SecretScanner | undefined;

  constructor(secrets: readonly Secret[]) {
    const groups = new Map<View, Map<number, Form[]>>();
    for (const form of byValue(secrets).flatMap(formsOf)) {
      const lengths = groups.get(form.view) ?? new Map<number, Form[]>();
      groups.set(form.view, lengths.set(form.part, [...(lengths.get(form.part) ?? []), form]));
    }
    this.parts = [...groups].flatMap(([view, lengths]) =>
      [...lengths].map(([length, forms]) => new Parts(forms, view, length)),
    );
    this.shortest = Math.min(...this.parts.map(({ length }) => length));
  }

  /** Places in a whole text, in order, none within another. */
  find(text: string): readonly Match[] {
    if (text.length < this.shortest) return [];
    const units = new Uint16Array(text.length);
    for (let index = 0; index < text.length; index++) units[index] = text.charCodeAt(index);
    return this.findIn(units);
  }

  findIn(text: Text): readonly Match[] {
    if (text.length < this.shortest) return [];
    this.#scanner ??= new SecretScanner(this);
    this.#scanner.restart();
    this.#scanner.push(text, true);
    return this.#scanner.matches();
  }
}

function byValue(secrets: readonly Secret[]): readonly Secret[] {
  const known = new Map<string, Secret>();
  for (const secret of secrets) {
    const earlier = known.get(secret.value);
    const kinds: readonly CredentialKind[] = [...(earlier?.kinds ?? []), ...secret.kinds];
    known.set(secret.value, { ...(earlier ?? secret), kinds });
  }
  return [...known.values()];
}

interface Search {
  readonly parts: Parts;
  matches: Match[];
  hash: number;
  /** Where in the secrets' characters the part ends that ends here; 0 where none does. */
  at: number;
}

/** The latest characters of a text in one view, behind those kept of what came before. */
class Reading {
  readonly view: View;
  readonly characters = new Uint8Array(KEPT + BLOCK);
  readonly starts = new Float64Array(KEPT + BLOCK);
  readonly ends = new Float64Array(KEPT + BLOCK);
  readonly searches: readonly Search[];

  constructor(view: View, parts: readonly Parts[]) {
    this.view = view;
    this.searches = parts.map((one) => ({ parts: one, matches: [], hash: 0, at: 0 }));
  }

  restart(): void {
    this.characters.fill(0, 0, KEPT);
    for (const search of this.searches) Object.assign(search, { matches: [], hash: 0, at: 0 });
  }

  take({ codes, starts, ends }: Characters, count: number, offset: number): void {
    let to = KEPT;
    for (let index = 0; index < count; index++) {
      const code = this.view[codes[index] ?? 0] ?? 0;
      if (code === 0) continue;
      this.characters[to] = code;
      this.starts[to] = offset + (starts[index] ?? 0);
      this.ends[to] = offset + (ends[index] ?? 0);
      to++;
    }
    for (const search of this.searches) search.parts.search(search, this, KEPT, to);
    for (const kept of [this.characters, this.starts, this.ends]) kept.copyWithin(0, to - KEPT, to);
  }
}

/** Reads a text piece by piece. The time it takes grows with the text's length, whatever the text holds. */
export class SecretScanner {
  readonly #readings: readonly Reading[];
  readonly #block: Characters = {
    codes: new Uint8Array(BLOCK),
    starts: new Int32Array(BLOCK),
    ends: new Int32Array(BLOCK),
  };
  #unread: Text = new Uint8Array(0);
  #offset = 0;

  constructor({ parts }: SecretFinder) {
    const views = [...new Set(parts.map(({ view }) => view))];
    this.#readings = views.map(
      (view) =>
        new Reading(
          view,
          parts.filter((one) => one.view === view),
        ),
    );
  }

  /** Begins with a text of its own. */
  restart(): void {
    this.#unread = new Uint8Array(0);
    this.#offset = 0;
    for (const reading of this.#readings) reading.restart();
  }

  push(piece: Text, atEnd = false): void {
    const text = this.#unread.length === 0 ? piece : joined(this.#unread, piece);
    let from = 0;
    for (;;) {
      const block = text.subarray(from, from + BLOCK);
      const { count, read } = unescaped(block, atEnd && from + block.length === text.length, this.#block);
      for (const reading of this.#readings) reading.take(this.#block, count, this.#offset);
      this.#offset += read;
      from += read;
      if (read === 0 || from === text.length) break;
    }
    this.#unread = text.slice(from);
  }

  /** All places found so far, in order; those that touch as one. */
  matches(): readonly Match[] {
    const found = this.#readings.flatMap(({ searches }) => searches.flatMap(({ matches }) => matches));
    const merged: Match[] = [];
    for (const match of found.sort((a, b) => a.start - b.start)) {
      const last = merged.at(-1);
      const apart = last === undefined || match.start > last.end;
      if (apart || (match.start === last.end && match.form.secret !== last.form.secret)) merged.push({ ...match });
      else {
        const told = last.length >= last.form.proof || match.length < match.form.proof ? last : match;
        merged[merged.length - 1] = { ...told, start: last.start, end: Math.max(last.end, match.end) };
      }
    }
    return merged;
  }

  /** The place from which on a secret may have begun that is not whole yet. */
  undecidedFrom(): number {
    const from = this.#readings.flatMap((reading) =>
      reading.searches.flatMap(({ parts }) => {
        const begun = parts.begun(reading, KEPT);
        return begun === 0 ? [] : [reading.starts[KEPT - begun] ?? 0];
      }),
    );
    return Math.min(this.#offset, ...from);
  }
}

function joined(first: Text, second: Text): Text {
  const whole =
    second instanceof Uint16Array
      ? new Uint16Array(first.length + second.length)
      : new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}

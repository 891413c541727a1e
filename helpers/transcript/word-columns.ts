import type { WordTable } from './transcript.ts';

/** Collects words column by column; the columns double in size as they fill. */
export class WordColumns {
  readonly #text: string[] = [];
  #start = new Float64Array(256);
  #end = new Float64Array(256);
  #event = new Int32Array(256);

  get length(): number {
    return this.#text.length;
  }

  push(text: string, start: number, end: number, event: number): void {
    const index = this.#text.length;
    if (index === this.#start.length) this.#grow(index * 2);
    this.#text.push(text);
    this.#start[index] = start;
    this.#end[index] = end;
    this.#event[index] = event;
  }

  table(): WordTable {
    const length = this.#text.length;
    return {
      length,
      text: this.#text,
      start: this.#start.subarray(0, length),
      end: this.#end.subarray(0, length),
      event: this.#event.subarray(0, length),
    };
  }

  #grow(size: number): void {
    const { start, end, event } = this.table();
    this.#start = new Float64Array(size);
    this.#start.set(start);
    this.#end = new Float64Array(size);
    this.#end.set(end);
    this.#event = new Int32Array(size);
    this.#event.set(event);
  }
}

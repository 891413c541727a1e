import type { StreamEvent } from '../transcript/transcript.ts';
import type { Judgement, Subscription, Unverified, Violation } from './check.ts';
import type { Obstacle } from './root-causes.ts';

/** Violations kept per requirement; the rest are counted, so that hostile input stays small. */
const VIOLATIONS_KEPT = 20;

/** Collects what one check observes and finds. */
export class Findings {
  #observations = 0;
  #violationCount = 0;
  readonly #violations: Violation[] = [];
  readonly #notes: string[] = [];
  #unverified: Unverified | undefined;
  #explanation: Unverified | undefined;

  get observations(): number {
    return this.#observations;
  }

  get violationCount(): number {
    return this.#violationCount;
  }

  observe(count = 1): void {
    this.#observations += count;
  }

  /** The violation is built only if it will be kept. */
  violate(build: () => Violation): void {
    this.#violationCount += 1;
    if (this.#violations.length < VIOLATIONS_KEPT) this.#violations.push(build());
  }

  note(line: string): void {
    this.#notes.push(line);
  }

  /** Says that the rule as a whole could not be verified, whatever else was observed. The first reason stands. */
  leaveUnverified(unverified: Unverified): void {
    this.#unverified ??= unverified;
  }

  /** Says why what was looked at was not judged: told where nothing else was observed. The first reason stands. */
  explain(unverified: Unverified): void {
    this.#explanation ??= unverified;
  }

  judgement(whenNothingObserved: () => Unverified): Judgement {
    const nothing = () => this.#explanation ?? whenNothingObserved();
    const unverified = this.#unverified ?? (this.#observations === 0 ? nothing() : undefined);
    return {
      observations: this.#observations,
      violations: this.#violations,
      violationCount: this.#violationCount,
      ...(unverified === undefined ? {} : { unverified }),
      ...(this.#notes.length === 0 ? {} : { notes: this.#notes }),
    };
  }
}

type Place = Pick<Violation, 'exchange' | 'event' | 'word' | 'byteOffset' | 'byteLength' | 'at'>;

export function atEvent(subscription: Subscription, event: StreamEvent): Place {
  return {
    exchange: subscription.exchange.id,
    event: event.index,
    byteOffset: event.byteOffset,
    byteLength: event.byteLength,
    at: event.at,
  };
}

/** `word`: its index in the transcript's word table. */
export function atWord(subscription: Subscription, word: number): Place {
  const event = subscription.transcript.events[subscription.transcript.words.event[word] ?? -1];
  return event === undefined ? { exchange: subscription.exchange.id, word } : { ...atEvent(subscription, event), word };
}

export function atByte(subscription: Subscription, byteOffset: number, byteLength = 1): Place {
  return {
    exchange: subscription.exchange.id,
    byteOffset,
    byteLength,
    at: subscription.transcript.arrivalOf(byteOffset),
  };
}

/** What cannot be verified before another requirement is kept. */
export function blockedBy({ because, reason }: Obstacle): Unverified {
  return { reason, remedy: `Repair ${because}, then run again.`, because };
}

/** Control, format and line-separating characters could act on a terminal or turn a reader's text around. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Noncharacter_Code_Point}]/gu;
/** CI systems read `##[…]`, `##vso[…]` and `##teamcity[…]` anywhere in a line as commands, and `::` at its beginning. */
const CI_COMMAND = /(?<=#)#(?=\w*\[)|(?<=^\s*):(?=:)/g;

/** Text of the target as one printable line, quoted, shortened in the middle. */
export function quoted(text: string, longest = 80): string {
  return `"${printable(shortened(text, longest))}"`;
}

/** Messages may begin with the name of an exchange, which is in lower case. */
export function asSentence(text: string): string {
  return /^(the|subscriber|request) /.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

/** Without quotes: for detail lines of the target that are prose already. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, escaped).replace(CI_COMMAND, escaped);
}

function escaped(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}}`;
}

/** Printable, and still in lines: for texts of the suite's own, which may quote the target's. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

export function shortened(text: string, longest = 80): string {
  if (text.length <= longest) return text;
  const kept = Math.floor((longest - 1) / 2);
  return `${text.slice(0, kept).replace(/[\uD800-\uDBFF]$/, '')}…${text.slice(-kept).replace(/^[\uDC00-\uDFFF]/, '')}`;
}

/** A JSON value of the target in a few words; bounded in depth and length, whatever the value. */
export function shownValue(value: unknown, longest = 80, depth = 2): string {
  return printable(shortened(sketched(value, depth), longest));
}

function sketched(value: unknown, depth: number): string {
  if (typeof value === 'string') return JSON.stringify(shortened(value, 80));
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) {
    if (depth === 0) return value.length === 0 ? '[]' : '[…]';
    const shown = value.slice(0, 4).map((item) => sketched(item, depth - 1));
    return `[${shown.join(',')}${value.length > 4 ? `,… ${value.length} in all` : ''}]`;
  }
  const names = Object.keys(value);
  if (depth === 0) return names.length === 0 ? '{}' : '{…}';
  const shown = names
    .slice(0, 6)
    .map((name) => `${JSON.stringify(shortened(name, 40))}:${sketched(Reflect.get(value, name), depth - 1)}`);
  return `{${shown.join(',')}${names.length > 6 ? ',…' : ''}}`;
}

/** A figure for a message: as sent, without the noise of binary fractions. */
export function shownNumber(value: number): string {
  return String(Number(value.toPrecision(12)));
}

export function shownSeconds(seconds: number): string {
  return `${shownNumber(seconds)} s`;
}

/** A measured wall-clock duration: to the millisecond. */
export function measuredSeconds(seconds: number): string {
  return `${Math.round(seconds * 1000) / 1000} s`;
}

export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

import { createHash } from 'node:crypto';
import { grouped } from '../../helpers/grouped.ts';
import type { Subscription } from '../../helpers/judging/check.ts';
import { exchangeName } from '../../helpers/recording/exchange-name.ts';
import type { ReportedViolation, RequirementResult } from '../../helpers/results/results.ts';
import type { StreamEvent, WordTable } from '../../helpers/transcript/transcript.ts';
import { violationId } from './vocabulary.ts';
import { compareWords, type WordDiff } from './word-diff.ts';

/** All subscriptions of one stream, and how they are drawn. */
export interface Session {
  readonly streamId: string;
  readonly subscriptions: readonly Subscription[];
  readonly comparisons: readonly WordDiff[];
  readonly lanes: readonly Lane[];
  /** Bounds of the audio axis, in seconds: single wild times lie outside. */
  readonly from: number;
  readonly to: number;
}

/** One picture of a subscription, or of several that were sent the same batches. */
export interface Lane {
  readonly name: string;
  readonly words: WordTable;
  readonly batches: readonly StreamEvent[];
  /** Its words are those of the lane that it is compared with: drawn there alone. */
  readonly sameWords: boolean;
  /** Indexes of words that only this lane has; and words that it lacks. */
  readonly extra: ReadonlySet<number>;
  readonly missing: readonly { readonly text: string; readonly from: number; readonly to: number }[];
  readonly marks: readonly Mark[];
}

/** A violation's place on the audio axis, in seconds. */
export interface Mark {
  /** Of its element among the findings. */
  readonly id: string;
  readonly result: RequirementResult;
  readonly message: string;
  readonly from: number;
}

const MOST_DIFFERENCES = 500;

/** Subscriptions by the stream they read, those with most of them first. */
export function sessionsOf(
  subscriptions: readonly Subscription[],
  results: readonly RequirementResult[],
): readonly Session[] {
  return [...grouped(subscriptions, ({ streamId }) => streamId)]
    .map(([streamId, members]) => {
      const comparisons = compareWords(members);
      const lanes = lanesOf(members, comparisons, results);
      return { streamId, subscriptions: members, comparisons, lanes, ...audioAxis(members) };
    })
    .toSorted((a, b) => b.subscriptions.length - a.subscriptions.length);
}

function lanesOf(
  subscriptions: readonly Subscription[],
  comparisons: readonly WordDiff[],
  results: readonly RequirementResult[],
): readonly Lane[] {
  return [...grouped(subscriptions, digest).values()].flatMap((members) => {
    const [first] = members;
    if (first === undefined) return [];
    const comparison = comparisons.find(({ subscription }) => subscription === first);
    const isReference = comparisons.some(({ reference }) => members.includes(reference));
    const { words, events } = first.transcript;
    const differences = comparison?.differences ?? [];
    return [
      {
        name: members.map(({ exchange }) => exchangeName(exchange)).join('; '),
        words,
        batches: events.filter(({ wordCount }) => wordCount > 0),
        sameWords: !isReference && comparison !== undefined && differences.length === 0,
        extra: new Set(
          isReference ? [] : differences.flatMap(({ from, to }) => range(from, to)).slice(0, MOST_DIFFERENCES),
        ),
        missing:
          isReference || comparison === undefined
            ? []
            : differences
                .flatMap(({ referenceFrom, referenceTo }) => range(referenceFrom, referenceTo))
                .slice(0, MOST_DIFFERENCES)
                .map((index) => wordAt(comparison.reference.transcript.words, index)),
        marks: members.flatMap((member) => marksOf(member, results)),
      },
    ];
  });
}

export function wordAt({ text, start, end }: WordTable, index: number) {
  const from = start[index] ?? Number.NaN;
  return { text: text[index] ?? '', from, to: Math.max(from, end[index] ?? from) };
}

/** At most so many, however wide: more are not drawn. */
function range(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.min(Math.max(0, to - from), MOST_DIFFERENCES) }, (_, offset) => from + offset);
}

/** Equal for subscriptions that look the same. */
function digest({ transcript: { words, events } }: Subscription): string {
  const hash = createHash('sha256');
  hash.update(words.start).update(words.end);
  for (const text of words.text) hash.update(text).update('\0');
  for (const { wordCount } of events) hash.update(`${wordCount} `);
  return hash.digest('base64');
}

function marksOf(subscription: Subscription, results: readonly RequirementResult[]): readonly Mark[] {
  return results.flatMap((result) =>
    result.violations.flatMap((violation, index) => {
      const from = violation.exchange === subscription.exchange.id ? placeOf(violation, subscription) : undefined;
      return from === undefined
        ? []
        : [{ id: violationId(result.id, index), result, message: violation.message, from }];
    }),
  );
}

/** Where its word starts; else the first word of its event; else of the event that holds the byte that broke the rule. */
function placeOf(violation: ReportedViolation, { transcript: { words, events } }: Subscription): number | undefined {
  if (words.length === 0) return undefined;
  const event =
    events[violation.event ?? -1] ??
    events.findLast(({ byteOffset }) => violation.byteOffset !== undefined && byteOffset <= violation.byteOffset);
  const word = violation.word ?? event?.firstWord;
  if (word === undefined) return undefined;
  const at = word < words.length ? words.start[word] : words.end[words.length - 1];
  return at !== undefined && Number.isFinite(at) ? at : undefined;
}

function joined(columns: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(columns.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const column of columns) {
    all.set(column, offset);
    offset += column.length;
  }
  return all;
}

/** No session speaks for longer, in seconds. */
const LONGEST_AUDIO = 48 * 60 * 60;

/** From the first to the last word, but for single times so far away that nothing else could be seen. */
function audioAxis(subscriptions: readonly Subscription[]): Pick<Session, 'from' | 'to'> {
  const times = joined(subscriptions.flatMap(({ transcript: { words } }) => [words.start, words.end]))
    .filter((at) => Math.abs(at) <= LONGEST_AUDIO)
    .sort();
  const at = (share: number) => times[Math.floor(share * (times.length - 1))] ?? 0;
  const usual = Math.max(at(0.97) - at(0.03), 1);
  const from = Math.max(at(0), at(0.03) - usual * 0.25);
  const to = Math.min(at(1), at(0.97) + usual * 0.25);
  // A session starts at zero: shown from there unless that is far from all its words.
  return { from: from > 0 && from < usual * 0.5 ? 0 : from, to: Math.max(to, from + 1) };
}

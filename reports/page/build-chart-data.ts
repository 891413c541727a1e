import { gzipSync } from 'node:zlib';
import type { Subscription } from '../../helpers/judging/check.ts';
import type { RecordedSettings } from '../../helpers/recording/recording.ts';
import type { ReportedViolation, RequirementResult } from '../../helpers/results/results.ts';
import type { WordTable } from '../../helpers/transcript/transcript.ts';
import { type ChartData, type StreamData, type SubscriptionData, TIME_UNIT, type ViolationMark } from './chart-data.ts';
import { shortened, visible } from './html.ts';
import { violationId } from './vocabulary.ts';
import { type Comparison, compareWords, wordKey } from './word-diff.ts';

/** Words and batches of one subscription that are drawn; the figures beside the picture count all of them. */
export const MOST_DRAWN = 40_000;
const MOST_DIFFERENCES = 2_000;

export interface Session {
  readonly streamId: string;
  readonly subscriptions: readonly Subscription[];
  readonly comparisons: readonly Comparison[];
}

/** Subscriptions by the stream they read, those with most of them first. */
export function sessionsOf(subscriptions: readonly Subscription[]): readonly Session[] {
  const streams = new Map<string, Subscription[]>();
  for (const subscription of subscriptions)
    streams.set(subscription.streamId, [...(streams.get(subscription.streamId) ?? []), subscription]);
  return [...streams]
    .map(([streamId, members]) => ({ streamId, subscriptions: members, comparisons: compareWords(members) }))
    .toSorted((a, b) => b.subscriptions.length - a.subscriptions.length);
}

export function buildChartData(
  sessions: readonly Session[],
  results: readonly RequirementResult[],
  settings: RecordedSettings,
): ChartData {
  const pool = new WordPool();
  const streams = sessions.map((session) => streamData(session, pool, results, settings));
  return { texts: pool.texts, pool: pool.columns(), streams };
}

/** Compressed, and in characters that mean nothing in HTML: nothing of a target can end the element it stands in. */
export function packed(data: ChartData): string {
  return gzipSync(JSON.stringify(data), { level: 6 }).toString('base64');
}

/** Word events that are equal in text and times are kept once. */
class WordPool {
  readonly texts: string[] = [];
  private readonly textIndex = new Map<string, number>();
  private readonly keys = new Map<string, number>();
  private readonly text: number[] = [];
  private readonly start: number[] = [];
  private readonly end: number[] = [];

  add(words: WordTable, index: number): number {
    const key = wordKey(words, index);
    const known = this.keys.get(key);
    if (known !== undefined) return known;
    const text = shortened(visible(words.text[index] ?? ''), 60);
    let textIndex = this.textIndex.get(text);
    if (textIndex === undefined) {
      textIndex = this.texts.push(text) - 1;
      this.textIndex.set(text, textIndex);
    }
    this.start.push(words.start[index] ?? Number.NaN);
    this.end.push(words.end[index] ?? Number.NaN);
    const added = this.text.push(textIndex) - 1;
    this.keys.set(key, added);
    return added;
  }

  columns(): ChartData['pool'] {
    return {
      text: this.text,
      start: deltas(this.start),
      length: this.start.map((start, index) => units((this.end[index] ?? Number.NaN) - start)),
    };
  }
}

function streamData(
  session: Session,
  pool: WordPool,
  results: readonly RequirementResult[],
  settings: RecordedSettings,
): StreamData {
  return {
    id: visible(shortened(session.streamId, 120)),
    ...audioAxis(session.subscriptions),
    timeCap: 1 + settings.timeCapToleranceSeconds,
    speed: settings.speed,
    subscriptions: session.subscriptions.map((subscription) => subscriptionData(subscription, session, pool)),
    marks: violationMarks(session.subscriptions, results),
  };
}

function subscriptionData(subscription: Subscription, session: Session, pool: WordPool): SubscriptionData {
  const { transcript, exchange, role } = subscription;
  const drawn = Math.min(transcript.words.length, MOST_DRAWN);
  const words: number[] = [];
  for (let index = 0, expected = -1; index < drawn; index++) {
    const pooled = pool.add(transcript.words, index);
    if (pooled === expected) words[words.length - 1] = (words.at(-1) ?? 0) + 1;
    else words.push(pooled, 1);
    expected = pooled + 1;
  }
  const batches = transcript.events.filter(({ wordCount }) => wordCount > 0).slice(0, MOST_DRAWN);
  const comparison = session.comparisons.find((entry) => entry.subscription === subscription);
  return {
    id: exchange.id,
    role,
    startedAt: exchange.startedAt,
    words,
    batchWords: batches.map(({ wordCount }) => wordCount),
    batchAt: deltas(batches.map(({ at }) => at)).map((at) => at ?? 0),
    ...differingWords(comparison, drawn, pool),
  };
}

function differingWords(
  comparison: Comparison | undefined,
  drawn: number,
  pool: WordPool,
): Pick<SubscriptionData, 'extra' | 'missing'> {
  const extra: number[] = [];
  const missing: number[] = [];
  if (comparison)
    for (const { from, to, referenceFrom, referenceTo } of comparison.differences) {
      for (let index = from; index < Math.min(to, drawn) && extra.length < MOST_DIFFERENCES; index++) extra.push(index);
      for (
        let index = referenceFrom;
        index < Math.min(referenceTo, MOST_DRAWN) && missing.length < MOST_DIFFERENCES;
        index++
      )
        missing.push(pool.add(comparison.reference.transcript.words, index));
    }
  return { extra, missing };
}

/** From the first to the last word, but for single times so far away that nothing else could be seen. */
function audioAxis(subscriptions: readonly Subscription[]): { readonly from: number; readonly to: number } {
  const times = finiteTimes(subscriptions).sort();
  const at = (share: number) => times[Math.floor(share * (times.length - 1))] ?? 0;
  const usual = Math.max(at(0.97) - at(0.03), 1);
  const from = Math.max(at(0), at(0.03) - usual * 0.25);
  const to = Math.min(at(1), at(0.97) + usual * 0.25);
  // A session starts at zero: shown from there unless that is far from all its words.
  return { from: from > 0 && from < usual * 0.5 ? 0 : from, to: Math.max(to, from + 1) };
}

function finiteTimes(subscriptions: readonly Subscription[]): Float64Array {
  const times = new Float64Array(2 * subscriptions.reduce((sum, { transcript }) => sum + transcript.words.length, 0));
  let count = 0;
  for (const { transcript } of subscriptions)
    for (const column of [transcript.words.start, transcript.words.end])
      for (const time of column) if (Number.isFinite(time)) times[count++] = time;
  return times.subarray(0, count);
}

function violationMarks(
  subscriptions: readonly Subscription[],
  results: readonly RequirementResult[],
): readonly ViolationMark[] {
  const marks: ViolationMark[] = [];
  for (const result of results)
    for (const [index, violation] of result.violations.entries()) {
      const subscription = subscriptions.findIndex(({ exchange }) => exchange.id === violation.exchange);
      const span = audioSpan(subscriptions[subscription], violation);
      if (!span) continue;
      marks.push({
        id: violationId(result.id, index),
        requirement: result.id,
        outcome: result.outcome,
        subscription,
        ...span,
        message: visible(violation.message),
      });
    }
  return marks;
}

/** The word's own time; else that of its event's words; else of the word before the byte that broke the rule. */
function audioSpan(
  subscription: Subscription | undefined,
  violation: ReportedViolation,
): { from: number; to: number } | undefined {
  if (!subscription) return undefined;
  const { words, events } = subscription.transcript;
  if (words.length === 0) return undefined;
  const event =
    events[violation.event ?? -1] ??
    events.findLast(({ byteOffset }) => violation.byteOffset !== undefined && byteOffset <= violation.byteOffset);
  if (violation.word === undefined && !event) return undefined;
  const first = violation.word ?? event?.firstWord ?? 0;
  const last = violation.word ?? first + Math.max(0, (event?.wordCount ?? 0) - 1);
  const at = (index: number) => Math.max(0, Math.min(index, words.length - 1));
  const beyond = first >= words.length;
  const from = (beyond ? words.end : words.start)[at(first)] ?? Number.NaN;
  const to = words.end[at(last)] ?? Number.NaN;
  if (!Number.isFinite(from)) return undefined;
  return { from, to: Number.isFinite(to) && to >= from ? to : from };
}

function units(value: number): number | null {
  return Number.isFinite(value) ? Math.round(value / TIME_UNIT) : null;
}

/** Differences of neighbours are small numbers, and repeat: they compress well. */
function deltas(values: readonly number[]): (number | null)[] {
  let previous = 0;
  return values.map((value) => {
    const unit = units(value);
    if (unit === null) return null;
    const delta = unit - previous;
    previous = unit;
    return delta;
  });
}

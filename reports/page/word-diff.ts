import { diffArrays } from 'diff';
import type { Subscription } from '../../helpers/judging/check.ts';
import type { WordTable } from '../../helpers/transcript/transcript.ts';

/** A stretch in which two subscriptions hold different words: indexes into each word table, ends exclusive. */
export interface WordChange {
  readonly from: number;
  readonly to: number;
  readonly referenceFrom: number;
  readonly referenceTo: number;
}

export interface WordDiff {
  readonly subscription: Subscription;
  readonly reference: Subscription;
  readonly differences: readonly WordChange[];
  /** The words differ so much that they were not aligned: one difference covers all that is not common at either end. */
  readonly unaligned: boolean;
  /** It was stopped before its end, so that a missing tail says nothing. */
  readonly partial: boolean;
}

/** Aligning costs time in the number of edits: this many are enough to show what is wrong. */
const MOST_EDITS = 400;
const MOST_MILLISECONDS = 60;

/** Compares each subscription of a stream with the first one that ran to its end, or else the one with the most words. */
export function compareWords(subscriptions: readonly Subscription[]): readonly WordDiff[] {
  const reference =
    subscriptions.find(({ exchange }) => exchange.ending.kind === 'complete') ??
    subscriptions.toSorted((a, b) => b.transcript.words.length - a.transcript.words.length)[0];
  if (!reference) return [];
  return subscriptions
    .filter((subscription) => subscription !== reference)
    .map((subscription) => ({ subscription, reference, ...compare(reference, subscription) }));
}

function wordKey(words: WordTable, index: number): string {
  return `${words.text[index]}\0${words.start[index]}\0${words.end[index]}`;
}

function compare(
  reference: Subscription,
  subscription: Subscription,
): Pick<WordDiff, 'differences' | 'unaligned' | 'partial'> {
  const partial = subscription.exchange.ending.kind !== 'complete';
  const was = reference.transcript.words;
  const is = subscription.transcript.words;
  let head = 0;
  while (head < was.length && head < is.length && sameWord(was, head, is, head)) head++;
  if (partial && head === is.length) return { differences: [], unaligned: false, partial };
  let tail = 0;
  const most = Math.min(was.length, is.length) - head;
  while (!partial && tail < most && sameWord(was, was.length - 1 - tail, is, is.length - 1 - tail)) tail++;
  const whole = {
    from: head,
    to: is.length - tail,
    referenceFrom: head,
    referenceTo: was.length - tail,
  };
  if (whole.from === whole.to && whole.referenceFrom === whole.referenceTo)
    return { differences: [], unaligned: false, partial };
  const aligned = align(was, is, whole);
  const differences = (aligned ?? [whole]).filter(
    ({ from, to, referenceTo }) => !(partial && from === to && referenceTo === was.length),
  );
  return { differences, unaligned: aligned === undefined, partial };
}

function align(was: WordTable, is: WordTable, within: WordChange): readonly WordChange[] | undefined {
  const changes = diffArrays(keys(was, within.referenceFrom, within.referenceTo), keys(is, within.from, within.to), {
    maxEditLength: MOST_EDITS,
    timeout: MOST_MILLISECONDS,
  });
  if (!changes) return undefined;
  const differences: WordChange[] = [];
  let index = within.from;
  let referenceIndex = within.referenceFrom;
  let open: { from: number; referenceFrom: number } | undefined;
  const close = () => {
    if (open) differences.push({ ...open, to: index, referenceTo: referenceIndex });
    open = undefined;
  };
  for (const change of changes) {
    if (change.added || change.removed) open ??= { from: index, referenceFrom: referenceIndex };
    else close();
    if (!change.added) referenceIndex += change.count;
    if (!change.removed) index += change.count;
  }
  close();
  return differences;
}

function keys(words: WordTable, from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, offset) => wordKey(words, from + offset));
}

function sameWord(a: WordTable, i: number, b: WordTable, j: number): boolean {
  return a.text[i] === b.text[j] && Object.is(a.start[i], b.start[j]) && Object.is(a.end[i], b.end[j]);
}

import { printable } from '../judging/findings.ts';
import type { Change, ChangeKind, Comparison } from './comparison.ts';

export const CHANGE_TITLES: Readonly<Record<ChangeKind, string>> = {
  'newly-failing': 'Newly failing',
  'newly-unverified': 'Newly unverified',
  changed: 'Changed otherwise',
  'newly-passing': 'Newly passing',
};

/** `due to the target`; `due to the target or the suite: the results alone do not tell`. */
export function dueTo({ causes, certain }: Pick<Change, 'causes' | 'certain'>): string {
  const named = causes.map((cause) => `the ${cause}`);
  return certain ? `due to ${named.join(' and ')}` : `due to ${named.join(' or ')}: compare the recordings to know`;
}

/** `since the run of 25 November 2026, 14:05 UTC` */
export function sinceWhen({ before }: Comparison): string {
  const time = Date.parse(before.startedAt);
  const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  return `since the run of ${Number.isNaN(time) ? before.startedAt : `${format.format(time)} UTC`}`;
}

/** `1 newly failing, 2 newly passing`; `no outcome changed`. */
export function changeCounts({ changes }: Comparison): string {
  const kinds = Object.keys(CHANGE_TITLES) as ChangeKind[];
  const counts = kinds.map((kind) => ({ kind, count: changes.filter((change) => change.kind === kind).length }));
  const told = counts.filter(({ count }) => count > 0);
  if (told.length === 0) return 'no outcome changed';
  return told.map(({ kind, count }) => `${count} ${CHANGE_TITLES[kind].toLowerCase()}`).join(', ');
}

/** What changed, in sentences that need no table: one a line. Empty where nothing did. */
export function otherChanges({ levels, added, removed, unsteady }: Comparison): readonly string[] {
  return [
    ...levels.map(({ id, before, after }) => `${id} was a ${before} and is a ${after}.`),
    ...(added.length === 0 ? [] : [`New requirements: ${added.join(', ')}.`]),
    ...(removed.length === 0 ? [] : [`Requirements that are no more: ${removed.join(', ')}.`]),
    ...(unsteady.length === 0
      ? []
      : [`Verified in one run only, because the machine that made the other was held up: ${unsteady.join(', ')}.`]),
  ];
}

/** A comparison for a terminal. */
export function comparisonText(comparison: Comparison): string {
  const { before, after, changes, differences } = comparison;
  const kinds = Object.keys(CHANGE_TITLES) as ChangeKind[];
  const lines = [
    `Before: ${before.verdict}, ${before.label}, ${before.startedAt}`,
    `After:  ${after.verdict}, ${after.label}, ${after.startedAt}`,
    ...(differences.length === 0 ? [] : ['', 'Not the same:']),
    ...differences.map(({ what, before: then, after: now }) => `  ${what}: ${then || '(none)'} → ${now || '(none)'}`),
    ...kinds.flatMap((kind) => {
      const rows = changes.filter((change) => change.kind === kind);
      if (rows.length === 0) return [];
      return [
        '',
        `${CHANGE_TITLES[kind]}:`,
        ...rows.flatMap((row) => [
          `  ${row.id} (${row.level}): ${row.before} → ${row.after}, ${dueTo(row)}`,
          `    ${row.message}`,
        ]),
      ];
    }),
    ...(otherChanges(comparison).length === 0 ? [] : ['', ...otherChanges(comparison)]),
    ...(changes.length === 0 ? ['', 'No outcome changed.'] : []),
  ];
  return `${lines.map((line) => printable(line)).join('\n')}\n`;
}

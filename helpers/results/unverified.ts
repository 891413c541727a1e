import type { RequirementId } from '../contract/types.ts';
import { printable } from '../judging/findings.ts';

export interface Unproven {
  readonly id: RequirementId;
  readonly reason?: string;
  readonly remedy?: string;
}

/** Two lines for each thing that it takes: the requirements, then why, where it is one reason, and what to do. */
export function groupedByRemedy(rows: readonly Unproven[]): readonly string[] {
  const groups = new Map<string, Unproven[]>();
  for (const row of rows) {
    const key = row.remedy ?? row.reason ?? '';
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { reason, ...told } = first;
    const alike = group.every((row) => row.reason === reason);
    return [`  ${idsOf(group)}`, `    ${whyAndWhat(alike ? first : told)}`];
  });
}

/** Why, and what would change it, as sentences on one line. */
export function whyAndWhat({ reason, remedy }: Omit<Unproven, 'id'>): string {
  return printable(
    [reason, remedy]
      .filter((part) => part !== undefined && part !== '')
      .map(sentence)
      .join(' '),
  );
}

/** At most this many ids are named one by one. */
const NAMED = 6;

function idsOf(rows: readonly Unproven[]): string {
  if (rows.length <= NAMED) return rows.map(({ id }) => id).join(', ');
  const counts = new Map<string, number>();
  for (const { id } of rows) {
    const area = id.slice(0, id.indexOf('.'));
    counts.set(area, (counts.get(area) ?? 0) + 1);
  }
  return [...counts].map(([area, count]) => `${area} (${count})`).join(', ');
}

function sentence(text: string | undefined): string {
  const trimmed = (text ?? '').trim();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

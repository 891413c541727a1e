import type { RequirementId } from '../contract/types.ts';
import { grouped } from '../grouped.ts';
import { printable } from '../judging/findings.ts';

export interface Unproven {
  readonly id: RequirementId;
  readonly reason?: string;
  readonly remedy?: string;
}

/** Two lines for each thing that it takes: the requirements, then why, where it is one reason, and what to do. */
export function groupedByRemedy(rows: readonly Unproven[]): readonly string[] {
  return groupsByRemedy(rows).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { reason, ...withoutReason } = first;
    const alike = group.every((row) => row.reason === reason);
    return [`  ${idsOf(group)}`, `    ${whyAndWhat(alike ? first : withoutReason)}`];
  });
}

/** Rows that the same remedy would verify. */
export function groupsByRemedy<Row extends Unproven>(rows: readonly Row[]): readonly (readonly Row[])[] {
  return [...grouped(rows, ({ reason, remedy }) => remedy ?? reason ?? '').values()];
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
  return rows.length <= NAMED ? rows.map(({ id }) => id).join(', ') : idsByArea(rows);
}

/** `auth.bearer, rate-limit (4)`: an area with one row by its id, others by how many they are. */
export function idsByArea(rows: readonly Pick<Unproven, 'id'>[]): string {
  const areas = grouped(rows, ({ id }) => id.slice(0, id.indexOf('.')));
  return [...areas]
    .map(([area, members]) => (members.length === 1 ? members[0]?.id : `${area} (${members.length})`))
    .join(', ');
}

function sentence(text: string | undefined): string {
  const trimmed = (text ?? '').trim();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

import type { Requirement } from './types.ts';

export interface Join {
  /** Ids of rows that no check judges. */
  readonly withoutCheck: readonly string[];
  /** Ids of checks that have no row, and those that stand twice. */
  readonly withoutRow: readonly string[];
}

/** Joins rows and checks by id: both lists are empty where each row has exactly one check. */
export function joinChecks(requirements: readonly Pick<Requirement, 'id'>[], checkIds: readonly string[]): Join {
  const unjudged = new Set<string>(requirements.map(({ id }) => id));
  const withoutRow = checkIds.filter((id) => !unjudged.delete(id));
  return { withoutCheck: [...unjudged], withoutRow };
}

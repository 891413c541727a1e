import type { RequirementId } from '../contract/types.ts';
import type { ReferenceOptions } from '../reference/options.ts';
import type { Settings } from '../settings/settings.ts';
import type { Override } from './overrides.ts';

/**
 * What a fault does to a requirement. `fail`, `warn`: its outcome. `note`: a NOTE says something that it does not say of the
 * conforming server. `error`: the run refuses to start (a contract that does not load).
 */
export type Turn = 'fail' | 'warn' | 'note' | 'error';

interface Case {
  /** Unique and stable, e.g. `seam-loses-a-batch`. */
  readonly id: string;
  /** What this server does, as its vendor would tell it. */
  readonly sentence: string;
  readonly stages?: Override;
  readonly server?: Partial<Omit<ReferenceOptions, 'stages'>>;
  readonly settings?: Partial<Settings>;
  /** What the live session speaks; absent: the run's built-in script. */
  readonly script?: string;
  /** Sessions that were completed before the run, each by its text: the run reads them as well. They cost no time. */
  readonly completed?: readonly string[];
  /** The run is given an earlier recording of the `completed` sessions, made of this same server a moment before. */
  readonly earlier?: boolean;
  /** The text of the contract that the run is given. */
  contract?(yaml: string): string;
  /** Runs with no other case beside it: its rule is about time. */
  readonly alone?: boolean;
}

/** One realistic deviation of the reference server. */
export interface Fault extends Case {
  /** The requirements that it turns, and no other. */
  readonly turns: Readonly<Partial<Record<RequirementId, Turn>>>;
  /** For `note`: what the note must say. Absent: any line that the conforming server does not get. */
  readonly noted?: RegExp;
}

/** An unusual behaviour that conforms. */
export interface Variant extends Case {
  /** The rule it comes close to. */
  readonly near: RequirementId;
  /** The SHOULDs that name it. */
  readonly warns?: readonly RequirementId[];
}

type Row<Options> = readonly [sentence: string, what?: Override | Options, options?: Options];
type FaultOptions = Omit<Fault, 'id' | 'sentence' | 'turns' | 'stages'> & { readonly also?: Fault['turns'] };
type VariantOptions = Omit<Variant, 'id' | 'sentence' | 'near' | 'stages'>;

/** Faults that turn the same requirements, by id; `also` names what one of them turns besides. */
export function faultsOf(
  requirements: RequirementId | readonly RequirementId[],
  turn: Turn,
  rows: Readonly<Record<string, Row<FaultOptions>>>,
): readonly Fault[] {
  const shared = Object.fromEntries([requirements].flat().map((id) => [id, turn]));
  return Object.entries(rows).map(([id, row]) => {
    const { also, ...options } = optionsOf(row);
    return { id, sentence: row[0], turns: { ...shared, ...also }, ...options };
  });
}

/** Variants that come close to the same rule, by id. */
export function variantsNear(
  near: RequirementId,
  rows: Readonly<Record<string, Row<VariantOptions>>>,
): readonly Variant[] {
  return Object.entries(rows).map(([id, row]) => ({ id, sentence: row[0], near, ...optionsOf(row) }));
}

function optionsOf<Options extends object>([, what, options]: Row<Options>): Options & Pick<Case, 'stages'> {
  return typeof what === 'function' ? { stages: what, ...(options as Options) } : { ...(what as Options) };
}

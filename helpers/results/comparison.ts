import { isDeepStrictEqual } from 'node:util';
import type { Level } from '../contract/types.ts';
import type { RecordedSettings } from '../recording/recording.ts';
import type { Outcome, RequirementResult, Results, Verdict } from './results.ts';

/** What a change can be due to. */
const CAUSES = ['target', 'suite', 'contract', 'settings'] as const;
type Cause = (typeof CAUSES)[number];

export type ChangeKind = 'newly-failing' | 'newly-unverified' | 'newly-passing' | 'changed';

/** One of two runs that are compared. */
export interface ComparedRun {
  /** How the reader calls it: a file, or a product. */
  readonly label: string;
  /** What the run itself found; of a bare recording, what this suite finds in it. */
  readonly results: Results;
  /** Absent where there is no recording to judge again. */
  readonly again?: {
    /** The recording judged by this suite and its contract. */
    readonly results: Results;
    /** With settings of the other run in place of its own. */
    with(settings: Partial<RecordedSettings>): Results;
    /** By the contract that the run had; undefined where that is not at hand. */
    underOwnContract(): Results | undefined;
    /** The runner was held up, so that times may not have been trusted. */
    readonly heldUp: boolean;
  };
}

export interface Change {
  readonly id: string;
  readonly level: Level;
  readonly sentence: string;
  readonly kind: ChangeKind;
  readonly before: Outcome;
  readonly after: Outcome;
  /** More than one where several had a part in it or, if not `certain`, where the results alone cannot tell. */
  readonly causes: readonly Cause[];
  readonly certain: boolean;
  /** What is found now; for what passes now, what was found before. */
  readonly message: string;
}

interface RunSummary {
  readonly label: string;
  readonly verdict: Verdict;
  readonly startedAt: string;
  readonly target: string;
  readonly product?: string;
  readonly suite: string;
  readonly contract: string;
}

/** What changed from one run to another, described by `comparison.schema.json`. */
export interface Comparison {
  readonly format: 'words-conformance-comparison/1';
  readonly before: RunSummary;
  readonly after: RunSummary;
  /** What is not the same of the two runs, whether or not it changed an outcome. */
  readonly differences: readonly { readonly what: string; readonly before: string; readonly after: string }[];
  /** Gravest first. */
  readonly changes: readonly Change[];
  readonly levels: readonly { readonly id: string; readonly before: Level; readonly after: Level }[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Verified in one run only, because the machine that made the other was held up: no difference of the target. */
  readonly unsteady: readonly string[];
}

const KINDS: readonly ChangeKind[] = ['newly-failing', 'newly-unverified', 'changed', 'newly-passing'];
/** Settings of a run that its judging depends on. */
const JUDGING_SETTINGS = ['strict', 'speed', 'endCloseSeconds', 'timeCapToleranceSeconds'] as const;

/** Outcome by outcome, and to what each change is due. Pure. */
export function compareRuns(before: ComparedRun, after: ComparedRun): Comparison {
  const earlier = new Map(before.results.requirements.map((row) => [row.id, row]));
  const later = new Map(after.results.requirements.map((row) => [row.id, row]));
  const both = [...later.values()].flatMap((now) => {
    const then = earlier.get(now.id);
    return then === undefined ? [] : [{ then, now }];
  });
  const changed = both.filter(({ then, now }) => then.outcome !== now.outcome);
  const isUnsteady = ({ then, now }: (typeof both)[number]) =>
    (then.outcome === 'inconclusive' && before.again?.heldUp === true) ||
    (now.outcome === 'inconclusive' && after.again?.heldUp === true);
  return {
    format: 'words-conformance-comparison/1',
    before: summaryOf(before),
    after: summaryOf(after),
    differences: differencesOf(before.results, after.results),
    changes: changed
      .filter((rows) => !isUnsteady(rows))
      .map(({ then, now }) => changeOf(then, now, before, after))
      .sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind)),
    levels: both
      .filter(({ then, now }) => then.level !== now.level)
      .map(({ then, now }) => ({ id: now.id, before: then.level, after: now.level })),
    added: [...later.keys()].filter((id) => !earlier.has(id)),
    removed: [...earlier.keys()].filter((id) => !later.has(id)),
    unsteady: changed.filter(isUnsteady).map(({ now }) => now.id),
  };
}

function changeOf(then: RequirementResult, now: RequirementResult, before: ComparedRun, after: ComparedRun): Change {
  const kind = kindOf(now.outcome);
  const shown = kind === 'newly-passing' ? then : now;
  return {
    id: now.id,
    level: now.level,
    sentence: now.sentence,
    kind,
    before: then.outcome,
    after: now.outcome,
    ...causesOf(now.id, before, after),
    message: shown.violations[0]?.message ?? shown.reason ?? shown.sentence,
  };
}

function kindOf(after: Outcome): ChangeKind {
  if (after === 'fail') return 'newly-failing';
  if (after === 'pass') return 'newly-passing';
  return after === 'inconclusive' || after === 'not-applicable' ? 'newly-unverified' : 'changed';
}

/**
 * Where both recordings are at hand, each step is taken alone: from what a run found to what this suite finds in its
 * recording, from one recording to the other, and back. Else what did not change is ruled out.
 */
function causesOf(id: string, before: ComparedRun, after: ComparedRun): Pick<Change, 'causes' | 'certain'> {
  const [earlier, later] = [before.again, after.again];
  if (earlier === undefined || later === undefined) {
    const possible = possibleCauses(before.results, after.results);
    return { causes: possible, certain: possible.length === 1 };
  }
  const causes = new Set<Cause>();
  for (const run of [before, after]) for (const cause of causesOfJudging(id, run)) causes.add(cause);
  const [then, now] = [outcomeIn(earlier.results, id), outcomeIn(later.results, id)];
  if (then !== now) causes.add(causeBetween(id, then, now, before, after));
  return { causes: CAUSES.filter((cause) => causes.has(cause)), certain: true };
}

function possibleCauses(before: Results, after: Results): readonly Cause[] {
  const differs: Readonly<Record<Cause, boolean>> = {
    target: true,
    suite: before.suite.version !== after.suite.version,
    contract: before.contract.sha256 !== after.contract.sha256,
    settings: !isDeepStrictEqual(before.settings, after.settings) || before.selection !== after.selection,
  };
  return CAUSES.filter((cause) => differs[cause]);
}

/** Why a run found something else than this suite finds in its recording. */
function causesOfJudging(id: string, { results, again }: ComparedRun): readonly Cause[] {
  const own = outcomeIn(results, id);
  if (again === undefined || own === outcomeIn(again.results, id)) return [];
  if (own === 'waived' || results.selection === 'filtered') return ['settings'];
  const sameContract = results.contract.sha256 === again.results.contract.sha256;
  if (sameContract) return ['suite'];
  const under = again.underOwnContract();
  return [under === undefined || outcomeIn(under, id) === own ? 'contract' : 'suite'];
}

function causeBetween(
  id: string,
  then: Outcome | undefined,
  now: Outcome | undefined,
  before: ComparedRun,
  after: ComparedRun,
): Cause {
  // Only the operator can declare a rule out of a run.
  if (then === 'not-applicable' || now === 'not-applicable') return 'settings';
  const [own, other] = [after.again?.results.settings, before.again?.results.settings];
  if (!own || !other || JUDGING_SETTINGS.every((name) => own[name] === other[name])) return 'target';
  const swapped = Object.fromEntries(JUDGING_SETTINGS.map((name) => [name, other[name]]));
  const under = after.again?.with(swapped);
  return under !== undefined && outcomeIn(under, id) === then ? 'settings' : 'target';
}

function outcomeIn({ requirements }: Results, id: string): Outcome | undefined {
  return requirements.find((row) => row.id === id)?.outcome;
}

function summaryOf({ label, results }: ComparedRun): RunSummary {
  const { verdict, startedAt, target, product, suite, contract } = results;
  const named = [product?.name, product?.version].filter((part) => part !== undefined).join(' ');
  return {
    label,
    verdict,
    startedAt,
    target: target.baseUrl,
    ...(named === '' ? {} : { product: named }),
    suite: suite.version,
    contract: contract.sha256,
  };
}

function differencesOf(before: Results, after: Results): Comparison['differences'] {
  const named = ({ product }: Results) =>
    [product?.name, product?.version, product?.environment].filter(Boolean).join(' ');
  const settings = new Set([...Object.keys(before.settings ?? {}), ...Object.keys(after.settings ?? {})]) as Set<
    keyof RecordedSettings
  >;
  const pairs: readonly (readonly [what: string, before: unknown, after: unknown])[] = [
    ['target', before.target.baseUrl, after.target.baseUrl],
    ['product', named(before), named(after)],
    ['suite', before.suite.version, after.suite.version],
    [
      'contract',
      `${before.contract.version} ${before.contract.sha256}`,
      `${after.contract.version} ${after.contract.sha256}`,
    ],
    ['selection', before.selection, after.selection],
    ['profile', before.profile, after.profile],
    ...[...settings].map((name) => [`setting ${name}`, before.settings?.[name], after.settings?.[name]] as const),
  ];
  return pairs
    .filter(([, then, now]) => then !== now)
    .map(([what, then, now]) => ({ what, before: String(then ?? ''), after: String(now ?? '') }));
}

import type { StatementCoverage } from './coverage.ts';
import { joinChecks } from './requirements.ts';
import type { RunOutcomes } from './run-outcomes.ts';
import type { Contract, Requirement } from './types.ts';

/** What traceability found: text for the reader, and every reason why it does not hold. */
export interface Traceability {
  readonly lines: readonly string[];
  /** Empty where each sentence is accounted for and the run fits the rows. */
  readonly faults: readonly string[];
}

/** Joins the accounts of the contract's sentences with the outcomes of a run. Pure. */
export function trace(
  contract: Pick<Contract, 'sha256' | 'lineOf'>,
  accounts: readonly StatementCoverage[],
  requirements: readonly Requirement[],
  run: RunOutcomes,
): Traceability {
  const outcomes = new Map(run.requirements.map(({ id, outcome }) => [id, outcome]));
  const faults = [...unaccounted(contract, accounts), ...runFaults(contract, requirements, run)];
  const excluded = accounts.filter((account) => account.requirements.length === 0 && account.excluded.length > 0);
  const lines = accounts.flatMap((account) => accountLines(contract, account, outcomes));
  const covered = accounts.length - excluded.length - unaccounted(contract, accounts).length;
  lines.push(
    '',
    `${accounts.length} statements: ${covered} rest under requirements, ${excluded.length} are excluded with a reason, ` +
      `${unaccounted(contract, accounts).length} are unaccounted for.`,
  );
  return { lines, faults };
}

function accountLines(
  contract: Pick<Contract, 'lineOf'>,
  { statement, requirements, excluded, unaccounted }: StatementCoverage,
  outcomes: ReadonlyMap<string, string>,
): readonly string[] {
  const line = contract.lineOf(statement.pointer);
  return [
    '',
    `${line === undefined ? '' : `line ${line}  `}${statement.pointer}`,
    `  ${statement.text}`,
    ...requirements.map((id) => `    ${(outcomes.get(id) ?? 'not in this run').padEnd(15)} ${id}`),
    ...excluded.map((reason) => `    ${'excluded'.padEnd(15)} ${reason}`),
    ...unaccounted.map((rest) => `    ${'UNACCOUNTED'.padEnd(15)} ${rest}`),
  ];
}

function unaccounted(contract: Pick<Contract, 'lineOf'>, accounts: readonly StatementCoverage[]): readonly string[] {
  return accounts
    .filter((account) => account.unaccounted.length > 0)
    .map(({ statement, unaccounted }) => {
      const rest = unaccounted.map((part) => JSON.stringify(part)).join(', ');
      return `No requirement rests on ${rest} at ${statement.pointer} (line ${contract.lineOf(statement.pointer)}), and no exclusion says why.`;
    });
}

function runFaults(
  contract: Pick<Contract, 'sha256'>,
  requirements: readonly Requirement[],
  run: RunOutcomes,
): readonly string[] {
  const { withoutCheck, withoutRow } = joinChecks(
    requirements,
    run.requirements.map(({ id }) => id),
  );
  const faults = withoutRow.map((id) => `The run has ${JSON.stringify(id)} twice, or there is no such requirement.`);
  // A run that ended in an error, or was filtered, says so itself and promises no outcome for each row.
  if (run.verdict !== 'error' && run.selection === 'all')
    faults.push(...withoutCheck.map((id) => `The run gives no outcome for ${id}.`));
  if (run.contract.sha256 === '')
    faults.push('The run ended before it read a contract, so it has no outcomes to trace.');
  else if (run.contract.sha256 !== contract.sha256)
    faults.push('The run was judged by another contract than the one read here: give its path with --contract.');
  return faults;
}

import { OperatorError } from '../errors.ts';

/** A mistake in the contract's file; line and column from 1, absent where the file could not be read. */
export interface ContractProblem {
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
}

/** The file given as the contract cannot be used: a mistake of configuration, found before any request. */
export class ContractError extends OperatorError {
  override readonly name = 'ContractError';
  readonly path: string;
  readonly problems: readonly ContractProblem[];

  constructor(path: string, problems: readonly ContractProblem[], remedy: string) {
    super(
      `The contract cannot be used:\n${problems
        .map(({ line, column, message }) => `  ${[path, line, column].filter(Boolean).join(':')}: ${message}`)
        .join('\n')}`,
      remedy,
    );
    this.path = path;
    this.problems = problems;
  }
}

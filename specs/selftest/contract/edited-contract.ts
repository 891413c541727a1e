import { readFileSync, writeFileSync } from 'node:fs';
import { test } from '@playwright/test';
import { ContractError } from '../../../helpers/contract/contract-error.ts';
import { loadContract } from '../../../helpers/contract/load.ts';
import type { Contract } from '../../../helpers/contract/types.ts';

/** Text of the contract, and what a later version says in its place. */
export type Edit = readonly [from: string, to: string];

export const CONTRACT_TEXT = readFileSync(new URL('../../../openapi/external-api.yaml', import.meta.url), 'utf8');

/** Replaces text that must be there, and writes the result where the test's files go. */
export function writeEdited(...edits: readonly Edit[]): string {
  let text = CONTRACT_TEXT;
  for (const [from, to] of edits) {
    if (!text.includes(from)) throw new Error(`The contract has no ${JSON.stringify(from)}`);
    text = text.replaceAll(from, to);
  }
  return writeContract(text);
}

export function writeContract(text: string): string {
  const path = test.info().outputPath('contract.yaml');
  writeFileSync(path, text);
  return path;
}

/** The contract as a later version of it would read. */
export function laterContract(...edits: readonly Edit[]): Contract {
  return loadContract(writeEdited(...edits));
}

/** The error with which a file is refused as the contract. */
export function refusal(path: string): ContractError {
  try {
    loadContract(path);
  } catch (error) {
    if (error instanceof ContractError) return error;
    throw error;
  }
  throw new Error(`${path} was accepted as the contract`);
}

/** Line, counted from 1, of the only place where a text stands in the published contract. */
export function lineWith(text: string): number {
  const at = CONTRACT_TEXT.indexOf(text);
  if (at === -1 || CONTRACT_TEXT.indexOf(text, at + 1) !== -1) throw new Error(`${JSON.stringify(text)} is not unique`);
  return CONTRACT_TEXT.slice(0, at).split('\n').length;
}

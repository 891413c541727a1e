import { test } from '@playwright/test';
import fc from 'fast-check';

const FIXED_SEED = 20261122;
const seed = Number(process.env.PROPERTIES_SEED ?? FIXED_SEED);

/** The same cases in every run, unless PROPERTIES_SEED says otherwise; shrunk where one fails. */
export function assertAlways<Values extends [unknown, ...unknown[]]>(
  property: fc.IProperty<Values>,
  numRuns: number,
): void {
  test.info().annotations.push({ type: 'seed', description: String(seed) });
  console.log(`seed ${seed} (PROPERTIES_SEED), ${numRuns} runs`);
  fc.assert(property, { seed, numRuns });
}

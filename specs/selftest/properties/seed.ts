import { test } from '@playwright/test';
import fc from 'fast-check';

const FIXED_SEED = 20261122;
const seed = Number(process.env.PROPERTIES_SEED ?? FIXED_SEED);
let isPrinted = false;

/** The same cases in every run, unless PROPERTIES_SEED says otherwise; shrunk where one fails. */
export function assertAlways<Values extends [unknown, ...unknown[]]>(
  property: fc.IProperty<Values>,
  numRuns: number,
): void {
  test.info().annotations.push({ type: 'seed', description: String(seed) });
  if (!isPrinted) console.log(`Sessions come from the seed ${seed}; PROPERTIES_SEED=${seed} gives them again.`);
  isPrinted = true;
  fc.assert(property, { seed, numRuns });
}

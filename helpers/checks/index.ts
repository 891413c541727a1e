import type { Check } from './check.ts';

/** One check per requirement, area by area. */
export const checks: readonly Check[] = [];

import type { Fault } from '../types.ts';

export const orderingFaults: readonly Fault[] = [];

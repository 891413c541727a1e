import type { Fault } from '../types.ts';

export const batchingFaults: readonly Fault[] = [];

import type { Fault } from '../types.ts';

export const contractFaults: readonly Fault[] = [];

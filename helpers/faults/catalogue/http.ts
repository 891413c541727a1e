import type { Fault } from '../types.ts';

export const httpFaults: readonly Fault[] = [];

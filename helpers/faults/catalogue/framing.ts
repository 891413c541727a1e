import type { Fault } from '../types.ts';

export const framingFaults: readonly Fault[] = [];

import type { Fault } from '../types.ts';

export const endingFaults: readonly Fault[] = [];

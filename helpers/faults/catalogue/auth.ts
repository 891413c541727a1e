import type { Fault } from '../types.ts';

export const authFaults: readonly Fault[] = [];

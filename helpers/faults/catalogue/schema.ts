import type { Fault } from '../types.ts';

export const schemaFaults: readonly Fault[] = [];

import type { Fault } from '../types.ts';

export const snapshotFaults: readonly Fault[] = [];

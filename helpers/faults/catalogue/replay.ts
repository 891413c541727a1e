import type { Fault } from '../types.ts';

export const replayFaults: readonly Fault[] = [];

import type { Fault } from '../types.ts';

export const livenessFaults: readonly Fault[] = [];

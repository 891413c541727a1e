import type { Fault } from '../types.ts';

export const tokensFaults: readonly Fault[] = [];

import type { Fault } from '../types.ts';

export const errorsFaults: readonly Fault[] = [];

import type { Fault } from '../types.ts';

export const rateLimitFaults: readonly Fault[] = [];

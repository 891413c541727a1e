import type { Neighbour } from '../types.ts';

export const rateLimitNeighbours: readonly Neighbour[] = [];

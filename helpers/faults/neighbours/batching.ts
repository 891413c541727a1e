import type { Neighbour } from '../types.ts';

export const batchingNeighbours: readonly Neighbour[] = [];

import type { Neighbour } from '../types.ts';

export const authNeighbours: readonly Neighbour[] = [];

import type { Neighbour } from '../types.ts';

export const httpNeighbours: readonly Neighbour[] = [];

import type { Neighbour } from '../types.ts';

export const orderingNeighbours: readonly Neighbour[] = [];

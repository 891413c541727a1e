import type { Neighbour } from '../types.ts';

export const framingNeighbours: readonly Neighbour[] = [];

import type { Neighbour } from '../types.ts';

export const contractNeighbours: readonly Neighbour[] = [];

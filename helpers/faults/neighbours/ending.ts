import type { Neighbour } from '../types.ts';

export const endingNeighbours: readonly Neighbour[] = [];

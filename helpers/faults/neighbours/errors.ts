import type { Neighbour } from '../types.ts';

export const errorsNeighbours: readonly Neighbour[] = [];

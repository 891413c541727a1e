import type { Neighbour } from '../types.ts';

export const schemaNeighbours: readonly Neighbour[] = [];

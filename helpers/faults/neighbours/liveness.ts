import type { Neighbour } from '../types.ts';

export const livenessNeighbours: readonly Neighbour[] = [];

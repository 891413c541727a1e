import type { Neighbour } from '../types.ts';

export const tokensNeighbours: readonly Neighbour[] = [];

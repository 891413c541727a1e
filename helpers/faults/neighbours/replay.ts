import type { Neighbour } from '../types.ts';

export const replayNeighbours: readonly Neighbour[] = [];

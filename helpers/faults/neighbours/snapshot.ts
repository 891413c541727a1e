import type { Neighbour } from '../types.ts';

export const snapshotNeighbours: readonly Neighbour[] = [];

import { authFaults } from './catalogue/auth.ts';
import { batchingFaults } from './catalogue/batching.ts';
import { contractFaults } from './catalogue/contract.ts';
import { endingFaults } from './catalogue/ending.ts';
import { errorsFaults } from './catalogue/errors.ts';
import { framingFaults } from './catalogue/framing.ts';
import { httpFaults } from './catalogue/http.ts';
import { livenessFaults } from './catalogue/liveness.ts';
import { orderingFaults } from './catalogue/ordering.ts';
import { rateLimitFaults } from './catalogue/rate-limit.ts';
import { replayFaults } from './catalogue/replay.ts';
import { schemaFaults } from './catalogue/schema.ts';
import { snapshotFaults } from './catalogue/snapshot.ts';
import { tokensFaults } from './catalogue/tokens.ts';
import { authNeighbours } from './neighbours/auth.ts';
import { batchingNeighbours } from './neighbours/batching.ts';
import { contractNeighbours } from './neighbours/contract.ts';
import { endingNeighbours } from './neighbours/ending.ts';
import { errorsNeighbours } from './neighbours/errors.ts';
import { framingNeighbours } from './neighbours/framing.ts';
import { httpNeighbours } from './neighbours/http.ts';
import { livenessNeighbours } from './neighbours/liveness.ts';
import { orderingNeighbours } from './neighbours/ordering.ts';
import { rateLimitNeighbours } from './neighbours/rate-limit.ts';
import { replayNeighbours } from './neighbours/replay.ts';
import { schemaNeighbours } from './neighbours/schema.ts';
import { snapshotNeighbours } from './neighbours/snapshot.ts';
import { tokensNeighbours } from './neighbours/tokens.ts';
import type { Fault, Neighbour } from './types.ts';

/** Every fault that the suite is proved with, in the order of the requirements' areas. */
export const faults: readonly Fault[] = [
  ...contractFaults,
  ...httpFaults,
  ...framingFaults,
  ...endingFaults,
  ...schemaFaults,
  ...batchingFaults,
  ...orderingFaults,
  ...tokensFaults,
  ...livenessFaults,
  ...replayFaults,
  ...snapshotFaults,
  ...errorsFaults,
  ...authFaults,
  ...rateLimitFaults,
];

/** Every conforming oddity that the suite must leave alone, in the order of the requirements' areas. */
export const neighbours: readonly Neighbour[] = [
  ...contractNeighbours,
  ...httpNeighbours,
  ...framingNeighbours,
  ...endingNeighbours,
  ...schemaNeighbours,
  ...batchingNeighbours,
  ...orderingNeighbours,
  ...tokensNeighbours,
  ...livenessNeighbours,
  ...replayNeighbours,
  ...snapshotNeighbours,
  ...errorsNeighbours,
  ...authNeighbours,
  ...rateLimitNeighbours,
];

import type { ReferenceOptions } from '../reference/options.ts';
import { defaultStages } from '../reference/stages.ts';
import { authFaults, authVariants } from './auth.ts';
import { batchingFaults, batchingVariants } from './batching.ts';
import type { Fault, Variant } from './cases.ts';
import { contractFaults, contractVariants } from './contract.ts';
import { endingFaults, endingVariants } from './ending.ts';
import { errorsFaults, errorsVariants } from './errors.ts';
import { framingFaults, framingVariants } from './framing.ts';
import { httpFaults, httpVariants } from './http.ts';
import { livenessFaults, livenessVariants } from './liveness.ts';
import { orderingFaults, orderingVariants } from './ordering.ts';
import { stacked } from './overrides.ts';
import { rateLimitFaults, rateLimitVariants } from './rate-limit.ts';
import { replayFaults, replayVariants } from './replay.ts';
import { schemaFaults, schemaVariants } from './schema.ts';
import { snapshotFaults, snapshotVariants } from './snapshot.ts';
import { tokensFaults, tokensVariants } from './tokens.ts';

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
export const variants: readonly Variant[] = [
  ...contractVariants,
  ...httpVariants,
  ...framingVariants,
  ...endingVariants,
  ...schemaVariants,
  ...batchingVariants,
  ...orderingVariants,
  ...tokensVariants,
  ...livenessVariants,
  ...replayVariants,
  ...snapshotVariants,
  ...errorsVariants,
  ...authVariants,
  ...rateLimitVariants,
];

/** @throws Error where the catalogue has no such fault */
export function faultCalled(id: string): Fault {
  const fault = faults.find((one) => one.id === id);
  if (fault === undefined) throw new Error(`the catalogue has no fault ${id}`);
  return fault;
}

/** The options of a reference server that has all these faults at once: each wraps the stages of those before it. */
export function combined(ids: readonly string[]): Partial<ReferenceOptions> {
  const named = ids.map(faultCalled);
  const overrides = named.flatMap(({ stages }) => (stages === undefined ? [] : [stages]));
  const options: Partial<ReferenceOptions> = Object.assign({}, ...named.map(({ server }) => server));
  return { ...options, stages: stacked(...overrides)(defaultStages) };
}

import type { ReferenceOptions } from '../reference/options.ts';
import { defaultStages } from '../reference/stages.ts';
import * as auth from './auth.ts';
import * as batching from './batching.ts';
import type { Fault, Variant } from './cases.ts';
import * as contract from './contract.ts';
import * as ending from './ending.ts';
import * as errors from './errors.ts';
import * as framing from './framing.ts';
import * as http from './http.ts';
import * as liveness from './liveness.ts';
import * as ordering from './ordering.ts';
import { stacked } from './overrides.ts';
import * as rateLimit from './rate-limit.ts';
import * as replay from './replay.ts';
import * as schema from './schema.ts';
import * as snapshot from './snapshot.ts';
import * as tokens from './tokens.ts';

/** In the order of the requirements. */
const AREAS = [
  contract,
  http,
  framing,
  ending,
  schema,
  batching,
  ordering,
  tokens,
  liveness,
  replay,
  snapshot,
  errors,
  auth,
  rateLimit,
];

/** Every fault that the suite is proved with. */
export const faults: readonly Fault[] = AREAS.flatMap((area) => area.faults);

/** Every conforming variant, which the suite must leave alone. */
export const variants: readonly Variant[] = AREAS.flatMap((area) => area.variants);

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

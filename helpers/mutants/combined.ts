import type { ReferenceOptions } from '../reference/options.ts';
import type { Stages } from '../reference/pipeline.ts';
import { defaultStages } from '../reference/stages.ts';
import type { Fault } from './cases.ts';
import { faults } from './index.ts';

/** @throws Error where the catalogue has no such fault */
export function faultCalled(id: string): Fault {
  const fault = faults.find((one) => one.id === id);
  if (fault === undefined) throw new Error(`the catalogue has no fault ${id}`);
  return fault;
}

/** The options of a reference server that has all these faults at once: each wraps the stages of those before it. */
export function combined(ids: readonly string[]): Partial<ReferenceOptions> {
  let stages: Stages = defaultStages;
  let options: Partial<ReferenceOptions> = {};
  for (const fault of ids.map(faultCalled)) {
    stages = { ...stages, ...fault.stages?.(stages) };
    options = { ...options, ...fault.server };
  }
  return { ...options, stages };
}

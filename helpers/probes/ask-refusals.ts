import type { Connection } from '../http/connection.ts';
import { REFUSED_FORM } from '../recording/recording.ts';
import type { ProbeOutcome } from './probe.ts';
import { beforeLookupSpecs, malformedSpecs, notFoundSpec, type RefusalSpec, refusalSpecs } from './refusals.ts';
import type { Run } from './run.ts';
import { type UnknownId, unknownStreamIds } from './unknown-stream-id.ts';

/** A stream that was opened by mistake has shown enough after this long. */
const GRANTED_SECONDS = 1;

/** The session that the refusals are about, and the exchange that proved that it can be read. */
export interface RefusalTarget {
  readonly streamId: string;
  /** Id of the exchange with the same URL that was granted. */
  readonly control: string;
  /** The one that the control came on, where it may be open still. */
  readonly connection?: Connection;
}

/** Asks for everything that must be refused, as many at once as the pace allows. */
export async function askRefusals(run: Run, against: RefusalSpec['against'], target: RefusalTarget): Promise<void> {
  if (against === 'unknown') await askUnknown(run, target);
  else await Promise.all(refusalSpecs(run.settings, against).map((spec) => ask(run, spec, target)));
}

async function askUnknown(run: Run, target: RefusalTarget): Promise<void> {
  const malformed = malformedSpecs(run.primary.kind).map((spec) => ask(run, spec, target));
  await Promise.all([...malformed, askNotFound(run, target)]);
}

/** One id after another, until the answer to one proves something. */
async function askNotFound(run: Run, target: RefusalTarget): Promise<void> {
  const { unknownStreamId } = run.settings;
  const ids: readonly UnknownId[] =
    unknownStreamId === undefined ? unknownStreamIds(target.streamId) : [{ id: unknownStreamId, isGuess: false }];
  let asked = '';
  for (const [index, unknown] of ids.entries()) {
    asked = unknown.id;
    const outcome = await ask(run, notFoundSpec(run.primary.kind, unknown, index), target);
    const status = outcome?.response?.status ?? 0;
    if (!unknown.isGuess || !(REFUSED_FORM.includes(status) || (status >= 200 && status < 300))) break;
  }
  await Promise.all(beforeLookupSpecs(asked).map((spec) => ask(run, spec, target)));
}

async function ask(
  run: Run,
  spec: RefusalSpec,
  { streamId, control, connection }: RefusalTarget,
): Promise<ProbeOutcome | undefined> {
  const credential = run.credentials.get(spec.credential);
  if (!credential) return undefined;
  const asked = spec.segment ?? encodeURIComponent(streamId);
  // A request about another id without a credential differs from the granted one in two things.
  const comparable = spec.probe !== 'before-lookup';
  return run.send({
    id: spec.id,
    purpose: { kind: 'refusal', probe: spec.probe, variant: spec.variant, against: spec.against },
    credential,
    path: run.wordsPath(asked),
    streamId: spec.segment ?? streamId,
    ...(comparable ? { control } : {}),
    ...(spec.isOnSameConnection && connection ? { connection } : {}),
    priority: spec.against === 'live' || spec.isOnSameConnection ? 1 : 2,
    onHead: ({ status }, stop) => {
      if (status < 300) setTimeout(() => stop('probe'), GRANTED_SECONDS * 1000).unref();
    },
  });
}

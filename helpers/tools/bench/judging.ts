import { createParser } from 'eventsource-parser';
import { checks } from '../../cli/checks.ts';
import { loadRequirements } from '../../contract/requirements.ts';
import type { Contract } from '../../contract/types.ts';
import { gatherEvidence } from '../../judging/evidence.ts';
import type { Recording } from '../../recording/recording.ts';
import { type Assessment, assess } from '../../results/assess.ts';

/** Everything that judging does: all bodies read, every check, the verdict. */
export function judge(recording: Recording, contract: Contract): Assessment {
  const evidence = gatherEvidence(recording, contract, loadRequirements());
  return assess(evidence, { strict: false, waivers: [], today: '2026-01-01', checks });
}

/**
 * The least that any judge of the same bytes does: eventsource-parser, `JSON.parse` and the compiled `WordBatch` schema.
 * Gives the number of batches that are valid.
 */
export function floor(recording: Recording, contract: Contract): number {
  let valid = 0;
  for (const { chunks } of recording.exchanges) {
    const decoder = new TextDecoder();
    const parser = createParser({
      onEvent({ event, data }) {
        const value: unknown = JSON.parse(data);
        if (event === undefined && contract.validateWordBatch(value).length === 0) valid += 1;
      },
    });
    for (const { bytes } of chunks) parser.feed(decoder.decode(bytes, { stream: true }));
  }
  return valid;
}

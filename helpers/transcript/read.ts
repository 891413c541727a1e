import type { Contract } from '../contract/types.ts';
import type { Exchange } from '../recording/recording.ts';
import type { Transcript } from './transcript.ts';

/** Reads one body as an event stream (WHATWG HTML §9.2). Pure; never throws on bytes of the target. */
export function readTranscript(exchange: Exchange, _contract: Contract): Transcript {
  throw new Error(`not written yet: ${exchange.id}`);
}

import type { Contract, Requirement, RequirementId } from '../contract/types.ts';
import { exchangeName } from '../recording/exchange-name.ts';
import type { Exchange, Need, Recording } from '../recording/recording.ts';
import { readTranscript } from '../transcript/read.ts';
import type { Transcript } from '../transcript/transcript.ts';
import type { Evidence, Subscription, Unverified } from './check.ts';
import { hasEnded } from './root-causes.ts';

/** Reads every body of a recording once, for all checks. Pure. */
export function gatherEvidence(
  recording: Recording,
  contract: Contract,
  requirements: readonly Requirement[],
): Evidence {
  const subscriptions: Subscription[] = [];
  const unopened: { exchange: Exchange; because: RequirementId; reason: string }[] = [];
  for (const exchange of recording.exchanges) {
    if (exchange.purpose.kind !== 'subscription' || exchange.supersededBy !== undefined) continue;
    const transcript = readTranscript(exchange, contract);
    const obstacle = whyNotOpened(exchange, transcript);
    if (obstacle) unopened.push({ exchange, ...obstacle });
    else
      subscriptions.push({
        exchange,
        role: exchange.purpose.role,
        streamId: exchange.streamId ?? '',
        transcript,
      });
  }
  return { recording, contract, requirements, subscriptions, unopened, unmet: (need) => unmetNeed(recording, need) };
}

/** The evidence of what is written of its recording: of a stream whose bytes stayed nothing is read again. */
export function evidenceOfWritten(evidence: Evidence, written: Recording): Evidence {
  const exchangeOf = new Map(
    evidence.recording.exchanges.map((exchange, index) => [exchange, written.exchanges[index]]),
  );
  const subscriptions = evidence.subscriptions.map((subscription): Subscription => {
    const exchange = exchangeOf.get(subscription.exchange) ?? subscription.exchange;
    const { transcript } = subscription;
    const same = exchange.chunks.every(({ bytes }, index) => bytes === subscription.exchange.chunks[index]?.bytes);
    return {
      ...subscription,
      exchange,
      transcript: same ? { ...transcript, exchange } : readTranscript(exchange, evidence.contract),
    };
  });
  return { ...evidence, recording: written, subscriptions };
}

/** The media type alone, lower case, without parameters (RFC 9110 §8.3.1). */
export function mediaType(contentType: string | undefined): string {
  return (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** First value of a response header; names compare without case (RFC 9110 §5.1). */
export function header(exchange: Exchange, name: string): string | undefined {
  return exchange.response?.headers.find(([key]) => key.toLowerCase() === name)?.[1];
}

/** Whether bytes came in place of a head that a client can read. */
export function hasUnreadableHead({ ending }: Exchange): boolean {
  return ending.kind === 'no-response' && ending.fault === 'malformed';
}

function whyNotOpened(
  exchange: Exchange,
  transcript: Transcript,
): { because: RequirementId; reason: string } | undefined {
  const { response, ending } = exchange;
  if (!response) {
    const detail = ending.kind === 'no-response' ? `${ending.fault}: ${ending.detail}` : ending.kind;
    const because = hasUnreadableHead(exchange) ? 'http.head' : 'http.status';
    return { because, reason: `${exchangeName(exchange)} got no response (${detail})` };
  }
  if (response.status !== 200)
    return { because: 'http.status', reason: `${exchangeName(exchange)} was answered ${response.status}, not 200` };
  const type = mediaType(header(exchange, 'content-type'));
  // One that is called otherwise, and plainly is an event stream, has that one breach; its words can be judged.
  if (type !== 'text/event-stream' && transcript.words.length === 0 && !hasEnded(transcript))
    return { because: 'http.content-type', reason: `${exchangeName(exchange)} came as ${type || 'no media type'}` };
  return undefined;
}

function unmetNeed(recording: Recording, need: Need): Unverified | undefined {
  const unmet = recording.unmet.find((entry) => entry.need === need);
  return unmet && { reason: unmet.reason, remedy: unmet.remedy };
}

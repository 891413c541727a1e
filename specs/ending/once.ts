import type { Check, Evidence, Subscription, Violation } from '../../helpers/judging/check.ts';
import {
  atEvent,
  blockedBy,
  counted,
  type Findings,
  measuredSeconds,
  printable,
  quoted,
  shownValue,
} from '../../helpers/judging/findings.ts';
import { endsOf } from '../../helpers/judging/judged-ends.ts';
import { endHiddenBy } from '../../helpers/judging/root-causes.ts';
import { breaksOff, outlivedBy, stoppedTooEarly } from '../../helpers/judging/unfinished-streams.ts';
import { exchangeName } from '../../helpers/recording/exchange-name.ts';
import type { StreamEvent, Transcript } from '../../helpers/transcript/transcript.ts';

const EXPECTED = ['exactly one event: end, with data and a blank line, on every subscription that runs to its end'];

export const once: Check = {
  id: 'ending.once',
  sentence: 'Every subscription that runs to its end receives exactly one end event.',
  judge(evidence, findings) {
    for (const subscription of evidence.subscriptions) {
      const ends = endsOf(subscription.transcript);
      const [, second] = ends;
      if (second !== undefined) {
        findings.observe();
        findings.violate(() => endedAgain(subscription, ends.length, second));
      } else if (ends.length === 1) findings.observe();
      else judgeWithoutEnd(evidence, subscription, findings);
    }
  },
};

function judgeWithoutEnd(evidence: Evidence, subscription: Subscription, findings: Findings): void {
  const { exchange, transcript } = subscription;
  const hidden = endHiddenBy(transcript);
  if (hidden) {
    findings.leaveUnverified(blockedBy(hidden));
    return;
  }
  if (exchange.ending.kind === 'complete') {
    findings.observe();
    findings.violate(() =>
      neverEnded(
        subscription,
        `The response ${transcript.bytes.length === 0 ? 'had an empty body, and so no' : 'ended without an'} end event`,
      ),
    );
  } else if (exchange.ending.kind === 'stopped' && exchange.ending.bound !== 'probe') {
    const outlived = outlivedBy(evidence, subscription);
    if (outlived === undefined) findings.leaveUnverified(stoppedTooEarly(subscription));
    else {
      findings.observe();
      findings.violate(() =>
        neverEnded(
          subscription,
          `The stream stayed open without an end event: ${outlived.over}, and no event came in its last ${measuredSeconds(outlived.silence)}`,
        ),
      );
    }
  }
}

function endedAgain(subscription: Subscription, count: number, second: StreamEvent): Violation {
  return {
    message: `${counted(count, 'end event')} arrived on ${exchangeName(subscription.exchange)}, where one is due.`,
    expected: EXPECTED,
    actual: counted(count, 'end event'),
    ...atEvent(subscription, second),
  };
}

function neverEnded(subscription: Subscription, how: string): Violation {
  const { exchange, transcript } = subscription;
  const stray = transcript.events.findLast(
    (event) =>
      event.dispatch === 'dispatched' && (event.kind === 'other' || event.json !== null || event.wordCount === 0),
  );
  return {
    message: `${how}${stray === undefined ? '' : `; ${printable(inWords(stray))} is no end event`}.`,
    expected: EXPECTED,
    actual: `no end event: ${breaksOff(transcript) ? 'the body breaks off inside a line' : 'it was never sent'}${lastLine(transcript)}`,
    exchange: exchange.id,
    at: exchange.ending.at,
    ...(stray === undefined ? fromLastEvent(subscription) : atEvent(subscription, stray)),
  };
}

/** The last event, with all that came after it. */
function fromLastEvent(subscription: Subscription): Partial<Violation> {
  const { bytes, events } = subscription.transcript;
  const last = events.at(-1);
  if (last === undefined) return bytes.length === 0 ? {} : { byteOffset: 0, byteLength: bytes.length };
  return { ...atEvent(subscription, last), byteLength: bytes.length - last.byteOffset };
}

function lastLine({ bytes }: Transcript): string {
  const line = new TextDecoder()
    .decode(bytes)
    .split(/[\r\n]+/)
    .findLast((one) => one !== '');
  return line === undefined ? '' : `; the last line is ${quoted(line, 160)}`;
}

function inWords(event: StreamEvent): string {
  const payload = event.payload === undefined ? '' : ` with ${shownValue(event.payload, 60)}`;
  return event.kind === 'other'
    ? `event ${event.index} of type "${event.type.slice(0, 40)}"${payload}`
    : `event ${event.index} of the default type${payload}`;
}

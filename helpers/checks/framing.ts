import { Buffer } from 'node:buffer';
import type { Check, Evidence, Judgement, Subscription } from '../judging/check.ts';
import { atByte, atEvent, counted, Findings, nothingObserved, printable, quoted } from '../judging/findings.ts';
import { endInDisguise, hidesContent, isIntact, isMaimed, isUtf16 } from '../judging/root-causes.ts';
import type { LineIssue, StreamEvent } from '../transcript/transcript.ts';

const REMEDY = 'Subscribe to a session that speaks, so that there is a stream to look at.';

const utf8: Check = {
  id: 'framing.utf8',
  judge: (evidence) =>
    judgeBodies(evidence, (subscription, findings) => {
      const { transcript } = subscription;
      const offset = isUtf16(transcript) ? 0 : transcript.invalidUtf8At;
      if (offset === null) return;
      findings.violate(() => ({
        message: isUtf16(transcript)
          ? `The body of ${subscription.exchange.id} is UTF-16, not UTF-8.`
          : `The byte at offset ${offset} of ${subscription.exchange.id} begins no valid UTF-8 sequence.`,
        expected: ['a body that is valid UTF-8 throughout'],
        actual: `bytes ${Buffer.from(transcript.bytes.subarray(offset, offset + 4)).toString('hex')}`,
        ...atByte(subscription, offset, Math.min(4, transcript.bytes.length - offset)),
      }));
    }),
};

const fields: Check = {
  id: 'framing.fields',
  judge: (evidence) =>
    judgeLines(evidence, hidesContent, (issue) => ({
      message:
        issue.kind === 'bare-json'
          ? 'A line holds JSON without a field name, so clients ignore it.'
          : `A line has the field name ${quoted(issue.field)}, which clients ignore: names are compared literally.`,
      expected: ['data:, event:, id: or retry: at the very start of the line, in lower case', 'a comment'],
      actual: `field name ${quoted(issue.field)}`,
    })),
};

const unknownFields: Check = {
  id: 'framing.unknown-fields',
  judge: (evidence) =>
    judgeLines(
      evidence,
      (issue) => issue.kind === 'unknown-field',
      (issue) => ({
        message: `A line has the field name ${quoted(issue.field)}, which event streams do not have.`,
        expected: ['the fields event, data, id and retry', 'a comment'],
        actual: `field name ${quoted(issue.field)}`,
      }),
    ),
};

const retryId: Check = {
  id: 'framing.retry-id',
  judge: (evidence) =>
    judgeLines(
      evidence,
      (issue) => issue.kind === 'bad-retry' || issue.kind === 'nul-in-id',
      (issue) =>
        issue.kind === 'bad-retry'
          ? {
              message: 'A retry field holds something other than ASCII digits, so clients ignore it.',
              expected: ['retry: with ASCII digits only'],
              actual: 'a retry field with other characters',
            }
          : {
              message: 'An id field holds a NUL, so clients ignore it.',
              expected: ['id: without U+0000'],
              actual: 'an id field with U+0000',
            },
    ),
};

const bom: Check = {
  id: 'framing.bom',
  judge: (evidence) =>
    judgeBodies(evidence, (subscription, findings) => {
      if (isUtf16(subscription.transcript)) return;
      for (const offset of subscription.transcript.strayByteOrderMarks)
        findings.violate(() => ({
          message: `A byte order mark stands at offset ${offset}, where it becomes part of a field name.`,
          expected: ['a byte order mark at offset 0 only', 'none'],
          actual: `EF BB BF at offset ${offset}`,
          ...atByte(subscription, offset, 3),
        }));
    }),
};

const dispatched: Check = {
  id: 'framing.dispatched',
  judge: (evidence) =>
    judgeEvents(evidence, (subscription, event, findings) => {
      const { exchange, transcript } = subscription;
      if (isMaimed(transcript, event)) return;
      const cutByTheRunOrTheNetwork = event.dispatch === 'unterminated' && exchange.ending.kind !== 'complete';
      if (cutByTheRunOrTheNetwork) return;
      findings.observe();
      if (event.dispatch === 'dispatched') return;
      const open = event.dispatch === 'unterminated';
      findings.violate(() => ({
        message: open
          ? `The last event, of type ${quoted(event.type)}, is left without its blank line when the body ends, so clients drop it.`
          : `Event ${event.index} has the type ${quoted(event.type)} but no data line, so clients never see it.`,
        expected: ['data lines, and a blank line after each event'],
        actual: open ? 'no blank line before the end of the body' : 'no data line',
        ...atEvent(subscription, event),
      }));
    }),
};

const eventTypes: Check = {
  id: 'framing.event-types',
  judge: (evidence) =>
    judgeEvents(evidence, (subscription, event, findings) => {
      if (!isIntact(subscription.transcript, event) || event === endInDisguise(subscription.transcript)) return;
      findings.observe();
      if (event.kind !== 'other') return;
      findings.violate(() => ({
        message: `Event ${event.index} has the type ${quoted(event.type)}, which neither a batch nor the end has.`,
        expected: ['no event field, or event: message, on a batch', 'event: end on the end'],
        actual: `event: ${printable(event.type.slice(0, 80))}`,
        ...atEvent(subscription, event),
      }));
    }),
};

const json: Check = {
  id: 'framing.json',
  judge: (evidence) =>
    judgeEvents(evidence, (subscription, event, findings) => {
      if (!isIntact(subscription.transcript, event) || event === endInDisguise(subscription.transcript)) return;
      findings.observe();
      const fault = event.json;
      if (fault === null) return;
      findings.violate(() => ({
        message: `The data of event ${event.index} is not exactly one JSON text: ${printable(fault.message)}.`,
        expected: ['one JSON text (RFC 8259)'],
        actual: fault.position === undefined ? 'no JSON text' : `a fault at character ${fault.position} of the data`,
        ...atEvent(subscription, event),
      }));
    }),
};

export const framingChecks: readonly Check[] = [
  utf8,
  fields,
  unknownFields,
  dispatched,
  eventTypes,
  bom,
  json,
  retryId,
];

/** One observation per body that holds anything. */
function judgeBodies(evidence: Evidence, judge: (subscription: Subscription, findings: Findings) => void): Judgement {
  const findings = new Findings();
  for (const subscription of evidence.subscriptions) {
    if (subscription.transcript.bytes.length === 0) continue;
    findings.observe();
    judge(subscription, findings);
  }
  return findings.judgement(() => nothingObserved(evidence, 'bytes', REMEDY));
}

/** Lines are not kept; the blocks they form stand for them. */
function judgeLines(
  evidence: Evidence,
  concerns: (issue: LineIssue) => boolean,
  explain: (issue: LineIssue) => { readonly message: string; readonly expected: string[]; readonly actual: string },
): Judgement {
  const findings = new Findings();
  for (const subscription of evidence.subscriptions) {
    const { transcript } = subscription;
    if (transcript.bytes.length === 0 || isUtf16(transcript)) continue;
    findings.observe(Math.max(1, transcript.events.length));
    // What a body leaves unfinished at its end is no line (WHATWG HTML §9.2.6).
    const isUnfinished = ({ kind, byteOffset, byteLength }: LineIssue) =>
      kind === 'unknown-field' && byteOffset + byteLength === transcript.bytes.length;
    for (const issue of transcript.lineIssues)
      if (concerns(issue) && !isUnfinished(issue))
        findings.violate(() => ({ ...explain(issue), ...atByte(subscription, issue.byteOffset, issue.byteLength) }));
    if (transcript.lineIssueCount > transcript.lineIssues.length)
      findings.note(
        `${subscription.exchange.id}: ${counted(transcript.lineIssueCount, 'line')} that clients ignore, of which ${transcript.lineIssues.length} are kept.`,
      );
  }
  return findings.judgement(() => nothingObserved(evidence, 'line', REMEDY));
}

function judgeEvents(
  evidence: Evidence,
  judge: (subscription: Subscription, event: StreamEvent, findings: Findings) => void,
): Judgement {
  const findings = new Findings();
  for (const subscription of evidence.subscriptions) {
    if (isUtf16(subscription.transcript)) continue;
    for (const event of subscription.transcript.events) judge(subscription, event, findings);
  }
  return findings.judgement(() => nothingObserved(evidence, 'event', REMEDY));
}

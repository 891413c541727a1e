import { exchangeName } from '../recording/exchange-name.ts';
import type { LineIssue } from '../transcript/transcript.ts';
import type { Evidence } from './check.ts';
import { atByte, counted, type Findings } from './findings.ts';
import { isUtf16 } from './root-causes.ts';
import { bodiesIn } from './streams.ts';

type Fault = { readonly message: string; readonly expected: readonly string[]; readonly actual: string };

/** Judges the lines that a client ignores. Lines are not kept; the blocks that they form are counted in their place. */
export function judgeIgnoredLines(
  evidence: Evidence,
  findings: Findings,
  faultOf: (issue: LineIssue) => Fault | undefined,
): void {
  for (const subscription of bodiesIn(evidence)) {
    const { transcript } = subscription;
    if (isUtf16(transcript)) continue;
    findings.observe(Math.max(1, transcript.events.length));
    for (const issue of transcript.lineIssues) {
      const { kind, byteOffset, byteLength } = issue;
      // What a body leaves unfinished at its end is no line (WHATWG HTML §9.2.6).
      if (kind === 'unknown-field' && byteOffset + byteLength === transcript.bytes.length) continue;
      const fault = faultOf(issue);
      if (fault !== undefined) findings.violate(() => ({ ...fault, ...atByte(subscription, byteOffset, byteLength) }));
    }
    if (transcript.lineIssueCount > transcript.lineIssues.length)
      findings.note(
        `${exchangeName(subscription.exchange)}: ${counted(transcript.lineIssueCount, 'line')} that clients ignore, of which ${transcript.lineIssues.length} are kept.`,
      );
  }
}

import {
  atHead,
  declaredOut,
  refusedBecause,
  shownAnswer,
  subscriptionRequests,
  whyAbsent,
} from '../judging/answers.ts';
import type { Check, Evidence, Judgement, Subscription } from '../judging/check.ts';
import { blockedBy, Findings, quoted } from '../judging/findings.ts';
import { liveWordsOf, whyIncomparable, withRole } from '../judging/live-words.ts';
import { judgePaces, paceOfSnapshot } from '../judging/pace.ts';
import { cutBy, endHiddenBy, hasEnded } from '../judging/root-causes.ts';
import { differenceOf, differs, type WordSequence } from '../judging/word-sequences.ts';
import type { Exchange } from '../recording/recording.ts';
import { snapshotUnwatched } from './snapshot-unwatched.ts';

/**
 * That a completed session is served at all: refused where other subscriptions open is this rule's failure. Whether
 * its words are all there is snapshot.equals-live, and whether it ends as it should, ending.once.
 */
function judgeServed(evidence: Evidence): Judgement {
  const { recording } = evidence;
  const findings = new Findings();
  for (const exchange of snapshotRequests(evidence)) {
    if (refusedBecause(exchange, recording) !== 'snapshot.served') continue;
    if (isUnknownAsGiven(exchange, evidence)) {
      findings.leaveUnverified({
        reason: `${exchange.id} was answered 404: the target does not know ${quoted(exchange.streamId ?? '', 60)}, which the run was given as a completed session.`,
        remedy: 'Check WORDS_COMPLETED_STREAM_ID. Where it names a session of this account, the target has lost it.',
      });
      continue;
    }
    findings.observe();
    findings.violate(() => ({
      message: `${exchange.id} asked for a completed session and got ${shownAnswer(exchange)}.`,
      expected: ['200 with all words and the end'],
      actual: shownAnswer(exchange),
      ...atHead(exchange),
    }));
  }
  for (const { exchange, transcript } of withRole(evidence, 'snapshot')) {
    const because = cutBy(exchange) ?? endHiddenBy(transcript)?.because;
    if (hasEnded(transcript)) {
      findings.observe();
      if (transcript.words.length === 0) findings.note(`${exchange.id} holds no words.`);
    } else if (because !== undefined || exchange.ending.kind === 'complete') {
      const cause = because ?? 'ending.once';
      findings.leaveUnverified(blockedBy({ because: cause, reason: `${exchange.id} has no end that a client sees.` }));
    } else
      findings.leaveUnverified({
        reason: `${exchange.id} did not end within the bounds of the run.`,
        remedy: 'Raise WORDS_MAX_SECONDS and WORDS_MAX_BYTES.',
      });
  }
  return findings.judgement(() => whyAbsent(evidence, ['snapshot'], 'completed-session'));
}

/** An id of the operator's that no request could open, and that nothing else is known of: it may be mistyped. */
function isUnknownAsGiven({ streamId, response }: Exchange, { recording }: Evidence): boolean {
  const stream = recording.streams.find((candidate) => candidate.streamId === streamId);
  if (stream?.state !== 'completed' || stream.statuses.length > 0) return false;
  if (recording.earlier.some((earlier) => earlier.streamId === streamId)) return false;
  return (
    response?.status === 404 &&
    subscriptionRequests(recording).every((other) => other.streamId !== streamId || other.response?.status !== 200)
  );
}

function snapshotRequests({ recording }: Evidence): readonly Exchange[] {
  return subscriptionRequests(recording).filter(
    ({ purpose }) => purpose.kind === 'subscription' && purpose.role === 'snapshot',
  );
}

/** Snapshots whose words can be compared, stream by stream; says of the others why not. */
function comparableSnapshots(evidence: Evidence, findings: Findings): ReadonlyMap<string, readonly Subscription[]> {
  const streams = new Map<string, Subscription[]>();
  for (const snapshot of withRole(evidence, 'snapshot')) {
    const incomparable = whyIncomparable(evidence, snapshot);
    if (incomparable !== undefined) findings.leaveUnverified(incomparable);
    else streams.set(snapshot.streamId, [...(streams.get(snapshot.streamId) ?? []), snapshot]);
  }
  return streams;
}

/** Where one read of several equals the live words, the others are the matter of snapshot.stable. */
function judgeEqualsLive(evidence: Evidence): Judgement {
  const findings = new Findings();
  for (const [streamId, snapshots] of comparableSnapshots(evidence, findings)) {
    const live = liveWordsOf(evidence, streamId);
    if (live === undefined) {
      const listener = withRole(evidence, 'first', 'concurrent').find((other) => other.streamId === streamId);
      const incomparable = listener && whyIncomparable(evidence, listener);
      if (incomparable !== undefined) findings.leaveUnverified(incomparable);
      continue;
    }
    if (!live.agreed) {
      findings.leaveUnverified(
        blockedBy({
          because: 'replay.concurrent',
          reason: 'The live subscribers do not agree on what the session said.',
        }),
      );
      continue;
    }
    const truth = live.holder.transcript.words;
    findings.observe();
    const [first] = snapshots;
    if (first === undefined || snapshots.some(({ transcript }) => !differenceOf(truth, transcript.words))) continue;
    const difference = differenceOf(truth, first.transcript.words);
    if (difference !== undefined)
      findings.violate(() => differs(first, truth, difference, `those of ${live.holder.exchange.id}`));
  }
  return findings.judgement(() =>
    withRole(evidence, 'snapshot').length === 0
      ? whyAbsent(evidence, ['snapshot'], 'completed-session')
      : whyAbsent(evidence, ['first', 'concurrent'], 'live-session'),
  );
}

function judgeStable(evidence: Evidence): Judgement {
  const findings = new Findings();
  for (const [streamId, snapshots] of comparableSnapshots(evidence, findings)) {
    if (snapshots.length < 2) continue;
    const live = liveWordsOf(evidence, streamId);
    const truth = live?.holder.transcript.words;
    const base =
      snapshots.find(({ transcript }) => truth !== undefined && !differenceOf(truth, transcript.words)) ?? snapshots[0];
    if (base === undefined) continue;
    for (const snapshot of snapshots) {
      if (snapshot === base) continue;
      findings.observe();
      const difference = differenceOf(base.transcript.words, snapshot.transcript.words);
      if (difference !== undefined)
        findings.violate(() =>
          differs(
            snapshot,
            base.transcript.words,
            difference,
            `those of ${base.exchange.id} (${base.exchange.credential} there, ${snapshot.exchange.credential} here)`,
          ),
        );
    }
  }
  return findings.judgement(() => {
    if (withRole(evidence, 'snapshot').length !== 1) return whyAbsent(evidence, ['snapshot'], 'completed-session');
    const refused = snapshotRequests(evidence).find(
      (exchange) => refusedBecause(exchange, evidence.recording) !== undefined,
    );
    const because = refused && refusedBecause(refused, evidence.recording);
    const reason = 'The completed session was read once only.';
    return because === undefined
      ? { reason, remedy: 'Run again without bounds on requests.' }
      : blockedBy({ because, reason });
  });
}

function judgeDurable(evidence: Evidence): Judgement {
  const { recording } = evidence;
  const findings = new Findings();
  for (const [streamId, [snapshot]] of comparableSnapshots(evidence, findings)) {
    const earlier = recording.earlier.find((one) => one.streamId === streamId);
    if (earlier === undefined || snapshot === undefined) continue;
    findings.observe();
    const truth: WordSequence = {
      length: earlier.words.length,
      text: earlier.words.map(([text]) => text),
      start: earlier.words.map(([, start]) => start),
      end: earlier.words.map(([, , end]) => end),
    };
    const difference = differenceOf(truth, snapshot.transcript.words);
    if (difference !== undefined)
      findings.violate(() => differs(snapshot, truth, difference, `the recording of ${earlier.recordedAt}`));
  }
  const judgement = findings.judgement(() =>
    recording.earlier.length > 0
      ? whyAbsent(evidence, ['snapshot'], 'completed-session')
      : (evidence.unmet('earlier-recording') ?? {
          reason: 'No earlier recording of a completed session was given.',
          remedy: 'Give the run an earlier recording and name its stream in WORDS_COMPLETED_STREAM_ID.',
        }),
  );
  const notApplicable = declaredOut(recording, 'earlier-recording');
  return notApplicable === undefined || findings.observations > 0 ? judgement : { ...judgement, notApplicable };
}

function judgePrompt(evidence: Evidence): Judgement {
  const findings = new Findings();
  // A session in which nothing was said cannot be slow; one that was cut off before its first word tells nothing.
  const told = withRole(evidence, 'snapshot').filter(
    ({ transcript }) => transcript.words.length > 0 || hasEnded(transcript),
  );
  judgePaces(
    told.map((snapshot) => paceOfSnapshot(evidence, snapshot)),
    findings,
  );
  return findings.judgement(() => whyAbsent(evidence, ['snapshot'], 'completed-session'));
}

export const snapshotChecks: readonly Check[] = [
  { id: 'snapshot.served', judge: judgeServed },
  { id: 'snapshot.equals-live', judge: judgeEqualsLive },
  { id: 'snapshot.stable', judge: judgeStable },
  { id: 'snapshot.durable', judge: judgeDurable },
  snapshotUnwatched,
  { id: 'snapshot.prompt', judge: judgePrompt },
];

import { refusedBecause } from '../../helpers/judging/answers.ts';
import type { Check } from '../../helpers/judging/check.ts';
import { blockedBy, measuredSeconds } from '../../helpers/judging/findings.ts';
import { liveWordsOf, withRole } from '../../helpers/judging/live-words.ts';
import { snapshotRequests, snapshotsWithWords } from '../../helpers/judging/snapshots.ts';
import { differenceOf, differs } from '../../helpers/judging/word-sequences.ts';
import { exchangeName } from '../../helpers/recording/exchange-name.ts';

export const stable: Check = {
  id: 'snapshot.stable',
  sentence: 'Reading a completed session again, and with either kind of credential, gives equal words.',
  judge(evidence, findings) {
    for (const [streamId, snapshots] of snapshotsWithWords(evidence, findings)) {
      const [listener] = withRole(evidence, 'first').filter((one) => one.streamId === streamId);
      const endedAt = listener?.transcript.events.find(({ kind }) => kind === 'end')?.at;
      const readAt = Math.max(...snapshots.map(({ exchange }) => exchange.startedAt));
      if (endedAt !== undefined && snapshots.length > 1)
        findings.note(
          `Read for the last time ${measuredSeconds(readAt - endedAt)} after the session's end, when it may still be served from memory: snapshot.durable, with an earlier recording, reads what is stored.`,
        );
      const truth = liveWordsOf(evidence, streamId)?.holder.transcript.words;
      const base = snapshots.find(({ transcript }) => truth && !differenceOf(truth, transcript.words)) ?? snapshots[0];
      for (const snapshot of snapshots) {
        if (base === undefined || snapshot === base) continue;
        findings.observe();
        const difference = differenceOf(base.transcript.words, snapshot.transcript.words);
        const name = `those of ${exchangeName(base.exchange)} (${base.exchange.credential} there, ${snapshot.exchange.credential} here)`;
        if (difference !== undefined)
          findings.violate(() => differs(snapshot, base.transcript.words, difference, name));
      }
    }
    if (withRole(evidence, 'snapshot').length !== 1) return;
    const reason = 'The completed session was read once only.';
    const [because] = snapshotRequests(evidence).flatMap((read) => refusedBecause(read, evidence.recording) ?? []);
    findings.explain(
      because === undefined
        ? { reason, remedy: 'Run again without bounds on requests.' }
        : blockedBy({ because, reason }),
    );
  },
};

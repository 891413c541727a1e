import type { Check, Evidence, Subscription, Unverified } from '../../judging/check.ts';
import { atWord, blockedBy, Findings, nothingObserved } from '../../judging/findings.ts';
import { isPunctuationToken, isSentenceMark } from '../../judging/glued-punctuation.ts';
import { whyNoneIsWhole } from '../../judging/judged-ends.ts';
import { hasEnded, wordsSpoiltBy } from '../../judging/root-causes.ts';
import { scriptOf } from '../../judging/spelling.ts';
import type { Transcript } from '../../transcript/transcript.ts';
import { glueIn, glueOf } from './punctuation-apart.ts';

/** As much speech of unknown wording has punctuation somewhere. */
const TELLING_WORDS = 30;

export const punctuationPresent: Check = {
  id: 'tokens.punctuation-present',
  judge(evidence) {
    const findings = new Findings();
    for (const streamId of new Set(evidence.subscriptions.map((subscription) => subscription.streamId)))
      judgeStream(evidence, streamId, findings);
    return findings.judgement(() => {
      const nothing = nothingObserved(evidence, 'word', 'Subscribe to a session that speaks.');
      if (evidence.subscriptions.length === 0) return nothing;
      const isDue = evidence.recording.streams.some(({ streamId }) =>
        hasSentenceMarks(scriptOf(evidence, streamId) ?? ''),
      );
      return whyNoneIsWhole(evidence) ?? (isDue ? nothing : withoutScript);
    });
  },
};

const withoutScript: Unverified = {
  reason: `No script with punctuation was known, and no stream of unknown script had ${TELLING_WORDS} words.`,
  remedy: 'Give the run the text that is spoken, with punctuation (WORDS_SCRIPT).',
};

/** Whether a session's stream has punctuation is one question; that subscriptions differ is what replay and snapshot are about. */
function judgeStream(evidence: Evidence, streamId: string, findings: Findings): void {
  const subscriptions = evidence.subscriptions.filter((subscription) => subscription.streamId === streamId);
  const script = scriptOf(evidence, streamId);
  if (script !== undefined && !hasSentenceMarks(script)) return;
  const telling = subscriptions.filter(({ transcript }) => isTelling(transcript, script));
  const [first] = telling;
  if (first === undefined) return;
  if (subscriptions.some(({ transcript }) => hasPunctuation(transcript, script))) {
    findings.observe(telling.length);
    return;
  }
  const obstacle = telling.map(hindrance).find((found) => found !== undefined);
  if (obstacle !== undefined) {
    findings.leaveUnverified(obstacle);
    return;
  }
  findings.observe(telling.length);
  const count = first.transcript.words.length;
  findings.violate(() => ({
    message:
      script === undefined
        ? `None of the ${count} word events of ${first.exchange.id} is punctuation, though speech of that length has some.`
        : `None of the ${count} word events of ${first.exchange.id} is punctuation, though the script has some.`,
    expected: ['punctuation marks as word events of their own'],
    actual: 'no punctuation event',
    ...atWord(first, count - 1),
    ...(script === undefined ? { level: 'SHOULD' as const } : {}),
  }));
}

function hindrance({ transcript, exchange }: Subscription) {
  if (glueOf(transcript).marks.length > 0)
    return blockedBy({
      because: 'tokens.punctuation-apart',
      reason: `The punctuation of ${exchange.id} is glued to its words.`,
    });
  const spoilt = wordsSpoiltBy(transcript);
  return spoilt && blockedBy(spoilt);
}

function isTelling(transcript: Transcript, script: string | undefined): boolean {
  if (transcript.words.length === 0) return false;
  return script === undefined ? transcript.words.length >= TELLING_WORDS : hasEnded(transcript);
}

/** A known script has sentence marks here: an apostrophe or a dash between words is none of them. */
function hasPunctuation({ words }: Transcript, script: string | undefined): boolean {
  return words.text.some(
    (token) => isPunctuationToken(token) && (script === undefined || [...token].some(isSentenceMark)),
  );
}

/** Marks that stand inside a run of letters are counted only where no word of any language has them inside. */
const INNER_SENTENCE_MARK = /[\p{Terminal_Punctuation}\p{Sentence_Terminal}]/u;
const MARKS_INSIDE_WORDS = /[.,:;!?፡᛫᛬᛭․]/gu;

const STANDING_MARKS = /^[.,;:!?…]+$/u;

function hasSentenceMarks(script: string): boolean {
  if (INNER_SENTENCE_MARK.test(script.replace(MARKS_INSIDE_WORDS, ''))) return true;
  const pieces = script.split(/[\s\p{White_Space}]+/u).filter((piece) => piece !== '');
  // French sets a space before them; `:)` is no such mark.
  if (pieces.some((piece) => STANDING_MARKS.test(piece))) return true;
  return glueIn(pieces, true).marks.some(({ mark }) => isSentenceMark(mark[0] ?? ''));
}

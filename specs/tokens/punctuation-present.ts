import type { Check, Evidence, Subscription, Unverified } from '../../helpers/judging/check.ts';
import { atWord, blockedBy, type Findings } from '../../helpers/judging/findings.ts';
import { glueOf } from '../../helpers/judging/glue.ts';
import { isPunctuationToken, isSentenceMark, isSpoken } from '../../helpers/judging/glued-punctuation.ts';
import { isBlank } from '../../helpers/judging/odd-words.ts';
import { hasEnded, wordsSpoiltBy } from '../../helpers/judging/root-causes.ts';
import { dueKinds, hasSentenceMarks, kindOf, kindsIn } from '../../helpers/judging/sentence-marks.ts';
import { scriptOf } from '../../helpers/judging/spelling.ts';
import { exchangeName } from '../../helpers/recording/exchange-name.ts';
import type { Transcript } from '../../helpers/transcript/transcript.ts';

/** As much speech of unknown wording has punctuation somewhere. */
const TELLING_WORDS = 30;

export const punctuationPresent: Check = {
  id: 'tokens.punctuation-present',
  sentence: 'Where the spoken script has punctuation, the stream has punctuation events.',
  judge(evidence, findings) {
    const streamIds = new Set(evidence.subscriptions.map(({ streamId }) => streamId));
    for (const streamId of streamIds) judgeStream(evidence, streamId, findings);
    const isDue = evidence.recording.streams.some(({ streamId }) =>
      hasSentenceMarks(scriptOf(evidence, streamId) ?? ''),
    );
    if (!isDue && evidence.subscriptions.some(({ transcript }) => hasEnded(transcript)))
      findings.explain({
        reason: `No script with punctuation was known, and no stream of unknown script had ${TELLING_WORDS} words in a language that has punctuation.`,
        remedy: 'Give the run the text that is spoken, with punctuation (WORDS_SCRIPT).',
      });
  },
};

/** One question for each session: that its subscriptions differ is what replay and snapshot are about. */
function judgeStream(evidence: Evidence, streamId: string, findings: Findings): void {
  const subscriptions = evidence.subscriptions.filter((subscription) => subscription.streamId === streamId);
  const script = scriptOf(evidence, streamId);
  if (script !== undefined && !hasSentenceMarks(script)) return;
  const telling = subscriptions.filter(({ transcript }) => isTelling(transcript, script));
  const [first] = telling;
  if (first === undefined) return;
  const missing = missingFrom(subscriptions, script);
  const obstacle = missing.length === 0 ? undefined : hindranceIn(evidence, telling, missing);
  if (obstacle !== undefined) {
    findings.leaveUnverified(obstacle);
    return;
  }
  findings.observe(telling.length);
  const count = first.transcript.words.length;
  for (const { what, because } of missing)
    findings.violate(() => ({
      message: `None of the ${count} word events of ${exchangeName(first.exchange)} is ${what}, though ${because}.`,
      expected: ['punctuation marks as word events of their own'],
      actual: `no event for ${what}`,
      ...atWord(first, count - 1),
      ...(script === undefined ? { level: 'SHOULD' as const } : {}),
    }));
}

interface Missing {
  readonly what: string;
  readonly because: string;
  /** Absent where all punctuation is missing. */
  readonly kind?: string;
}

function missingFrom(subscriptions: readonly Subscription[], script: string | undefined): readonly Missing[] {
  const heard = subscriptions.map(({ transcript }) => transcript.words.text);
  const counts = (token: string) =>
    isPunctuationToken(token) && (script === undefined || [...token].some(isSentenceMark));
  if (!heard.some((tokens) => tokens.some(counts)))
    return [
      {
        what: 'punctuation',
        because: script === undefined ? 'speech of that length has some' : 'the script has some',
      },
    ];
  if (script === undefined) return [];
  const kinds = heard.map(kindsIn);
  return dueKinds(script)
    .filter(({ name }) => !kinds.some((one) => one.has(name)))
    .map(({ name, count }) => ({
      what: `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`,
      because: `the script has ${count}`,
      kind: name,
    }));
}

function hindranceIn(
  evidence: Evidence,
  telling: readonly Subscription[],
  missing: readonly Missing[],
): Unverified | undefined {
  for (const subscription of telling) {
    const glued = glueOf(evidence, subscription).marks.some(({ mark }) =>
      missing.some(({ kind }) => kind === undefined || kind === kindOf(mark[0] ?? '')),
    );
    if (glued)
      return blockedBy({
        because: 'tokens.punctuation-apart',
        reason: `The punctuation of ${exchangeName(subscription.exchange)} is glued to its words.`,
      });
    if (subscription.transcript.words.text.some(isBlank))
      return blockedBy({
        because: 'schema.word-text',
        reason: `${exchangeName(subscription.exchange)} has words without text, which may stand for marks.`,
      });
    const spoilt = wordsSpoiltBy(subscription.transcript);
    if (spoilt !== undefined) return blockedBy(spoilt);
  }
  return undefined;
}

/** Thai, Lao and Khmer prose has none. */
const WITHOUT_PUNCTUATION = /[\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}]/u;

function isTelling(transcript: Transcript, script: string | undefined): boolean {
  const { text, length } = transcript.words;
  if (script !== undefined) return length > 0 && hasEnded(transcript);
  if (length < TELLING_WORDS) return false;
  let left = TELLING_WORDS / 2;
  return text.some((token) => isSpoken(token) && !WITHOUT_PUNCTUATION.test(token) && --left === 0);
}

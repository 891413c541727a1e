import { brokenOffBy } from '../../helpers/judging/broken-off-session.ts';
import type { Check, Evidence, Subscription, Unverified, Violation } from '../../helpers/judging/check.ts';
import { excessIn } from '../../helpers/judging/duplicates.ts';
import { atWord, blockedBy, counted, type Findings, quoted } from '../../helpers/judging/findings.ts';
import { type GarbledWord, garbledIn } from '../../helpers/judging/garbled-words.ts';
import { hasEnded, wordsSpoiltBy } from '../../helpers/judging/root-causes.ts';
import { scriptOf, spelled } from '../../helpers/judging/spelling.ts';
import { lettersOfScript, lettersOfWords, type Mismatch, mismatchOf } from '../../helpers/judging/spoken-form.ts';
import { disorderOf } from '../../helpers/judging/word-order.ts';
import { exchangeName } from '../../helpers/recording/exchange-name.ts';

export const script: Check = {
  id: 'tokens.script',
  sentence: 'The words, in order, spell the script that the session was given to speak.',
  judge(evidence, findings) {
    for (const { streamId } of evidence.recording.streams) judgeStream(evidence, streamId, findings);
  },
};

/** One question for each session: that its subscriptions differ is what replay and snapshot are about. */
function judgeStream(evidence: Evidence, streamId: string, findings: Findings): void {
  const wanted = lettersOfScript(scriptOf(evidence, streamId) ?? '');
  const whole = evidence.subscriptions.filter(
    // What a session holds that nobody watched is the question of snapshot.unwatched.
    ({ streamId: id, role, transcript }) => id === streamId && role !== 'unwatched' && hasEnded(transcript),
  );
  const [first] = whole;
  if (wanted.text === '' || first === undefined) return;
  const mismatches = whole.map(({ transcript: { words } }) =>
    spelled(words.text.join('')) === wanted.text ? undefined : mismatchOf(lettersOfWords(words.text), wanted),
  );
  const garbledWord = garbledIn(evidence, streamId);
  const { text } = first.transcript.words;
  const word = text.findIndex((one) => garbledWord(one) !== undefined);
  const garbling = garbledWord(text[word] ?? '');
  const right = garbling === undefined ? mismatches.filter((mismatch) => mismatch === undefined).length : 0;
  const obstacle = right > 0 ? undefined : hindranceIn(evidence, streamId, whole);
  if (obstacle !== undefined) {
    findings.leaveUnverified(obstacle);
    return;
  }
  findings.observe(right > 0 ? right : whole.length);
  const [mismatch] = mismatches;
  if (garbling !== undefined) findings.violate(() => garbled(first, word, garbling));
  else if (right === 0 && mismatch !== undefined) findings.violate(() => misspelled(first, wanted.text, mismatch));
}

/** Words that were lost, doubled or moved break a requirement of their own; a session that failed spoke a part. */
function hindranceIn(evidence: Evidence, streamId: string, whole: readonly Subscription[]): Unverified | undefined {
  const { statuses = [] } = evidence.recording.streams.find((stream) => stream.streamId === streamId) ?? {};
  if (statuses.at(-1)?.status === 'error')
    return {
      reason: 'The session ended in error, after a part of its script.',
      remedy: 'Run again, and see at the target why the session failed.',
    };
  const brokenOff = brokenOffBy(evidence, streamId);
  if (brokenOff !== undefined) return blockedBy({ because: 'replay.reconnect', reason: brokenOff.message });
  for (const subscription of whole) {
    const { transcript, exchange } = subscription;
    const spoilt = wordsSpoiltBy(transcript);
    if (spoilt) return blockedBy(spoilt);
    if (excessIn(evidence, subscription).count > 0)
      return blockedBy({
        because: 'ordering.no-duplicates',
        reason: `${exchangeName(exchange)} delivers words twice.`,
      });
    const disorder = disorderOf(transcript);
    if (disorder) return blockedBy(disorder);
  }
  return undefined;
}

/** No voice speaks so, and no way of writing numbers explains it: the words are not the spoken tokens. */
function garbled(subscription: Subscription, word: number, { meant, how, expected }: GarbledWord): Violation {
  const [seen, due] = [subscription.transcript.words.text[word] ?? '', meant].map((text) => quoted(text, 40));
  return {
    message: `The words of ${exchangeName(subscription.exchange)} have ${seen} where the script has ${due}: ${how}.`,
    expected: [expected, due ?? ''],
    actual: seen ?? '',
    level: 'MUST',
    ...atWord(subscription, word),
  };
}

const SHOWN = 24;

function misspelled(subscription: Subscription, wanted: string, { spoken, written }: Mismatch): Violation {
  const spelling = spelled(subscription.transcript.words.text.join(''));
  const got = spelling.slice(Math.max(0, spoken - SHOWN / 3), spoken + SHOWN);
  const due = wanted.slice(Math.max(0, written - SHOWN / 3), written + SHOWN);
  const what =
    spoken === spelling.length
      ? `stop ${counted(wanted.length - written, 'letter')} before the script does, at ${quoted(due)}`
      : written === wanted.length
        ? `go on for ${counted(spelling.length - spoken, 'letter')} after the script, with ${quoted(got)}`
        : `spell ${quoted(got)} where the script has ${quoted(due)}`;
  return {
    message: `The words of ${exchangeName(subscription.exchange)} ${what}, after ${counted(written, 'letter')} that agree.`,
    expected: [
      `${quoted(due)}: the script, whatever its case, white space and punctuation, or how its numbers are spoken`,
    ],
    actual: quoted(got),
    ...atWord(subscription, wordAt(subscription, spoken)),
  };
}

/** The word that holds this letter of the spelling. */
function wordAt({ transcript }: Subscription, letter: number): number {
  const { text, length } = transcript.words;
  let letters = 0;
  for (let word = 0; word < length; word += 1) {
    letters += spelled(text[word] ?? '').length;
    if (letters > letter) return word;
  }
  return Math.max(0, length - 1);
}

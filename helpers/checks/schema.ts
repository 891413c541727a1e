import type { Check, Evidence, Judgement, Subscription } from '../judging/check.ts';
import {
  atEvent,
  atWord,
  counted,
  Findings,
  nothingObserved,
  printable,
  quoted,
  shownValue,
} from '../judging/findings.ts';
import {
  isIntact,
  isSoundWord,
  isUtf16,
  perTranscript,
  readableBatches,
  soundWordCount,
} from '../judging/root-causes.ts';
import type { StreamEvent } from '../transcript/transcript.ts';

const REMEDY = 'Subscribe to a session that speaks.';

const batch: Check = {
  id: 'schema.batch',
  judge: (evidence) =>
    judgeBatches(evidence, (subscription, event, findings) => {
      findings.observe();
      const [issue] = event.schemaIssues;
      if (issue === undefined) return;
      findings.violate(() => ({
        message: `Event ${event.index} is no valid WordBatch at "${printable(issue.pointer)}": ${printable(issue.message)}${others(event)}.`,
        expected: [`a value that is valid against ${issue.schemaPointer}`],
        actual: shownValue(event.payload),
        ...atEvent(subscription, event),
      }));
    }),
};

function others({ schemaIssues }: StreamEvent): string {
  return schemaIssues.length === 1 ? '' : `, and ${counted(schemaIssues.length - 1, 'issue')} more`;
}

/** White space to Unicode (White_Space) or to JavaScript, which counts U+FEFF in. */
const BLANK = /^[\s\p{White_Space}]*$/u;

const wordText: Check = {
  id: 'schema.word-text',
  judge: (evidence) =>
    judgeTexts(evidence, (subscription, word, text, findings) => {
      if (!BLANK.test(text)) return;
      findings.violate(() => ({
        message: text === '' ? 'A word is the empty string.' : `A word is white space alone: ${quoted(text)}.`,
        expected: ['a spoken token: a word, a partial word or a punctuation mark'],
        actual: text === '' ? '""' : codePoints(text),
        ...atWord(subscription, word),
      }));
    }),
};

const INNER_SPACE = /\S(?:[\s\p{White_Space}]+)\S/u;
/** The no-break spaces that group digits: `10 000` is one token. */
const DIGIT_GROUPING = /(?<=\p{N})[\u00A0\u2007\u202F](?=\p{N})/gu;
const EDGE_SPACE = /^[\s\p{White_Space}]|[\s\p{White_Space}]$/u;

const oneToken: Check = {
  id: 'schema.one-token',
  judge(evidence) {
    let padded = 0;
    const judgement = judgeTexts(evidence, (subscription, word, text, findings) => {
      if (BLANK.test(text)) return;
      if (EDGE_SPACE.test(text)) padded += 1;
      if (!INNER_SPACE.test(text.replace(DIGIT_GROUPING, ''))) return;
      findings.violate(() => ({
        message: `A word holds white space inside: ${quoted(text)}.`,
        expected: ['one token, without white space inside'],
        actual: quoted(text),
        ...atWord(subscription, word),
      }));
    });
    if (padded === 0) return judgement;
    const note = `${counted(padded, 'word')} ${padded === 1 ? 'has' : 'have'} white space at an edge.`;
    return { ...judgement, notes: [...(judgement.notes ?? []), note] };
  },
};

const nonemptyBatch: Check = {
  id: 'schema.nonempty-batch',
  judge: (evidence) =>
    judgeBatches(evidence, (subscription, event, findings) => {
      if (event.schemaIssues.length > 0) return;
      findings.observe();
      if (event.wordCount > 0) return;
      findings.violate(() => ({
        message: `Event ${event.index} is a batch without words.`,
        expected: ['at least one word event in a batch', 'a comment, where the stream is only to be kept alive'],
        actual: '"words":[]',
        ...atEvent(subscription, event),
      }));
    }),
};

const uniqueMembers: Check = {
  id: 'schema.unique-members',
  judge: (evidence) =>
    judgeJson(evidence, (subscription, event, findings) => {
      findings.observe();
      const [name] = event.duplicateMembers;
      if (name === undefined) return;
      findings.violate(() => ({
        message: `An object in event ${event.index} has the member ${quoted(name)} twice, so what clients read differs.`,
        expected: ['each member name once in an object'],
        actual: `twice: ${event.duplicateMembers
          .slice(0, 5)
          .map((member) => quoted(member, 40))
          .join(', ')}`,
        ...atEvent(subscription, event),
      }));
    }),
};

const MEMBERS_LISTED = 20;

const undocumented: Check = {
  id: 'schema.undocumented',
  judge(evidence) {
    const counts = new Map<string, number>();
    const judgement = judgeBatches(evidence, (_, event, findings) => {
      findings.observe();
      for (const [path, count] of Object.entries(event.undocumented)) counts.set(path, (counts.get(path) ?? 0) + count);
    });
    const listed = [...counts].sort(([, a], [, b]) => b - a).slice(0, MEMBERS_LISTED);
    const notes = listed.map(([path, count]) => `${printable(path)}: ${counted(count, 'time')}`);
    if (counts.size > listed.length)
      notes.push(`${counts.size - listed.length} more members that the contract does not name`);
    return notes.length === 0 ? judgement : { ...judgement, notes };
  },
};

export const schemaChecks: readonly Check[] = [batch, wordText, oneToken, nonemptyBatch, uniqueMembers, undocumented];

type JudgeEvent = (subscription: Subscription, event: StreamEvent, findings: Findings) => void;

function judgeBatches(evidence: Evidence, judge: JudgeEvent): Judgement {
  const findings = new Findings();
  for (const subscription of evidence.subscriptions)
    for (const event of readableBatches(subscription.transcript)) judge(subscription, event, findings);
  return findings.judgement(() => nothingObserved(evidence, 'batch', REMEDY));
}

function judgeJson(evidence: Evidence, judge: JudgeEvent): Judgement {
  const findings = new Findings();
  for (const subscription of evidence.subscriptions) {
    const { transcript } = subscription;
    if (isUtf16(transcript)) continue;
    for (const event of transcript.events)
      if (event.json === null && isIntact(transcript, event)) judge(subscription, event, findings);
  }
  return findings.judgement(() => nothingObserved(evidence, 'event', REMEDY));
}

function judgeTexts(
  evidence: Evidence,
  judge: (subscription: Subscription, word: number, text: string, findings: Findings) => void,
): Judgement {
  const findings = new Findings();
  for (const subscription of evidence.subscriptions) {
    const { transcript } = subscription;
    const { text } = transcript.words;
    findings.observe(soundWordCount(transcript));
    for (const word of spacedWords(transcript))
      if (isSoundWord(transcript, word)) judge(subscription, word, text[word] ?? '', findings);
  }
  return findings.judgement(() => nothingObserved(evidence, 'word', REMEDY));
}

/** One character class, for it is tried on every word there is. */
const SPACE = /[\s\p{White_Space}]/u;

/** Words that are empty or hold white space: few, where there are any. */
const spacedWords = perTranscript(({ words: { text } }): readonly number[] => {
  const spaced: number[] = [];
  for (let word = 0; word < text.length; word += 1) {
    const token = text[word] ?? '';
    if (token === '' || SPACE.test(token)) spaced.push(word);
  }
  return spaced;
});

function codePoints(text: string): string {
  return [...text.slice(0, 8)]
    .map((character) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`)
    .join(' ');
}

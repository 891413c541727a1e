import type { Transcript } from '../transcript/transcript.ts';
import { isSpoken } from './glued-punctuation.ts';
import { type Repetition, repetitionsIn } from './repetitions.ts';
import { spelled, unspaced } from './spelling.ts';

/** Letters on either side that show which place of a text is meant. */
const TELLING_LETTERS = 4;
/** A hostile stream may repeat a million words, or one word a million times. */
const MOST_LOOKED_UP = 500;
const LONGEST_CONTEXT = 100;

/**
 * How many words of a run a text that the session spoke has not got in that place; undefined where it has the place neither
 * with nor without them, for it may be spoken otherwise than it is written, as numbers are.
 */
export function surplusBy(transcript: Transcript, spoken: string): (run: Repetition) => number | undefined {
  const { runs, originalOf } = repetitionsIn(transcript);
  const tokens = transcript.words.text;
  const isOnce = new Uint8Array(tokens.length).fill(1);
  for (const { again, end } of runs) isOnce.fill(0, again, end);
  let lookedUp = 0;
  const forms = [spelled, unspaced].map((form) => ({
    form,
    text: form(spoken),
    heard: form(tokens.filter((_, word) => isOnce[word]).join('')),
  }));
  return (run) => {
    const { first, again, end } = run;
    const texts = tokens.slice(again, end);
    const [letters, marks] = forms;
    const by = texts.some(isSpoken) ? letters : marks;
    if (by === undefined || ++lookedUp > MOST_LOOKED_UP) return undefined;
    const repeated = by.form(tokens[first] ?? '');
    const isAlike = texts.every((text) => by.form(text) === repeated);
    const isDoubledSomewhere = timesIn(by.text, repeated + repeated) > 0;
    // Beside words that are repeated, too: as often as they came, or once, where the text doubles none of them.
    for (const isAsItCame of [true, false]) {
      if (!isAsItCame && isDoubledSomewhere) return undefined;
      const counts = (word: number) => isAsItCame || isOnce[word] === 1;
      const beside = (from: number, step: 1 | -1) =>
        contextOf(tokens, from, step, { counts, differs: (text) => by.form(text) !== repeated });
      const [before, after] = [beside(first, -1), beside(end - 1, 1)];
      const original = tokens.slice(first, again).filter((_, at) => counts(first + at) || originalOf(first + at) < 0);
      for (let kept = texts.length; kept >= 0; kept -= isAlike ? 1 : texts.length) {
        const place = by.form([...before, ...original, ...texts.slice(0, kept), ...after].join(''));
        const times = timesIn(by.text, place);
        // A place that is written otherwise may read like another one.
        if (times > 0 && (kept > 0 || times >= timesIn(by.heard, place))) return texts.length - kept;
      }
    }
    return undefined;
  };
}

/** The tokens before, or behind, a place, up to where there are letters enough of such as differ from what is repeated there. */
function contextOf(
  tokens: readonly string[],
  from: number,
  step: 1 | -1,
  { counts, differs }: { counts(word: number): boolean; differs(text: string): boolean },
): readonly string[] {
  const context: string[] = [];
  let letters = 0;
  const limit = from + step * LONGEST_CONTEXT;
  for (let at = from + step; at !== limit && letters < TELLING_LETTERS; at += step) {
    const text = tokens[at];
    if (text === undefined) break;
    if (!counts(at)) continue;
    context.push(text);
    if (differs(text)) letters += spelled(text).length;
  }
  return step === 1 ? context : context.reverse();
}

function timesIn(text: string, part: string): number {
  let times = 0;
  if (part !== '') for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) times += 1;
  return times;
}

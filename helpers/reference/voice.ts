import type { TimedWord, Utterance } from './pipeline.ts';
import { isPunctuation, tokenize } from './tokens.ts';

const LEAD_IN_MS = 120;
const BETWEEN_WORDS_MS = 30;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The reference voice: about 2.5 words a second, longer tokens last longer, pauses after punctuation; whole milliseconds. */
export const speak = voiceAtTempo(1);

/** The same voice, so many times faster: at 5, batches reach ten words within a second. */
export function voiceAtTempo(tempo: number): (text: string, from: number) => Utterance {
  return (text, from) => speakAt(tempo, text, from);
}

function speakAt(tempo: number, text: string, from: number): Utterance {
  let now = Math.round(from * 1000) || LEAD_IN_MS;
  const words: TimedWord[] = [];
  for (const word of tokenize(text)) {
    const spoken = Math.round(spokenMs(word) / tempo);
    words.push({ word, start: now / 1000, end: (now + spoken) / 1000 });
    now += spoken + Math.round(pauseAfterMs(word) / tempo);
  }
  return { words, until: now / 1000 };
}

function spokenMs(token: string): number {
  if (isPunctuation(token)) return 60;
  let length = 0;
  for (const _ of graphemes.segment(token)) length += 1;
  return Math.min(900, 110 + 45 * length + (/\p{N}/u.test(token) ? 60 * length : 0));
}

function pauseAfterMs(token: string): number {
  if (!isPunctuation(token)) return BETWEEN_WORDS_MS;
  if (/[.!?…。！？؟।॥‽។။]/u.test(token)) return 380;
  if (/[,;:،؛、，；：—―]/u.test(token)) return 160;
  return BETWEEN_WORDS_MS;
}

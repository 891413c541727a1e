import type { SpokenWord } from './recordings.ts';

/** Plain words, none of them twice, with a comma or period after every sixth. */
const TOKENS =
  'when morning came over hills , every bird began singing loudly . people walked slowly along wet streets , carrying warm bread home . children played near old stone bridges , while boats drifted past them . nobody knew what would happen next , yet all felt certain'.split(
    ' ',
  );

/** A conforming voice: words of 0.3 s after pauses of 0.05 s, marks of 0.02 s. */
export function speak(tokens: readonly string[] = TOKENS, from = 0.1): SpokenWord[] {
  let at = from;
  return tokens.map((token) => {
    const length = /[\p{L}\p{N}]/u.test(token) ? 0.3 : 0.02;
    const word: SpokenWord = [token, rounded(at), rounded(at + length)];
    at += length + 0.05;
    return word;
  });
}

/** Cut into batches that keep to both caps. */
export function inBatches(words: readonly SpokenWord[], most = 10): SpokenWord[][] {
  const batches: SpokenWord[][] = [];
  for (const word of words) {
    const batch = batches.at(-1);
    if (batch === undefined || batch.length === most || word[1] - (batch[0]?.[1] ?? 0) > 1) batches.push([word]);
    else batch.push(word);
  }
  return batches;
}

export function retimed(words: readonly SpokenWord[], change: (seconds: number) => number): SpokenWord[] {
  return words.map(([word, start, end]) => [word, change(start), change(end)]);
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

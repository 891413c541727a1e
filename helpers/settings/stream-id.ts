/** Why an id cannot stand in the path of a request, in words that follow it; undefined where it can. */
export function streamIdProblem(streamId: string): string | undefined {
  if (streamId === '') return 'is empty';
  // URL parsers on the way would resolve it, and the credential would go to another path (RFC 3986 §5.2.4).
  if (streamId === '.' || streamId === '..') return 'is a step in a path, not a name';
  try {
    encodeURIComponent(streamId);
    return undefined;
  } catch {
    return 'holds half a character (a lone surrogate), which no URL can carry';
  }
}

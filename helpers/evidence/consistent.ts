import { harTexts } from '../recording/har.ts';
import type { Exchange, Recording } from '../recording/recording.ts';
import type { Finding } from './findings.ts';

/** What no run of this suite writes down: where a recording contradicts itself, it was put together by hand. Pure. */
export function inconsistencies(recording: Recording): readonly Finding[] {
  const findings: Finding[] = [];
  const problem = (message: string) => findings.push({ section: 'recording', message });
  const seen = new Set<string>();
  const streams = new Set(recording.streams.map(({ streamId }) => streamId));
  const base = `${recording.target.baseUrl}/`;
  for (const exchange of recording.exchanges) {
    const { id, request, purpose, streamId } = exchange;
    if (seen.has(id)) problem(`The exchange ${id} stands twice.`);
    seen.add(id);
    if (!request.url.startsWith(base))
      problem(`${id} went to ${request.url}, not to the target ${recording.target.baseUrl}.`);
    if (
      purpose.kind === 'subscription' &&
      !(streamId !== undefined && streams.has(streamId) && isFor(request.url, streamId))
    )
      problem(`${id} subscribed to ${streamId ?? 'no stream'}, which is no session of this run.`);
    const odd = oddTime(exchange);
    if (odd !== undefined) problem(`${id}: ${odd}`);
  }
  for (const { id, control } of recording.exchanges)
    if (control !== undefined && !seen.has(control))
      problem(`${id} is compared with ${control}, which is not in the recording.`);
  return findings;
}

function isFor(url: string, streamId: string): boolean {
  return url.endsWith(`/v3/avatar-realtime/${encodeURIComponent(streamId)}/words`);
}

function oddTime({ startedAt, response, chunks, ending }: Exchange): string | undefined {
  let before = response?.at ?? startedAt;
  if (before < startedAt) return `its answer came at ${before} s, before it was asked at ${startedAt} s.`;
  for (const [index, { at }] of chunks.entries()) {
    if (at < before) return `chunk ${index} came at ${at} s, before what precedes it at ${before} s.`;
    before = at;
  }
  return ending.at < before ? `it ended at ${ending.at} s, before its last byte at ${before} s.` : undefined;
}

/** Whether the file is what this suite writes of the recording in it: what a browser shows of it is what is judged. */
export function isAsWritten(recording: Recording, bytes: Buffer): boolean {
  let offset = 0;
  for (const text of harTexts(recording)) {
    const piece = Buffer.from(text);
    const end = offset + piece.length;
    if (end > bytes.length || bytes.compare(piece, 0, piece.length, offset, end) !== 0) return false;
    offset = end;
  }
  return offset === bytes.length;
}

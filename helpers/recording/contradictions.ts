import type { Exchange, Recording } from './recording.ts';

const SIZES = { exchanges: 20_000, chunks: 2_000_000, headerLines: 20_000, earlierWords: 1_000_000 } as const;

/** What no run of this suite writes down, with its place in the file; undefined where the recording contradicts itself nowhere. Pure. */
export function contradictionIn(recording: Recording, suite: Recording['suite']): string | undefined {
  return sizes(recording) ?? header(recording, suite) ?? exchanges(recording);
}

function sizes({ exchanges, earlier }: Recording): string | undefined {
  if (exchanges.length > SIZES.exchanges)
    return `log.entries: ${exchanges.length} exchanges, and at most ${SIZES.exchanges} are read`;
  const chunks = exchanges.reduce((sum, exchange) => sum + exchange.chunks.length, 0);
  if (chunks > SIZES.chunks) return `log.entries: ${chunks} arrivals, and at most ${SIZES.chunks} are read`;
  const words = earlier.reduce((sum, one) => sum + one.words.length, 0);
  if (words > SIZES.earlierWords)
    return `log._recording.earlier: ${words} words, and at most ${SIZES.earlierWords} are read`;
  const long = exchanges.findIndex(
    ({ response, request }) => Math.max(request.headers.length, response?.headers.length ?? 0) > SIZES.headerLines,
  );
  return long === -1 ? undefined : `log.entries[${long}]: more than ${SIZES.headerLines} header lines`;
}

function header(
  { startedAt, finishedAt, suite, settings, target }: Recording,
  own: Recording['suite'],
): string | undefined {
  for (const [name, date] of [
    ['startedAt', startedAt],
    ['finishedAt', finishedAt ?? startedAt],
  ] as const)
    if (Number.isNaN(Date.parse(date))) return `log._recording.${name}: ${shown(date)} is no date`;
  if (finishedAt !== undefined && Date.parse(finishedAt) < Date.parse(startedAt))
    return `log._recording.finishedAt: ${finishedAt} is before startedAt, ${startedAt}`;
  if (suite.name !== own.name) return `log._recording.suite.name: ${shown(suite.name)} is not ${own.name}`;
  if (!/^\d+\.\d+\.\d+$/.test(suite.version) || compareVersions(suite.version, own.version) > 0)
    return `log._recording.suite.version: ${shown(suite.version)} is no version up to ${own.version}, which judges`;
  if (settings.sessionMode === 'embedded' && !/^https?:\/\/127\.0\.0\.1(:\d+)?(\/|$)/.test(target.baseUrl))
    return `log._recording.settings.sessionMode: the embedded server stands on this machine, not at ${shown(target.baseUrl)}`;
  if (settings.sessionMode !== 'embedded' && settings.speed !== 1)
    return `log._recording.settings.speed: ${settings.speed}, and only the embedded server speaks faster than it sounds`;
  return undefined;
}

function compareVersions(one: string, other: string): number {
  const [ones, others] = [one, other].map((version) => version.split('.').map(Number));
  for (const [index, number] of (ones ?? []).entries())
    if (number !== others?.[index]) return number - (others?.[index] ?? 0);
  return 0;
}

function exchanges(recording: Recording): string | undefined {
  const byId = new Map<string, number>();
  for (const [index, exchange] of recording.exchanges.entries()) {
    const place = `log.entries[${index}]`;
    const earlier = byId.get(exchange.id);
    if (earlier !== undefined) return `${place}: the id ${shown(exchange.id)} is that of log.entries[${earlier}], too`;
    byId.set(exchange.id, index);
    const odd = oddAddress(exchange, recording) ?? oddCredential(exchange) ?? oddTime(exchange);
    if (odd !== undefined) return `${place} (${shown(exchange.id)}): ${odd}`;
  }
  for (const [index, { control, supersededBy, response }] of recording.exchanges.entries()) {
    if (control !== undefined && !byId.has(control))
      return `log.entries[${index}]: it is compared with ${shown(control)}, which is not in the recording`;
    if (supersededBy !== undefined && response !== undefined && response.status !== 429)
      return `log.entries[${index}]: supersededBy stands beside the status ${response.status}; only a 429, or no answer, is asked again`;
  }
  return undefined;
}

function oddAddress(
  { request, purpose, streamId }: Exchange,
  { target, streams, capture }: Recording,
): string | undefined {
  if (capture !== undefined) return undefined;
  const path = request.url.startsWith(`${target.baseUrl}/`) ? request.url.slice(target.baseUrl.length) : undefined;
  if (path === undefined) return `${shown(request.url)} is not of the target ${shown(target.baseUrl)}`;
  if (purpose.kind !== 'subscription' || streamId === undefined) return undefined;
  if (path !== `/v3/avatar-realtime/${encodeURIComponent(streamId)}/words` && !streamId.includes('$'))
    return `it says that it asked for ${shown(streamId)}, and asked for ${shown(path)}`;
  return streams.some((stream) => stream.streamId === streamId)
    ? undefined
    : `${shown(streamId)} is no session of the run`;
}

const CREDENTIAL_HEADER = /^(x-api-key|authorization|proxy-authorization|cookie)$/i;

function oddCredential({ credential, request }: Exchange): string | undefined {
  const carried = request.headers.find(([name]) => CREDENTIAL_HEADER.test(name));
  if (credential === 'none' && carried !== undefined)
    return `it says that it carried no credential, and has ${shown(carried[0])}`;
  const right = /\$WORDS_(API_KEY|BEARER_TOKEN)$/.test(carried?.[1] ?? '');
  if (right && /^(wrong|near|empty)-|^other-/.test(credential))
    return `it says that it carried ${credential}, and carried ${shown(carried?.[1] ?? '')}`;
  return undefined;
}

function oddTime({ startedAt, response, chunks, ending }: Exchange): string | undefined {
  let before = response?.at ?? startedAt;
  if (startedAt < 0 || before < startedAt) return `it was answered at ${before} s, and asked at ${startedAt} s`;
  for (const [index, { at }] of chunks.entries()) {
    if (at < before) return `_arrivals[${index}] is at ${at} s, and what precedes it at ${before} s`;
    before = at;
  }
  if (ending.at < before) return `it ended at ${ending.at} s, and its last bytes came at ${before} s`;
  return ending.at > 1e7 ? `it ended at ${ending.at} s, after months` : undefined;
}

function shown(text: string): string {
  const line = JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);
  return line.replace(/[^\x20-\x7e…]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

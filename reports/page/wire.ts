import { Buffer } from 'node:buffer';
import type { Subscription } from '../../helpers/judging/check.ts';
import { exchangeName } from '../../helpers/recording/exchange-name.ts';
import type { Exchange, HeaderList, Recording } from '../../helpers/recording/recording.ts';
import type { RequirementResult } from '../../helpers/results/results.ts';
import type { StreamEvent } from '../../helpers/transcript/transcript.ts';
import { byteSize, count, counted, seconds } from './format.ts';
import { type Html, html, shortened } from './html.ts';
import { wireId } from './vocabulary.ts';

/** Events shown from either end of a stream; those that break a rule are shown wherever they stand. */
const FIRST_EVENTS = 12;
const LAST_EVENTS = 6;
const BROKEN_EVENTS = 20;
const EVENT_BYTES = 480;
const BODY_BYTES = 1500;
const MOST_HEADERS = 40;
const MOST_EXCHANGES = 400;

/** Each exchange as it went over the wire. `harName`: the file that holds all of it. */
export function wire(
  recording: Recording,
  subscriptions: readonly Subscription[],
  results: readonly RequirementResult[],
  harName: string,
): Html {
  const broken = brokenEvents(results);
  const exchanges = recording.exchanges.slice(0, MOST_EXCHANGES);
  return html`<section aria-labelledby="wire" class="appendix"><h2 id="wire">The wire</h2>
<p>${counted(recording.exchanges.length, 'exchange')}, in the order they were started. Times are seconds of the run. Credentials were replaced before anything was written. All bytes are in <a href="${harName}">${harName}</a>.</p>
${exchanges.map((exchange, index) =>
  exchangeView({
    exchange,
    harPlace: `log.entries[${index}] of ${harName}`,
    subscription: subscriptions.find((subscription) => subscription.exchange === exchange),
    broken: broken.get(exchange.id) ?? new Set(),
  }),
)}${
  recording.exchanges.length > MOST_EXCHANGES &&
  html`<p>${counted(recording.exchanges.length - MOST_EXCHANGES, 'further exchange')} in ${harName}, from log.entries[${MOST_EXCHANGES}].</p>`
}</section>`;
}

interface ExchangeInput {
  readonly exchange: Exchange;
  readonly harPlace: string;
  readonly subscription: Subscription | undefined;
  readonly broken: ReadonlySet<number>;
}

function exchangeView(input: ExchangeInput): Html {
  const { exchange, subscription } = input;
  const { request, response } = exchange;
  const size = exchange.chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);
  return html`<details class="exchange" id="${wireId(exchange.id)}"><summary><span class="who">${exchangeName(exchange)}</span> <code class="purpose">${shortened(exchange.id, 80)}</code> <b>${response ? `${response.status} ${shortened(response.statusText, 60)}` : 'no response'}</b> <span class="size">${seconds(
    exchange.startedAt,
  )} – ${seconds(exchange.ending.at)}, ${byteSize(size)}</span></summary><div class="body">
<dl><div><dt>Credential</dt><dd>${exchange.credential}${
    exchange.control &&
    html`; differs in one thing from <a href="#${wireId(exchange.control)}"><code>${exchange.control}</code></a>`
  }</dd></div>
<div><dt>Ended</dt><dd>${describeEnding(exchange)}</dd></div>
<div><dt>Size</dt><dd>${counted(size, 'byte')} of body, ${counted(exchange.wireBytes, 'byte')} on the wire, ${counted(
    exchange.chunks.length,
    'chunk',
  )}</dd></div>${
    exchange.supersededBy &&
    html`<div><dt>Asked again</dt><dd>as <a href="#${wireId(exchange.supersededBy)}"><code>${exchange.supersededBy}</code></a></dd></div>`
  }</dl>
<h3>Request</h3><pre>${request.method} ${shortened(request.url, 1000)}
${headerLines(request.headers)}${request.body && `\n${shortened(request.body, BODY_BYTES)}`}</pre>
${
  response &&
  html`<h3>Response head, at ${seconds(response.at)}</h3><pre>HTTP/${response.httpVersion} ${response.status} ${shortened(
    response.statusText,
    200,
  )}
${headerLines(response.headers)}</pre>`
}${subscription ? eventTable(subscription, input) : bodyView(exchange, size, input.harPlace)}</div></details>
`;
}

function headerLines(headers: HeaderList): string {
  const lines = headers
    .slice(0, MOST_HEADERS)
    .map(([name, value]) => `${shortened(name, 120)}: ${shortened(value, 300)}\n`);
  if (headers.length > MOST_HEADERS) lines.push(`… ${headers.length - MOST_HEADERS} further header fields\n`);
  return lines.join('');
}

function describeEnding({ ending }: Exchange): string {
  const at = `at ${seconds(ending.at)}`;
  switch (ending.kind) {
    case 'complete':
      return `complete, ${at}`;
    case 'stopped':
      return `stopped by the run ${at}: ${ending.bound}`;
    case 'no-response':
      return `no response ${at}: ${ending.fault}, ${shortened(ending.detail, 300)}`;
    default:
      return `${ending.kind} ${at}: ${shortened(ending.detail, 300)}`;
  }
}

function eventTable({ transcript }: Subscription, { broken, harPlace }: ExchangeInput): Html {
  const { events, bytes } = transcript;
  const shown = events.filter(
    ({ index }) => index < FIRST_EVENTS || index >= events.length - LAST_EVENTS || broken.has(index),
  );
  let previous = -1;
  const rows = shown.map((event) => {
    const gap = event.index - previous - 1;
    previous = event.index;
    return html`${gap > 0 && leftOut(events, event.index - gap, event.index - 1, harPlace)}${eventRow(event, bytes, broken.has(event.index))}`;
  });
  return html`<h3>Events, as received</h3>${
    events.length === 0
      ? html`<p>None: the body holds ${counted(bytes.length, 'byte')} and no event.</p>${bytes.length > 0 && html`<pre>${excerpt(bytes, BODY_BYTES)}</pre>`}`
      : html`<div class="scroll" tabindex="0" role="group" aria-label="Events"><table class="events"><thead><tr><th scope="col">Event</th><th scope="col">Type</th><th scope="col">Arrived</th><th scope="col">Byte offset</th><th scope="col">Size</th><th scope="col">Words</th><th scope="col">Bytes, as text</th></tr></thead><tbody>${rows}</tbody></table></div>`
  }`;
}

function eventRow(event: StreamEvent, bytes: Uint8Array, broken: boolean): Html {
  const content = bytes.subarray(event.byteOffset, event.byteOffset + event.byteLength);
  return html`<tr${broken && html` class="broken"`}><th scope="row">${count(event.index)}${
    broken && html` <span title="breaks a rule">✗<span class="unseen"> breaks a rule</span></span>`
  }</th><td>${shortened(event.type, 40)}${event.dispatch !== 'dispatched' && ` (${event.dispatch})`}</td><td>${seconds(
    event.at,
  )}</td><td>${count(event.byteOffset)}</td><td>${count(event.byteLength)}</td><td>${count(event.wordCount)}</td><td><bdi class="raw">${withLineEnds(
    excerpt(content, EVENT_BYTES),
  )}</bdi></td></tr>
`;
}

function leftOut(events: readonly StreamEvent[], from: number, to: number, harPlace: string): Html {
  const first = events[from];
  const last = events[to];
  if (!first || !last) return html``;
  return html`<tr class="left-out"><td colspan="7">… ${from === to ? `event ${count(from + 1)}` : `events ${count(from + 1)} to ${count(to + 1)}`} left out: bytes ${count(
    first.byteOffset,
  )} to ${count(last.byteOffset + last.byteLength)} of the body, in ${harPlace}</td></tr>
`;
}

function bodyView(exchange: Exchange, size: number, harPlace: string): Html | null {
  if (size === 0) return null;
  const head = Buffer.concat(exchange.chunks.slice(0, 64).map(({ bytes }) => bytes.subarray(0, BODY_BYTES)));
  return html`<h3>Body</h3><pre><bdi>${excerpt(head.subarray(0, BODY_BYTES), BODY_BYTES)}</bdi></pre>${
    size > BODY_BYTES && html`<p>The rest, from byte ${count(BODY_BYTES)}, is in ${harPlace}.</p>`
  }`;
}

/** Line ends are part of the framing: shown, without the empty lines that they would leave at the end of a cell. */
function withLineEnds(text: string): string {
  return text.replaceAll('\n', '⏎\n').trimEnd();
}

/** Bytes as text, the two ends where they are many. Not UTF-8: shown as replacement characters; the hex is with the finding. */
function excerpt(bytes: Uint8Array, limit: number): string {
  if (bytes.length <= limit) return Buffer.from(bytes).toString('utf8');
  const head = Math.ceil(limit * 0.7);
  const tail = limit - head;
  const ends = [bytes.subarray(0, head), bytes.subarray(bytes.length - tail)].map((part) =>
    Buffer.from(part).toString('utf8'),
  );
  return `${ends[0]} … ${count(bytes.length - limit)} bytes left out … ${ends[1]}`;
}

function brokenEvents(results: readonly RequirementResult[]): ReadonlyMap<string, ReadonlySet<number>> {
  const broken = new Map<string, Set<number>>();
  for (const { violations } of results)
    for (const { exchange, event } of violations) {
      if (exchange === null || event === undefined) continue;
      const events = broken.get(exchange) ?? new Set();
      if (events.size < BROKEN_EVENTS) events.add(event);
      broken.set(exchange, events);
    }
  return broken;
}

import type { Subscription } from '../../helpers/judging/check.ts';
import { exchangeName } from '../../helpers/recording/exchange-name.ts';
import type { RecordedSettings } from '../../helpers/recording/recording.ts';
import type { WordTable } from '../../helpers/transcript/transcript.ts';
import { arrival } from './arrival.ts';
import { count, counted, seconds } from './format.ts';
import { type Html, html, shortened } from './html.ts';
import type { Session } from './lanes.ts';
import { timeline } from './timeline.ts';
import { wireId } from './vocabulary.ts';
import type { WordChange, WordDiff } from './word-diff.ts';

const MOST_LISTED_DIFFERENCES = 30;
const MOST_WORDS_OF_A_DIFFERENCE = 12;

/** The timing of each session: pictures, and the same in words and figures. */
export function pictures(sessions: readonly Session[], settings: RecordedSettings): Html {
  return html`<section aria-labelledby="timing" class="appendix"><h2 id="timing">Subscriptions and timing</h2>
${sessions.length === 0 && html`<p>No subscription was opened as an event stream: there is nothing to draw.</p>`}
${sessions.map((session, index) => sessionView(session, settings, index))}</section>`;
}

function sessionView(session: Session, settings: RecordedSettings, index: number): Html {
  const hasWords = session.subscriptions.some(({ transcript }) => transcript.words.length > 0);
  return html`<section class="session" aria-labelledby="session-${index}"><h3 id="session-${index}">Session <code>${shortened(
    session.streamId,
    120,
  )}</code></h3>
${figures(session, settings.speed)}
${
  hasWords
    ? html`${timelineFigure(session, settings)}${arrivalFigure(session, settings)}`
    : html`<p>No words were delivered: there is nothing to draw.</p>`
}
${comparisons(session)}
</section>`;
}

function timelineFigure(session: Session, settings: RecordedSettings): Html {
  const marks = session.lanes.reduce((sum, lane) => sum + lane.marks.length, 0);
  return html`<figure class="picture timeline">
<figcaption><strong>Words and batches on the audio axis</strong>, ten seconds a row, a lane for each subscription. Above: the words. Below: each batch as a box, as wide as its words start apart and as tall as it holds words, up to the dotted line of ten. ${
    marks === 0 ? 'No rule was broken here.' : `✗ marks ${counted(marks, 'listed violation')} and leads to it.`
  }</figcaption>
${timeline(session, 1 + settings.timeCapToleranceSeconds)}</figure>`;
}

function arrivalFigure(session: Session, settings: RecordedSettings): Html {
  return html`<figure class="picture">
<figcaption><strong>Arrival against audio.</strong> Each point is a batch: when its last word ends in the audio, and when it arrived, in seconds of the run. History comes as a burst (a level line), live speech as a slope beside the dotted line of speaking pace, buffering as steps.</figcaption>
${arrival(session, settings.speed)}</figure>`;
}

function figures({ subscriptions }: Session, speed: number): Html {
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Figures of the subscriptions"><table><caption>What each subscription was sent, and how long it lasted</caption><thead><tr><th scope="col">Subscription</th><th scope="col">Events</th><th scope="col">Batches</th><th scope="col">Words</th><th scope="col">Bytes</th><th scope="col">Lasted</th><th scope="col">Most words, widest</th><th scope="col">Batches came</th><th scope="col">First word</th><th scope="col">Last word</th><th scope="col">Arrival minus audio varies by</th></tr></thead><tbody>${subscriptions.map((subscription) => figuresRow(subscription, speed))}</tbody></table></div>`;
}

function figuresRow({ exchange, transcript }: Subscription, speed: number): Html {
  const { words, events } = transcript;
  const batches = events.filter(({ wordCount }) => wordCount > 0);
  const spans = batches.map(
    ({ firstWord, wordCount }) => startOf(words, firstWord + wordCount - 1) - startOf(words, firstWord),
  );
  const largest = batches.reduce((most, { wordCount }) => Math.max(most, wordCount), 0);
  const widest = spans.reduce((most, span) => Math.max(most, span), 0);
  const [first, last] = [batches[0], batches.at(-1)];
  const cells = [
    count(events.length),
    count(batches.length),
    count(words.length),
    count(transcript.bytes.length),
    seconds(exchange.ending.at - exchange.startedAt),
    first && `${counted(largest, 'word')}, ${seconds(widest)}`,
    first && last && `${seconds(first.at - exchange.startedAt)} to ${seconds(last.at - exchange.startedAt)}`,
    wordWithTimes(words, 0),
    wordWithTimes(words, words.length - 1),
    unevenness(batches, words, speed),
  ];
  return html`<tr><th scope="row"><a href="#${wireId(exchange.id)}">${exchangeName(exchange)}</a></th>${cells.map((cell) => html`<td>${cell || '–'}</td>`)}</tr>`;
}

/** Spread of arrival minus audio time: small where speech came as it was spoken, its whole length where it came at once. */
function unevenness(batches: Subscription['transcript']['events'], words: WordTable, speed: number): string {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const { at, firstWord, wordCount } of batches) {
    const lag = at - (words.end[firstWord + wordCount - 1] ?? Number.NaN) / speed;
    if (!Number.isFinite(lag)) continue;
    least = Math.min(least, lag);
    most = Math.max(most, lag);
  }
  return most >= least ? seconds(most - least) : '–';
}

function startOf(words: WordTable, index: number): number {
  return words.start[index] ?? Number.NaN;
}

function wordWithTimes(words: WordTable, index: number): Html {
  if (index < 0 || index >= words.length) return html`–`;
  return html`<bdi>${shortened(words.text[index] ?? '', 60)}</bdi> <small>${times(words, index)}</small>`;
}

function times(words: WordTable, index: number): string {
  return `${words.start[index]} – ${words.end[index]} s`;
}

function comparisons({ comparisons: all }: Session): Html | null {
  if (all.length === 0) return null;
  return html`<h4>The same words on every subscription?</h4>${all.map(comparisonView)}`;
}

function comparisonView(comparison: WordDiff): Html {
  const { subscription, reference, differences, unaligned, partial } = comparison;
  const [one, other] = [exchangeName(subscription.exchange), exchangeName(reference.exchange)];
  const pair = `${one} and ${other}`;
  const stopped = partial ? ' as far as it was read' : '';
  if (differences.length === 0)
    return html`<p>✓ ${pair} hold the same ${counted(subscription.transcript.words.length, 'word')}${stopped}: tokens, times and order.</p>`;
  return html`<p>✗ ${pair} differ in ${counted(differences.length, 'place')}${stopped}. − is only in ${other}, + only in ${one}.${
    unaligned && ' They differ too much to be aligned word by word.'
  }</p><ol class="diff">${differences
    .slice(0, MOST_LISTED_DIFFERENCES)
    .map((difference) => differenceView(difference, comparison))}</ol>${
    differences.length > MOST_LISTED_DIFFERENCES &&
    html`<p>${counted(differences.length - MOST_LISTED_DIFFERENCES, 'further difference')} not listed.</p>`
  }`;
}

function differenceView(difference: WordChange, { subscription, reference }: WordDiff): Html {
  const was = reference.transcript.words;
  const is = subscription.transcript.words;
  return html`<li>After word ${count(difference.from)}: <span class="unseen">Only in ${exchangeName(reference.exchange)}: </span>${listed(
    was,
    difference.referenceFrom,
    difference.referenceTo,
    '−',
    'del',
  )}<span class="unseen">. Only in ${exchangeName(subscription.exchange)}: </span>${listed(is, difference.from, difference.to, '+', 'ins')}</li>`;
}

function listed(words: WordTable, from: number, to: number, sign: string, kind: 'del' | 'ins'): Html | null {
  if (from === to) return null;
  const shown = Array.from({ length: Math.min(to - from, MOST_WORDS_OF_A_DIFFERENCE) }, (_, offset) => from + offset);
  const items = shown.map(
    (index) => html` <bdi>${shortened(words.text[index] ?? '', 60)}</bdi> <small>${times(words, index)}</small>`,
  );
  const rest = to - from > shown.length && html` … ${counted(to - from - shown.length, 'further word')}`;
  return kind === 'del' ? html`<del>${sign}${items}${rest}</del>` : html`<ins>${sign}${items}${rest}</ins>`;
}

import { exchangeName } from '../../helpers/recording/exchange-name.ts';
import { seconds } from './format.ts';
import { type Html, html } from './html.ts';
import type { Session } from './lanes.ts';

const BOX = { width: 1000, height: 340, left: 46, right: 12, top: 12, bottom: 34 } as const;
const SERIES = 6;
/** Beyond this many batches points would hide the line. */
const MOST_POINTS = 150;
const MOST_LINE_POINTS = 1500;

type Point = readonly [audio: number, arrival: number];

/** Arrival against audio time, a line for each subscription. `speed`: audio seconds per second of the run. */
export function arrival(session: Session, speed: number): Html {
  const lines = session.subscriptions.map(({ exchange, transcript: { words, events } }) => {
    const batches = events.filter(({ wordCount }) => wordCount > 0);
    const step = Math.ceil(batches.length / MOST_LINE_POINTS) || 1;
    const points = batches
      .filter((_, index) => index % step === 0 || index === batches.length - 1)
      .map(({ firstWord, wordCount, at }): Point => [words.end[firstWord + wordCount - 1] ?? Number.NaN, at])
      .filter(([audio, at]) => audio >= session.from && audio <= session.to && Number.isFinite(at));
    return { name: exchangeName(exchange), points };
  });
  const latest = Math.max(1, ...lines.flatMap(({ points }) => points.map(([, at]) => at)));
  const x = (audio: number) => place(audio, session.from, session.to, BOX.left, BOX.width - BOX.right);
  const y = (at: number) => place(at, 0, latest, BOX.height - BOX.bottom, BOX.top);
  const first = lines[0]?.points[0];
  const pace = first && pacedFrom(first, session.to, latest, speed);
  return html`<ul class="legend inline">${lines.map(
    ({ name }, index) =>
      html`<li><svg class="series series-${index % SERIES}" viewBox="0 0 26 12" aria-hidden="true"><line x1="0" x2="26" y1="6" y2="6"/>${sign(index, 13, 6)}</svg> ${name}</li>`,
  )}</ul><div class="scroll" tabindex="0" role="group" aria-label="Arrival against audio"><svg class="arrival" viewBox="0 0 ${BOX.width} ${BOX.height}" role="img" aria-label="Arrival of each batch against its place in the audio, a line for each of ${lines.length} subscriptions. The table below holds the figures.">${ticks(
    session.from,
    session.to,
  ).map(
    (audio) =>
      html`<line class="tick" x1="${x(audio)}" x2="${x(audio)}" y1="${BOX.top}" y2="${BOX.height - BOX.bottom}"/><text class="axis" x="${x(audio)}" y="${BOX.height - 18}" text-anchor="middle">${seconds(audio)}</text>`,
  )}${ticks(0, latest).map(
    (at) =>
      html`<line class="tick" x1="${BOX.left}" x2="${BOX.width - BOX.right}" y1="${y(at)}" y2="${y(at)}"/><text class="axis" x="${BOX.left - 6}" y="${y(at) + 4}" text-anchor="end">${seconds(at)}</text>`,
  )}<text class="axis" x="${BOX.width / 2}" y="${BOX.height - 3}" text-anchor="middle">place in the audio</text>${
    pace &&
    html`<line class="pace" x1="${x(pace[0][0])}" y1="${y(pace[0][1])}" x2="${x(pace[1][0])}" y2="${y(pace[1][1])}"/>`
  }${lines.map(
    ({ points }, index) =>
      html`<g class="series series-${index % SERIES}"><polyline points="${points.map(([audio, at]) => `${x(audio)},${y(at)}`).join(' ')}"/>${points.length <= MOST_POINTS && points.map(([audio, at]) => sign(index, x(audio), y(at)))}</g>`,
  )}</svg></div>`;
}

/** A sign of its own for each line, so that colour only repeats it. */
function sign(index: number, x: number, y: number): Html {
  const shapes = [
    html`<circle cx="${x}" cy="${y}" r="3.5"/>`,
    html`<rect x="${x - 3.2}" y="${y - 3.2}" width="6.4" height="6.4"/>`,
    html`<path d="M${x} ${y - 4}l4 7h-8z"/>`,
    html`<path d="M${x} ${y - 4.4}l4.4 4.4l-4.4 4.4l-4.4 -4.4z"/>`,
  ];
  return html`<g${index >= shapes.length && html` class="hollow"`}>${shapes[index % shapes.length]}</g>`;
}

/** As fast as the voice speaks, from the first batch of the first subscription, to the edge of the picture. */
function pacedFrom(first: Point, to: number, latest: number, speed: number): readonly [Point, Point] {
  const until = Math.min(to, first[0] + (latest - first[1]) * speed);
  return [first, [until, first[1] + (until - first[0]) / speed]];
}

function ticks(from: number, to: number): readonly number[] {
  const step =
    [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600].find((size) => (to - from) / size <= 10) ?? (to - from) / 10;
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, index) =>
    Number(((first + index) * step).toFixed(3)),
  );
}

function place(value: number, from: number, to: number, low: number, high: number): number {
  return Math.round((low + ((value - from) / (to - from || 1)) * (high - low)) * 10) / 10;
}

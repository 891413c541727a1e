import type { Batch, Stream } from './data.ts';
import type { Theme } from './stage.ts';
import { bar, type Element, labelledBar, line, named, text, WORD_HEIGHT } from './timeline-elements.ts';

/** Heights within a lane, in pixels from its top. */
const LANE = { label: 3, marks: 20, words: 40, wordHeight: WORD_HEIGHT, floor: 136, perWord: 4, height: 157 } as const;
export const LANE_HEIGHT = LANE.height;
const TEN_WORDS = 10;
const TALLEST_BATCH = 13;
const MOST_WORDS = 1500;
const MOST_BATCHES = 500;
/** Violations nearer than this, in pixels, are one mark. */
const MARK_WIDTH = 22;

type Mark = Stream['marks'][number];

/** Something that can be seen, in audio seconds and lanes; `draw` knows the pixels. */
export interface Shape {
  /** What it is, for the line below the picture. */
  readonly says?: string;
  readonly marks?: readonly Mark[];
  draw(scale: Scale): Element;
}

export interface Scale {
  readonly theme: Theme;
  /** Bounds of the drawing area, in pixels. */
  readonly left: number;
  readonly right: number;
  x(seconds: number): number;
  y(lane: number, offset: number): number;
}

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** What is to be drawn of a stream in this range, no more than a screen can show. */
export function shapesIn(stream: Stream, range: Range, pixels: number, chosen: string | null): Shape[] {
  const perPixel = (range.to - range.from) / Math.max(1, pixels);
  const seen = ({ from, to }: Range) => to >= range.from && from <= range.to;
  let words = 0;
  let batches = 0;
  for (const lane of stream.lanes) {
    for (let index = 0; index < lane.start.length; index++)
      if (seen({ from: lane.start[index] ?? 0, to: lane.end[index] ?? 0 })) words++;
    batches += lane.batches.filter(seen).length;
  }
  const coarse = perPixel * 2;
  return stream.lanes.flatMap((_, index) => [
    laneFrame(stream, index),
    ...(batches > MOST_BATCHES ? batchColumns(stream, index, seen, coarse) : batchBoxes(stream, index, seen, perPixel)),
    ...(words > MOST_WORDS ? wordSpans(stream, index, seen, coarse) : wordBars(stream, index, seen)),
    ...missingWords(stream, index, seen),
    ...marks(stream, index, range, perPixel * MARK_WIDTH, chosen),
  ]);
}

function laneFrame(stream: Stream, lane: number): Shape {
  const { id, start, end, batches } = stream.lanes[lane] ?? { id: '', start: [], end: [], batches: [] };
  let outside = 0;
  for (let index = 0; index < start.length; index++)
    if (!((end[index] ?? Number.NaN) >= stream.from && (start[index] ?? Number.NaN) <= stream.to)) outside++;
  const note = outside > 0 ? `, ${outside} of them outside this axis` : '';
  return {
    draw: ({ theme, left, right, y }) => ({
      type: 'group',
      silent: true,
      children: [
        text(left, y(lane, LANE.label), `${id}: ${start.length} words in ${batches.length} batches${note}`, {
          fill: theme.text,
          font: `600 12px ${theme.font}`,
        }),
        line(left, right, y(lane, LANE.floor), theme.line),
        { ...line(left, right, y(lane, LANE.floor - TEN_WORDS * LANE.perWord), theme.faint, [2, 4]) },
      ],
    }),
  };
}

function wordBars(stream: Stream, lane: number, seen: (range: Range) => boolean): Shape[] {
  const { text: texts, start, end, extra } = stream.lanes[lane] ?? { text: [], start: [], end: [], extra: new Set() };
  const shapes: Shape[] = [];
  for (const [index, word] of texts.entries()) {
    const from = start[index] ?? Number.NaN;
    const to = Math.max(from, end[index] ?? from);
    if (!seen({ from, to })) continue;
    const differs = extra.has(index);
    // Words take turns in two rows, so that each label has the room of two.
    const row = rowOf(index);
    const next = start[index + 2] ?? Number.NaN;
    const roomTo = next > to && !differs ? Math.min(next, to + 0.6) : to;
    shapes.push({
      says: `word ${index}: ${word}, ${from.toFixed(3)} – ${(end[index] ?? Number.NaN).toFixed(3)} s${differs ? ', only here' : ''}`,
      draw: ({ theme, x, y }) =>
        labelledBar(x(from), x(to), x(roomTo), y(lane, LANE.words + row), differs ? `+${word}` : word, {
          fill: differs ? theme.changed : theme.word,
          ink: differs ? theme.paper : theme.wordText,
          font: theme.font,
        }),
    });
  }
  return shapes;
}

function rowOf(index: number): number {
  return (index % 2) * (LANE.wordHeight + 1);
}

/** Words that the reference subscription has and this one lacks. */
function missingWords(stream: Stream, lane: number, seen: (range: Range) => boolean): Shape[] {
  return (stream.lanes[lane]?.missing ?? [])
    .filter(({ start, end }) => seen({ from: start, to: end }))
    .slice(0, MOST_WORDS)
    .map(({ text: word, start, end }, place) => ({
      says: `not here: ${word}, ${start.toFixed(3)} – ${end.toFixed(3)} s`,
      draw: ({ theme, x, y }) =>
        labelledBar(x(start), x(end), x(end), y(lane, LANE.words + rowOf(place)), `−${word}`, {
          fill: theme.paper,
          ink: theme.changed,
          font: theme.font,
          stroke: theme.changed,
        }),
    }));
}

/** Where words are too many for bars: where there is speech. */
function wordSpans(stream: Stream, lane: number, seen: (range: Range) => boolean, coarse: number): Shape[] {
  const { start, end } = stream.lanes[lane] ?? { start: [], end: [] };
  const spans: { from: number; to: number; words: number }[] = [];
  for (let index = 0; index < start.length; index++) {
    const from = start[index] ?? Number.NaN;
    const to = end[index] ?? Number.NaN;
    if (!seen({ from, to })) continue;
    const last = spans.at(-1);
    if (last && from - last.to < coarse && to > last.from) {
      last.to = Math.max(last.to, to);
      last.words++;
    } else spans.push({ from, to, words: 1 });
  }
  return spans.map(({ from, to, words }) => ({
    says: `${words} words, ${from.toFixed(1)} – ${to.toFixed(1)} s`,
    draw: ({ theme, x, y }) => bar(x(from), x(to), y(lane, LANE.words), 2 * LANE.wordHeight, { fill: theme.word }),
  }));
}

function batchBoxes(stream: Stream, lane: number, seen: (range: Range) => boolean, perPixel: number): Shape[] {
  return (stream.lanes[lane]?.batches ?? []).flatMap((batch, index) =>
    seen(batch) ? [batchBox(batch, index, lane, stream.timeCap, perPixel)] : [],
  );
}

function batchBox(batch: Batch, index: number, lane: number, timeCap: number, perPixel: number): Shape {
  const span = batch.lastStart - batch.from;
  const first = Math.min(batch.from, batch.lastStart);
  const beyond = batch.words > TEN_WORDS || span > timeCap + 1e-9;
  const height = Math.min(batch.words, TALLEST_BATCH) * LANE.perWord;
  return {
    says: `batch ${index + 1}: ${batch.words} words that start within ${span.toFixed(3)} s, from ${batch.from.toFixed(3)} s of audio; arrived at ${batch.at.toFixed(3)} s of the run`,
    draw: ({ theme, x, y }) => {
      const left = x(first);
      const right = Math.max(x(Math.max(batch.from, batch.lastStart)), left + 3);
      const label = 1 / perPixel > 36 ? `${beyond ? '✗ ' : ''}${batch.words}` : beyond ? '✗' : '';
      return {
        type: 'group',
        children: [
          ...(1 / perPixel > 10 ? [limits(left, x(first + 1), y(lane, LANE.floor), theme)] : []),
          {
            ...bar(left, right, y(lane, LANE.floor) - height, height, {
              fill: beyond ? theme.bad : theme.batch,
              opacity: 0.75,
              stroke: beyond ? theme.bad : theme.batch,
            }),
          },
          text(left + 3, y(lane, LANE.floor) + 3, label, {
            fill: beyond ? theme.bad : theme.faint,
            font: `11px ${theme.font}`,
          }),
        ],
      };
    },
  };
}

/** What a batch may fill: one second wide, ten words tall. */
function limits(left: number, right: number, floor: number, theme: Theme): Element {
  return {
    type: 'rect',
    silent: true,
    shape: { x: left, y: floor - TEN_WORDS * LANE.perWord, width: right - left, height: TEN_WORDS * LANE.perWord },
    style: { fill: 'none', stroke: theme.faint, lineDash: [3, 3], lineWidth: 1 },
  };
}

/** Where batches are too many for boxes: the fullest one in each column of pixels. */
function batchColumns(stream: Stream, lane: number, seen: (range: Range) => boolean, coarse: number): Shape[] {
  const columns = new Map<number, { from: number; most: number; batches: number; beyond: boolean }>();
  for (const batch of stream.lanes[lane]?.batches ?? []) {
    if (!seen(batch)) continue;
    const place = Math.floor(batch.from / coarse);
    const column = columns.get(place) ?? { from: place * coarse, most: 0, batches: 0, beyond: false };
    column.most = Math.max(column.most, batch.words);
    column.batches++;
    column.beyond ||= batch.words > TEN_WORDS || batch.lastStart - batch.from > stream.timeCap + 1e-9;
    columns.set(place, column);
  }
  return [...columns.values()].map(({ from, most, batches, beyond }) => ({
    says: `${batches} batches near ${from.toFixed(1)} s, of at most ${most} words`,
    draw: ({ theme, x, y }) => {
      const height = Math.min(most, TALLEST_BATCH) * LANE.perWord;
      return bar(x(from), x(from + coarse), y(lane, LANE.floor) - height, height, {
        fill: beyond ? theme.bad : theme.batch,
      });
    },
  }));
}

function marks(stream: Stream, lane: number, range: Range, apart: number, chosen: string | null): Shape[] {
  const groups: { at: number; marks: Mark[] }[] = [];
  const here = stream.marks.filter(({ subscription }) => subscription === lane).toSorted((a, b) => a.from - b.from);
  for (const mark of here) {
    const at = Math.min(Math.max(mark.from, stream.from), stream.to);
    if (at < range.from || at > range.to) continue;
    const last = groups.at(-1);
    if (last && at - last.at < apart) last.marks.push(mark);
    else groups.push({ at, marks: [mark] });
  }
  return groups.map((group, index) => {
    const room = ((groups[index + 1]?.at ?? range.to) - group.at) / (apart / MARK_WIDTH);
    return markShape(group, lane, chosen, room);
  });
}

/** `room`: pixels up to the next mark. */
function markShape(
  { at, marks: members }: { at: number; marks: Mark[] },
  lane: number,
  chosen: string | null,
  room: number,
): Shape {
  const first = members[0];
  const isChosen = members.some(({ id }) => id === chosen);
  const rules = [...new Set(members.map(({ requirement }) => requirement))];
  return {
    marks: members,
    says: `${members.length === 1 ? '' : `${members.length} violations (${rules.join(', ')}), the first: `}${first?.requirement ?? ''}: ${first?.message ?? ''}`,
    draw: ({ theme, x, y }) => {
      const colour = first?.outcome === 'fail' ? theme.bad : theme.warn;
      const top = y(lane, LANE.marks);
      return {
        type: 'group',
        children: [
          {
            type: 'line',
            shape: { x1: x(at), x2: x(at), y1: top, y2: y(lane, LANE.floor) },
            style: { stroke: colour, lineWidth: isChosen ? 3 : 1 },
          },
          {
            type: 'rect',
            shape: { x: x(at) - 1, y: top, width: members.length > 1 ? 26 : 16, height: 16, r: 3 },
            style: { fill: colour, stroke: theme.text, lineWidth: isChosen ? 2 : 0 },
          },
          text(x(at) + 2, top + 2, `✗${members.length > 1 ? members.length : ''}`, {
            fill: theme.paper,
            font: `700 12px ${theme.font}`,
          }),
          named(x(at) + (members.length > 1 ? 30 : 20), top + 2, rules.join(', '), room - 34, colour, theme),
        ],
      };
    },
  };
}

import { count, counted, seconds } from './format.ts';
import { type Html, html, shortened } from './html.ts';
import { type Lane, type Mark, type Session, wordAt } from './lanes.ts';
import { markId } from './vocabulary.ts';

/** A timeline is written like music: staves of ten seconds, one below the other, a lane for each subscription. */
const STAVE = { seconds: 10, width: 1000 } as const;
const PER_SECOND = STAVE.width / STAVE.seconds;
/** A session of more staves shows those with violations or differences, and its two ends. */
const MOST_STAVES = 9;
const HEIGHT = { axis: 18, name: 17, marks: 20, words: 36, batches: 46, gap: 10 } as const;
const WORD_HEIGHT = 16;
const CHARACTER_WIDTH = 5.8;
const TEN_WORDS = 10;
const PER_WORD = 4;
/** Of one lane, in one stave: more cannot be told apart. */
const MOST_DRAWN = 500;
/** Marks nearer than this are one. */
const MARK_WIDTH = 26;

/** `timeCap`: batching.time-cap as judged, in seconds. */
export function timeline(session: Session, timeCap: number): Html {
  const { lanes, from, to } = session;
  const starts = Array.from(
    { length: Math.max(1, Math.ceil((to - from) / STAVE.seconds)) },
    (_, index) => from + index * STAVE.seconds,
  );
  const shown = starts.length <= MOST_STAVES ? starts : eventful(starts, lanes);
  let previous = from - STAVE.seconds;
  const staves = shown.map((start) => {
    const passed = Math.round((start - previous) / STAVE.seconds) - 1;
    previous = start;
    return html`${passed > 0 && html`<p class="passed">… ${counted(passed * STAVE.seconds, 'second')} without a finding: ${spoken(lanes, start - passed * STAVE.seconds, start)}</p>`}${stave(session, start, timeCap)}`;
  });
  const rest = starts.length - 1 - Math.round((previous - from) / STAVE.seconds);
  return html`${staves}${rest > 0 && html`<p class="passed">… ${counted(rest * STAVE.seconds, 'second')} without a finding follow.</p>`}`;
}

function eventful(starts: readonly number[], lanes: readonly Lane[]): readonly number[] {
  const happens = lanes.flatMap(({ words, marks, extra, missing }) => [
    ...marks.map(({ from }) => from),
    ...missing.map(({ from }) => from),
    ...[...extra].map((index) => words.start[index] ?? Number.NaN),
  ]);
  const wanted = starts.filter(
    (start, index) =>
      index === 0 || index === starts.length - 1 || happens.some((at) => at >= start && at < start + STAVE.seconds),
  );
  return wanted.length <= MOST_STAVES ? wanted : [...wanted.slice(0, MOST_STAVES - 1), ...wanted.slice(-1)];
}

function spoken(lanes: readonly Lane[], from: number, to: number): string {
  const most = lanes.map(({ words }) => words.start.reduce((sum, at) => sum + Number(at >= from && at < to), 0));
  return counted(Math.max(0, ...most), 'word');
}

function stave({ lanes, to }: Session, start: number, timeCap: number): Html {
  const x = (at: number) => round((at - start) * PER_SECOND);
  let top: number = HEIGHT.axis;
  const drawn = lanes
    .filter((lane) => isHeardIn(lane, start))
    .map((lane) => {
      const marks = marksIn(lane, start);
      const place = {
        lane,
        marks,
        name: top + 12,
        flags: top + HEIGHT.name,
        words: top + HEIGHT.name + (marks.length > 0 ? HEIGHT.marks : 0),
        floor: 0,
      };
      place.floor = place.words + (lane.sameWords ? 0 : HEIGHT.words) + HEIGHT.batches;
      top = place.floor + HEIGHT.gap;
      return place;
    });
  const end = Math.min(start + STAVE.seconds, to);
  const seconds = Array.from({ length: STAVE.seconds + 1 }, (_, index) => Math.ceil(start) + index).filter(
    (at) => at <= start + STAVE.seconds,
  );
  return html`<div class="scroll stave" tabindex="0" role="group" aria-label="From ${clock(start)} to ${clock(end)} of audio"><svg viewBox="0 0 ${STAVE.width} ${top}" role="group" aria-label="Words and batches from ${clock(start)} to ${clock(end)}"><g aria-hidden="true">${seconds.map(
    (at) =>
      html`<line class="tick" x1="${x(at)}" x2="${x(at)}" y1="${HEIGHT.axis - 4}" y2="${top}"/><text class="axis" x="${Math.min(x(at) + 2, STAVE.width - 30)}" y="11">${clock(at)}</text>`,
  )}${drawn.map(
    ({ lane, name, words, floor }) =>
      html`<text class="name" x="2" y="${name}">${laneName(lane)}</text><line class="floor" x1="0" x2="${STAVE.width}" y1="${floor}" y2="${floor}"/><line class="ten" x1="0" x2="${STAVE.width}" y1="${floor - TEN_WORDS * PER_WORD}" y2="${floor - TEN_WORDS * PER_WORD}"/>${batches(lane, start, x, floor, timeCap)}${!lane.sameWords && spokenWords(lane, start, x, words)}`,
  )}</g>${drawn.map(({ marks, flags, floor }) =>
    marks.map((group, index) => flag(group, x, roomAfter(marks, index, x), flags, floor)),
  )}</svg></div>
`;
}

/** A subscription that was over by then, or not yet open, has no lane. */
function isHeardIn({ words, batches: all, missing }: Lane, start: number): boolean {
  return (
    all.some(({ firstWord, wordCount }) =>
      isIn(start, wordAt(words, firstWord).from, wordAt(words, firstWord + wordCount - 1).to),
    ) || missing.some(({ from, to }) => isIn(start, from, to))
  );
}

function laneName({ name, words, batches: all, sameWords }: Lane): string {
  return `${shortened(name, 110)}: ${counted(words.length, 'word')} in ${counted(all.length, 'batch', 'batches')}${sameWords ? ', the same words' : ''}`;
}

type Scale = (at: number) => number;

function isIn(start: number, from: number, to: number): boolean {
  return to >= start && from <= start + STAVE.seconds;
}

function batches(
  { words, batches: all }: Lane,
  start: number,
  x: Scale,
  floor: number,
  timeCap: number,
): readonly Html[] {
  const shown: Html[] = [];
  for (const { firstWord, wordCount, at, index } of all) {
    if (shown.length === MOST_DRAWN) break;
    const first = wordAt(words, firstWord);
    const last = wordAt(words, firstWord + wordCount - 1);
    const [from, to] = [Math.min(first.from, last.from), Math.max(first.from, last.from)];
    if (!isIn(start, from, to)) continue;
    const beyond = wordCount > TEN_WORDS || to - from > timeCap + 1e-9;
    const height = Math.min(wordCount, TEN_WORDS + 1) * PER_WORD;
    shown.push(
      html`<g class="batch${beyond && ' beyond'}"><title>event ${index}: ${counted(wordCount, 'word')} that start within ${seconds(to - from)}; arrived at ${seconds(at)} of the run</title><rect x="${x(from)}" y="${floor - height}" width="${Math.max(3, round(x(to) - x(from)))}" height="${height}"/><text x="${x(from) + 2}" y="${floor - 3}">${beyond && '✗ '}${count(wordCount)}</text></g>`,
    );
  }
  return shown;
}

function spokenWords({ words, extra, missing }: Lane, start: number, x: Scale, top: number): readonly Html[] {
  const shown: Html[] = [];
  for (let index = 0; index < words.length && shown.length < MOST_DRAWN; index++) {
    const { text, from, to } = wordAt(words, index);
    if (!isIn(start, from, to)) continue;
    // Words take turns in two rows, so that each label has the room of two.
    const next = words.start[index + 2] ?? Number.NaN;
    const room = next > to ? Math.min(next, to + 0.6) : to;
    const only = extra.has(index);
    shown.push(
      word(
        `${only ? '+' : ''}${text}`,
        { from, to, room },
        x,
        top + (index % 2) * (WORD_HEIGHT + 1),
        only ? 'extra' : '',
      ),
    );
  }
  for (const [index, { text, from, to }] of missing.entries())
    if (isIn(start, from, to))
      shown.push(word(`−${text}`, { from, to, room: to }, x, top + (index % 2) * (WORD_HEIGHT + 1), 'missing'));
  return shown;
}

function word(
  text: string,
  { from, to, room }: { readonly from: number; readonly to: number; readonly room: number },
  x: Scale,
  y: number,
  kind: string,
): Html {
  const fits = Math.floor(((room - from) * PER_SECOND - 2) / CHARACTER_WIDTH);
  const label = text.length <= fits ? text : fits >= 2 && fits * 2 >= text.length ? `${text.slice(0, fits - 1)}…` : '';
  return html`<g class="word ${kind}"><title>${shortened(text, 60)}: ${seconds(from)} to ${seconds(to)}</title><rect x="${x(from)}" y="${y}" width="${Math.max(1.5, round(x(to) - x(from)) - 1)}" height="${WORD_HEIGHT}"/>${label && html`<text x="${x(from) + 1}" y="${y + 12}">${label}</text>`}</g>`;
}

function marksIn({ marks }: Lane, start: number): readonly (readonly Mark[])[] {
  const groups: Mark[][] = [];
  for (const mark of marks.toSorted((a, b) => a.from - b.from)) {
    if (mark.from < start || mark.from >= start + STAVE.seconds) continue;
    const last = groups.at(-1);
    if (last?.[0] && (mark.from - last[0].from) * PER_SECOND < MARK_WIDTH) last.push(mark);
    else groups.push([mark]);
  }
  return groups;
}

/** Pixels from a flag to the next one, or to the edge. */
function roomAfter(marks: readonly (readonly Mark[])[], index: number, x: Scale): number {
  const at = (group: readonly Mark[] | undefined) => (group?.[0] ? x(group[0].from) : STAVE.width);
  return at(marks[index + 1]) - at(marks[index]);
}

/** A link to the first violation that it stands for. `room`: in pixels, for the names of the rules. */
function flag(marks: readonly Mark[], x: Scale, room: number, top: number, floor: number): Html {
  const [first] = marks;
  if (first === undefined) return html``;
  const at = x(first.from);
  const rules = [...new Set(marks.map(({ result }) => result.id))];
  const left = at > STAVE.width - 24;
  const fits = Math.floor((room - 34) / CHARACTER_WIDTH);
  const names = rules.join(', ');
  const label = names.length <= fits ? names : fits > 6 ? `${names.slice(0, fits - 1)}…` : '';
  return html`<a class="mark ${first.result.outcome}" href="#${first.id}" id="${markId(first.id)}">${marks
    .slice(1)
    .map(
      ({ id }) => html`<g id="${markId(id)}"></g>`,
    )}<title>${marks.length > 1 && `${counted(marks.length, 'violation')}: `}${first.message}</title><line x1="${at}" x2="${at}" y1="${top}" y2="${floor}"/><rect x="${left ? at - 24 : at}" y="${top}" width="24" height="18"/><text class="sign" x="${left ? at - 21 : at + 3}" y="${top + 13}">✗${marks.length > 1 && marks.length}</text><text class="rule" x="${at + 28}" y="${top + 13}">${label}</text></a>`;
}

/** `7 s`, `1:07`. */
function clock(at: number): string {
  if (Math.abs(at) < 60) return `${Number(at.toFixed(1))} s`;
  const whole = Math.floor(Math.abs(at));
  return `${at < 0 ? '−' : ''}${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

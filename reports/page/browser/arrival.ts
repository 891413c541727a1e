import type { EChartsType } from 'echarts/core';
import type { Lane, Stream } from './data.ts';
import { clock, readout, stage, type Theme, tickInterval } from './stage.ts';

const SIGNS = [
  'circle',
  'rect',
  'triangle',
  'diamond',
  'emptyCircle',
  'emptyRect',
  'emptyTriangle',
  'emptyDiamond',
] as const;
const DASHES = ['solid', [6, 3], [2, 2], [10, 3, 2, 3], [12, 4], [4, 4]] as const;
/** Beyond this many batches the points would hide the line. */
const MOST_POINTS = 150;

/** Arrival against audio time, a line for each subscription. */
export function drawArrival(figure: HTMLElement, stream: Stream): void {
  const shown = new Set(stream.lanes.keys());
  const say = readout(figure, 'Point at a batch to read its figures.');
  let redraw = () => {};
  const draw = (chart: EChartsType, theme: Theme, width: number) => {
    redraw = () => chart.setOption(options(stream, shown, theme, width), { notMerge: true });
    redraw();
  };
  const chart = stage(figure, draw);
  chart.on('mouseover', ({ seriesIndex, value }) => {
    const lane = stream.lanes[seriesIndex ?? -1];
    if (!lane || !Array.isArray(value)) return;
    say(
      `${lane.id}: the batch that ends at ${Number(value[0]).toFixed(2)} s of audio arrived at ${Number(value[1]).toFixed(3)} s of the run`,
    );
  });
  chart.on('mouseout', () => say(null));
  for (const box of figure.querySelectorAll<HTMLInputElement>('input[type=checkbox]'))
    box.addEventListener('change', () => {
      if (box.checked) shown.add(Number(box.value));
      else shown.delete(Number(box.value));
      redraw();
    });
}

function options(stream: Stream, shown: ReadonlySet<number>, theme: Theme, width: number) {
  const narrow = width < 560;
  const axis = {
    type: 'value' as const,
    axisLabel: { color: theme.faint, hideOverlap: true },
    nameTextStyle: { color: theme.faint },
    axisLine: { show: true, lineStyle: { color: theme.line } },
    splitLine: { lineStyle: { color: theme.line, opacity: 0.5 } },
  };
  const span = stream.to - stream.from;
  const names = endNames(stream, shown);
  return {
    animation: false,
    textStyle: { fontFamily: theme.font },
    grid: { left: 56, right: narrow ? 12 : 110, top: 56, bottom: 44 },
    xAxis: {
      ...axis,
      min: stream.from,
      max: stream.to,
      interval: tickInterval(span, width),
      name: 'audio',
      nameLocation: 'middle' as const,
      nameGap: 28,
      axisLabel: { ...axis.axisLabel, formatter: (value: number) => clock(value, span) },
    },
    yAxis: {
      ...axis,
      name: 'arrival, time of the run',
      nameTextStyle: { color: theme.faint, align: 'left' as const },
      min: 0,
      axisLabel: { ...axis.axisLabel, formatter: (value: number) => clock(value, span) },
    },
    series: [
      ...stream.lanes.map((lane, index) => ({
        type: 'line' as const,
        name: lane.id,
        data: shown.has(index) ? points(lane, stream) : [],
        symbol: SIGNS[index % SIGNS.length],
        symbolSize: 7,
        showSymbol: lane.batches.length <= MOST_POINTS,
        sampling: 'lttb' as const,
        lineStyle: { width: 1.6, type: DASHES[index % DASHES.length], color: theme.series[index % 6] },
        itemStyle: { color: theme.series[index % 6] },
        endLabel: {
          show: !narrow && names.get(index) !== undefined,
          formatter: names.get(index),
          color: theme.faint,
          lineHeight: 15,
          width: 100,
          overflow: 'truncate' as const,
        },
        emphasis: { disabled: true },
      })),
      ...speakingPace(stream, theme),
    ],
  };
}

function points(lane: Lane, stream: Stream): [number, number][] {
  return lane.batches
    .filter(({ to, at }) => Number.isFinite(to) && Number.isFinite(at) && to >= stream.from && to <= stream.to)
    .map(({ to, at }) => [to, at]);
}

/** Lines that end together share one name, at the first of them. */
function endNames(stream: Stream, shown: ReadonlySet<number>): ReadonlyMap<number, string> {
  const ends = stream.lanes.map((lane) => points(lane, stream).at(-1)?.[1] ?? Number.NaN);
  const near = Math.max(...ends.filter(Number.isFinite), 1) / 8;
  const names = new Map<number, string>();
  for (const [index, { id }] of stream.lanes.entries()) {
    if (!shown.has(index)) continue;
    const together = [...names.keys()].find((other) => Math.abs((ends[other] ?? 0) - (ends[index] ?? 0)) < near);
    if (together === undefined) names.set(index, id);
    else names.set(together, `${names.get(together)}\n${id}`);
  }
  return names;
}

/** From the first batch of the first subscription on, as fast as the voice speaks. */
function speakingPace(stream: Stream, theme: Theme) {
  const first = stream.lanes[0] && points(stream.lanes[0], stream)[0];
  if (!first) return [];
  const [audio, arrival] = first;
  return [
    {
      type: 'line' as const,
      name: 'speaking pace',
      silent: true,
      data: [first, [stream.to, arrival + (stream.to - audio) / stream.speed]],
      showSymbol: false,
      lineStyle: { width: 1, type: 'dotted' as const, color: theme.faint },
      emphasis: { disabled: true },
    },
  ];
}

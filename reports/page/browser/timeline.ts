import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemParams } from 'echarts';
import type { EChartsType } from 'echarts/core';
import type { Stream } from './data.ts';
import { clock, readout, stage, type Theme, tickInterval, whenSeen } from './stage.ts';
import { LANE_HEIGHT, type Range, type Scale, type Shape, shapesIn } from './timeline-shapes.ts';

const TOP = 26;
const BELOW = 50;
const SIDE = 10;
const NARROWEST_SECONDS = 0.5;
const HINT =
  'Point at a word, a batch or a mark to read it. Zoom with the buttons, the slider, or Ctrl and the wheel; drag to move.';

/** The lanes of one session, words over batches, with the violations marked; linked both ways with the matrix. */
export function drawTimeline(figure: HTMLElement, stream: Stream): void {
  let timeline: Timeline | undefined;
  const drawn = () => {
    timeline ??= new Timeline(figure, stream);
    return timeline;
  };
  whenSeen(figure, drawn);
  for (const button of figure.querySelectorAll<HTMLButtonElement>('button[data-zoom]'))
    button.addEventListener('click', () => drawn().press(button.dataset.zoom ?? ''));
  for (const { id } of stream.marks) {
    const button = document.querySelector<HTMLButtonElement>(`button[data-show-in-timeline="${CSS.escape(id)}"]`);
    if (!button) continue;
    button.hidden = false;
    button.addEventListener('click', () => drawn().show(id));
  }
}

class Timeline {
  private readonly figure: HTMLElement;
  private readonly stream: Stream;
  private readonly say: (text: string | null) => void;
  private readonly chart: EChartsType;
  private range: Range;
  private chosen: string | null = null;
  private shapes: readonly Shape[] = [];
  private theme: Theme | undefined;

  constructor(figure: HTMLElement, stream: Stream) {
    this.figure = figure;
    this.stream = stream;
    this.range = { from: stream.from, to: stream.to };
    this.say = readout(figure, HINT);
    const place = figure.querySelector<HTMLElement>('.chart');
    // The library takes every turn of the wheel, even where it zooms only with Ctrl: the page must scroll.
    place?.addEventListener('wheel', (event) => event.ctrlKey || event.stopPropagation(), {
      capture: true,
      passive: true,
    });
    // Set through the object model, which a content security policy allows.
    if (place) place.style.height = `${TOP + stream.lanes.length * LANE_HEIGHT + BELOW}px`;
    this.chart = stage(figure, (chart, theme) => {
      this.theme = theme;
      chart.setOption(this.frame(theme), { notMerge: true });
      this.redraw(chart);
    });
    this.listen();
  }

  /** Goes to a violation: zooms to it, marks it and says what it is. */
  show(id: string): void {
    const mark = this.stream.marks.find((entry) => entry.id === id);
    if (!mark) return;
    this.chosen = id;
    const middle = Math.min(Math.max((mark.from + mark.to) / 2, this.stream.from), this.stream.to);
    const width = Math.min(this.stream.to - this.stream.from, Math.max(8, (mark.to - mark.from) * 2));
    this.zoomTo(middle - width / 2, middle + width / 2);
    this.say(`${mark.requirement}: ${mark.message}`);
    this.figure.scrollIntoView({ block: 'start' });
    this.figure.querySelector<HTMLButtonElement>('button')?.focus({ preventScroll: true });
  }

  private listen(): void {
    const { chart } = this;
    chart.on('datazoom', (event) => {
      const { batch, start, end } = event as { batch?: { start: number; end: number }[]; start?: number; end?: number };
      const share = batch?.[0] ?? { start: start ?? 0, end: end ?? 100 };
      const whole = this.stream.to - this.stream.from;
      this.range = {
        from: this.stream.from + (whole * share.start) / 100,
        to: this.stream.from + (whole * share.end) / 100,
      };
      this.redraw(chart);
    });
    chart.on('mouseover', ({ dataIndex }) => {
      const says = this.shapes[dataIndex]?.says;
      if (says) this.say(says);
    });
    chart.on('click', ({ dataIndex }) => {
      const shape = this.shapes[dataIndex];
      if (shape?.marks) this.follow(shape.marks);
      else if (shape?.says) this.say(shape.says);
    });
  }

  /** One violation leads to its row; several at one place are first pulled apart. */
  private follow(marks: Stream['marks']): void {
    const from = Math.min(...marks.map((mark) => mark.from));
    const to = Math.max(...marks.map((mark) => mark.from));
    if (marks.length > 1 && to - from > 0.05 && this.range.to - this.range.from > 2 * (to - from)) {
      const room = Math.max(NARROWEST_SECONDS, (to - from) * 0.2);
      this.zoomTo(from - room, to + room);
    } else location.hash = `#${marks[0]?.id ?? ''}`;
  }

  /** What a button of the picture asks for. */
  press(action: string): void {
    const { from, to } = this.range;
    const width = to - from;
    const middle = (from + to) / 2;
    if (action === 'whole') this.zoomTo(this.stream.from, this.stream.to);
    else if (action === 'in') this.zoomTo(middle - width / 4, middle + width / 4);
    else if (action === 'out') this.zoomTo(middle - width, middle + width);
    else if (action === 'earlier') this.zoomTo(from - width / 2, to - width / 2);
    else if (action === 'later') this.zoomTo(from + width / 2, to + width / 2);
    else this.step(action === 'next-violation' ? 1 : -1);
  }

  private step(direction: 1 | -1): void {
    const marks = this.stream.marks.toSorted((a, b) => a.from - b.from || a.subscription - b.subscription);
    const current = marks.findIndex(({ id }) => id === this.chosen);
    const next = current < 0 ? (direction === 1 ? 0 : marks.length - 1) : current + direction;
    const mark = marks[(next + marks.length) % marks.length];
    if (mark) this.show(mark.id);
  }

  private zoomTo(from: number, to: number): void {
    const whole = this.stream.to - this.stream.from;
    const width = Math.min(whole, Math.max(NARROWEST_SECONDS, to - from));
    const start = Math.min(Math.max(from, this.stream.from), this.stream.to - width);
    const share = (seconds: number) => ((seconds - this.stream.from) / whole) * 100;
    this.chart.dispatchAction({ type: 'dataZoom', start: share(start), end: share(start + width) });
  }

  private redraw(chart: EChartsType): void {
    this.shapes = shapesIn(this.stream, this.range, chart.getWidth() - 2 * SIDE, this.chosen);
    const { from, to } = this.range;
    const shown = this.figure.querySelector('output');
    if (shown) shown.value = `${clock(from, to - from)} to ${clock(to, to - from)}`;
    const interval = tickInterval(to - from, chart.getWidth());
    chart.setOption({
      xAxis: { interval },
      series: [{ id: 'shapes', data: this.shapes.map((_, index) => [index, 0]) }],
    });
  }

  private frame(theme: Theme) {
    const { from, to, lanes } = this.stream;
    const share = (seconds: number) => ((seconds - from) / (to - from)) * 100;
    const zoom = {
      xAxisIndex: 0,
      filterMode: 'none' as const,
      start: share(this.range.from),
      end: share(this.range.to),
      minValueSpan: NARROWEST_SECONDS,
    };
    return {
      animation: false,
      textStyle: { fontFamily: theme.font },
      grid: { left: SIDE, right: SIDE, top: TOP, height: lanes.length * LANE_HEIGHT },
      xAxis: {
        type: 'value' as const,
        position: 'top' as const,
        min: from,
        max: to,
        axisLabel: {
          color: theme.faint,
          hideOverlap: true,
          showMinLabel: false,
          showMaxLabel: false,
          formatter: (value: number) => clock(value, this.range.to - this.range.from),
        },
        axisLine: { show: true, lineStyle: { color: theme.line } },
        splitLine: { show: true, lineStyle: { color: theme.line, opacity: 0.45 } },
      },
      yAxis: { type: 'value' as const, show: false, inverse: true, min: 0, max: lanes.length * LANE_HEIGHT },
      dataZoom: [
        {
          type: 'inside' as const,
          ...zoom,
          zoomOnMouseWheel: 'ctrl' as const,
          moveOnMouseWheel: false,
          preventDefaultMouseMove: false,
        },
        {
          type: 'slider' as const,
          ...zoom,
          bottom: 8,
          height: 24,
          left: SIDE + 34,
          right: SIDE + 34,
          showDataShadow: false,
          brushSelect: false,
          textStyle: { color: theme.faint },
          borderColor: theme.line,
          fillerColor: 'rgba(128,128,128,0.25)',
          labelFormatter: (value: number) => clock(value, to - from),
        },
      ],
      series: [
        {
          id: 'shapes',
          type: 'custom' as const,
          clip: true,
          encode: { x: [], y: [] },
          data: [],
          renderItem: (params: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI) =>
            this.shapes[params.dataIndex]?.draw(this.scale(params, api)),
        },
      ],
    };
  }

  private scale(params: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI): Scale {
    const area = params.coordSys as unknown as { x: number; y: number; width: number };
    const { theme } = this;
    if (!theme) throw new Error('drawn before its theme was known');
    return {
      theme,
      left: area.x,
      right: area.x + area.width,
      x: (seconds) => api.coord([seconds, 0])[0] ?? 0,
      y: (lane, offset) => area.y + lane * LANE_HEIGHT + offset,
    };
  }
}

import { CustomChart, LineChart } from 'echarts/charts';
import { DataZoomComponent, GridComponent } from 'echarts/components';
import { type EChartsType, init, use } from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { CanvasRenderer } from 'echarts/renderers';

use([CustomChart, LineChart, GridComponent, DataZoomComponent, LabelLayout, CanvasRenderer]);

/** The page's colours as they are now: a canvas does not follow a style sheet by itself. */
export interface Theme {
  readonly text: string;
  readonly faint: string;
  readonly line: string;
  readonly paper: string;
  readonly word: string;
  readonly wordText: string;
  readonly batch: string;
  readonly bad: string;
  readonly warn: string;
  readonly changed: string;
  readonly series: readonly string[];
  readonly font: string;
}

function currentTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    text: colour('text'),
    faint: colour('faint'),
    line: colour('line'),
    paper: colour('paper'),
    word: colour('word'),
    wordText: colour('word-text'),
    batch: colour('batch'),
    bad: colour('fail'),
    warn: colour('warn'),
    changed: colour('changed'),
    series: [0, 1, 2, 3, 4, 5].map((index) => colour(`series-${index}`)),
    font: getComputedStyle(document.body).fontFamily,
  };
}

/** Calls once, when the element comes near the screen, or when the page is printed. */
export function whenSeen(element: HTMLElement, act: () => void): void {
  const observer = new IntersectionObserver(
    (entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) run();
    },
    { rootMargin: '400px' },
  );
  const run = () => {
    observer.disconnect();
    removeEventListener('beforeprint', run);
    act();
  };
  observer.observe(element);
  addEventListener('beforeprint', run);
}

/** A chart in its figure that follows width, colour scheme and paper. `draw` is called again whenever they change. */
export function stage(
  figure: HTMLElement,
  draw: (chart: EChartsType, theme: Theme, width: number) => void,
): EChartsType {
  const place = figure.querySelector<HTMLElement>('.chart');
  if (!place) throw new Error('the figure has no place for a chart');
  const chart = init(place, null, { renderer: 'canvas' });
  const redraw = () => {
    chart.resize();
    draw(chart, currentTheme(), place.clientWidth);
  };
  redraw();
  let width = place.clientWidth;
  new ResizeObserver(() => {
    if (place.clientWidth === width || place.clientWidth === 0) return;
    width = place.clientWidth;
    redraw();
  }).observe(place);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  // Style rules for print apply after this event, so the colours of paper are asked for by a class.
  addEventListener('beforeprint', () => {
    document.documentElement.classList.add('printing');
    redraw();
  });
  addEventListener('afterprint', () => {
    document.documentElement.classList.remove('printing');
    redraw();
  });
  return chart;
}

/** Seconds of audio on an axis: as minutes and seconds where there are many. */
export function clock(seconds: number, span: number): string {
  if (span < 120) return `${Number(seconds.toFixed(2))} s`;
  const whole = Math.round(Math.abs(seconds));
  return `${seconds < 0 ? '−' : ''}${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** Round steps of a clock, as many as there is room for. */
export function tickInterval(span: number, pixels: number): number {
  const most = Math.max(2, pixels / 110);
  return (
    [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800].find((step) => span / step <= most) ??
    span / most
  );
}

/** What is under the pointer, in words below the picture. */
export function readout(figure: HTMLElement, hint: string): (text: string | null) => void {
  const line = figure.querySelector<HTMLElement>('[data-readout]');
  if (line) line.textContent = hint;
  return (text) => {
    if (line) line.textContent = text ?? hint;
  };
}

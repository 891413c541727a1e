import type { CustomSeriesRenderItemReturn } from 'echarts';
import type { Theme } from './stage.ts';

/** What ECharts draws: positions and sizes in pixels. */
export type Element = NonNullable<CustomSeriesRenderItemReturn>;

/** Of the bar of one word, in pixels. */
export const WORD_HEIGHT = 16;

/** The rules that a mark stands for, where there is room to name them. */
export function named(x: number, y: number, rules: string, width: number, fill: string, theme: Theme): Element {
  const content = width < 60 ? '' : rules;
  const font = `11px ${theme.font}`;
  return {
    type: 'text',
    silent: true,
    style: { x, y, text: content, fill, font, width, overflow: 'truncate', verticalAlign: 'top' },
  };
}

export function bar(left: number, right: number, top: number, height: number, style: object): Element {
  return { type: 'rect', shape: { x: left, y: top, width: Math.max(1.5, right - left - 1), height }, style };
}

/** The label may reach over the gap after the bar, up to `room`. */
export function labelledBar(
  left: number,
  right: number,
  room: number,
  top: number,
  label: string,
  look: { readonly fill: string; readonly ink: string; readonly font: string; readonly stroke?: string },
): Element {
  const outline = look.stroke ? { stroke: look.stroke, lineDash: [3, 2], lineWidth: 1.5 } : {};
  const box = bar(left, right, top, WORD_HEIGHT, { fill: look.fill, ...outline });
  const width = room - left;
  // Less than half of a word says nothing.
  if (width < 6 || width < (label.length * 5.6) / 2) return box;
  return {
    type: 'group',
    children: [
      box,
      {
        type: 'text',
        silent: true,
        style: {
          x: left + 1,
          y: top + 3,
          text: label,
          fill: look.ink,
          font: `10px ${look.font}`,
          verticalAlign: 'top',
          width,
          overflow: 'truncate',
          ellipsis: '…',
        },
      },
    ],
  };
}

export function line(left: number, right: number, y: number, stroke: string, lineDash?: number[]): Element {
  return {
    type: 'line',
    shape: { x1: left, x2: right, y1: y, y2: y },
    style: { stroke, lineWidth: 1, ...(lineDash ? { lineDash } : {}) },
  };
}

export function text(x: number, y: number, content: string, style: { fill: string; font: string }): Element {
  return { type: 'text', silent: true, style: { x, y, text: content, verticalAlign: 'top', ...style } };
}

import { Buffer } from 'node:buffer';
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { LineIssueKind, StreamEvent } from '../../../helpers/transcript/transcript.ts';

export const SAMPLES_FOLDER = new URL('./samples/', import.meta.url);

type SampleBytes = string | readonly (string | { readonly hex: string })[];
interface Place {
  readonly line: number;
  readonly byte: number;
}

/** As `samples.schema.json` describes it. */
export interface Sample {
  readonly name: string;
  readonly lines: readonly SampleBytes[];
  readonly unfinished?: SampleBytes;
  readonly ending?: LineEnding;
  readonly cut?: boolean;
  readonly events: readonly {
    readonly type?: string;
    readonly data: string;
    readonly lastEventId?: string;
    readonly dispatch?: StreamEvent['dispatch'];
    readonly lines: readonly [first: number, last: number];
  }[];
  readonly issues?: readonly { readonly line: number; readonly kind: LineIssueKind; readonly field?: string }[];
  readonly strayByteOrderMarks?: readonly Place[];
  readonly invalidUtf8?: Place;
}

/** In `mixed` no carriage return comes before a line feed, so that no two endings become one. */
const LINE_ENDINGS = {
  LF: ['\n'],
  CRLF: ['\r\n'],
  CR: ['\r'],
  mixed: ['\n', '\r', '\r\n'],
  none: [''],
} as const;
export type LineEnding = keyof typeof LINE_ENDINGS;

export interface SampleFile {
  readonly file: string;
  readonly content: unknown;
}

export function sampleFiles(): readonly SampleFile[] {
  return readdirSync(SAMPLES_FOLDER)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => ({ file, content: parse(readFileSync(new URL(file, SAMPLES_FOLDER), 'utf8')) as unknown }));
}

export function loadSamples(): readonly Sample[] {
  return sampleFiles().flatMap(({ content }) => (content as { samples: readonly Sample[] }).samples);
}

export function endingsOf(sample: Sample): readonly LineEnding[] {
  return sample.ending ? [sample.ending] : ['LF', 'CRLF', 'CR', 'mixed'];
}

export interface BuiltSample {
  readonly bytes: Buffer<ArrayBuffer>;
  /** Where each line starts and where, its ending included, it ends. */
  readonly lines: readonly { readonly start: number; readonly end: number }[];
}

export function buildSample(sample: Sample, ending: LineEnding): BuiltSample {
  const endings: readonly string[] = LINE_ENDINGS[ending];
  const parts = sample.lines.map((line, index) =>
    Buffer.concat([encode(line), Buffer.from(endings[index % endings.length] ?? '')]),
  );
  if (sample.unfinished !== undefined) parts.push(encode(sample.unfinished));
  let offset = 0;
  const lines = parts.map((part) => {
    const start = offset;
    offset += part.length;
    return { start, end: offset };
  });
  return { bytes: Buffer.concat(parts), lines };
}

function encode(content: SampleBytes): Buffer<ArrayBuffer> {
  if (typeof content === 'string') return Buffer.from(content);
  return Buffer.concat(
    content.map((part) =>
      typeof part === 'string' ? Buffer.from(part) : Buffer.from(part.hex.replaceAll(' ', ''), 'hex'),
    ),
  );
}

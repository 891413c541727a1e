import type { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from '@playwright/test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { loadContract } from '../../../helpers/contract/load.ts';
import type { Transcript } from '../../../helpers/transcript/transcript.ts';
import { cutAt, readPieces, scanEvents, withoutTimes } from './event-log.ts';
import {
  type BuiltSample,
  buildSample,
  endingsOf,
  loadSamples,
  SAMPLES_FOLDER,
  type Sample,
  sampleFiles,
} from './samples.ts';

const contract = loadContract();

test.describe('the sample files', () => {
  const schema = JSON.parse(readFileSync(new URL('samples.schema.json', SAMPLES_FOLDER), 'utf8')) as object;
  const validate = new Ajv2020({ strict: true, strictTypes: false, allErrors: true }).compile(schema);

  for (const { file, content } of sampleFiles())
    test(`${file} is valid against its schema`, () => {
      validate(content);
      expect(validate.errors ?? []).toEqual([]);
    });

  test('no two samples have one name', () => {
    const names = loadSamples().map((sample) => sample.name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});

for (const sample of loadSamples())
  test(`reads, with every line ending and however it is cut: ${sample.name}`, () => {
    for (const ending of endingsOf(sample)) {
      const built = buildSample(sample, ending);
      const whole = readPieces([built.bytes], contract, sample.cut);
      expectFindings(whole, sample, built);
      expect(scanEvents(built.bytes, sample.cut), ending).toEqual(expectedLog(sample, built));
      expect(cutsThatChangeIt(whole, sample), ending).toEqual([]);
    }
  });

/** Tries one byte at a time, and each single cut. One assertion for all: an assertion costs more than reading a sample. */
function cutsThatChangeIt(whole: Transcript, { cut }: Sample): readonly (readonly number[])[] {
  const told = withoutTimes(whole);
  return chunkings(whole.bytes.length).filter((places) => {
    const pieces = cutAt(whole.bytes as Buffer, places);
    const transcript = readPieces(pieces, contract, cut);
    return !isDeepStrictEqual(withoutTimes(transcript), told) || !arrivesWithItsLastByte(transcript, pieces);
  });
}

function chunkings(length: number): readonly (readonly number[])[] {
  const places = Array.from({ length: Math.max(0, length - 1) }, (_, index) => index + 1);
  return [places, ...places.map((place) => [place])];
}

function expectedLog(sample: Sample, { lines, bytes }: BuiltSample): unknown {
  const markLength = bytes.subarray(0, 3).toString('hex') === 'efbbbf' ? 3 : 0;
  return sample.events.map((event) => ({
    type: event.type ?? 'message',
    data: event.data,
    lastEventId: event.lastEventId ?? '',
    dispatch: event.dispatch ?? 'dispatched',
    byteOffset: Math.max(lines[event.lines[0]]?.start ?? Number.NaN, markLength),
    byteEnd: lines[event.lines[1]]?.end,
  }));
}

function expectFindings(transcript: Transcript, sample: Sample, { lines }: BuiltSample): void {
  const placeOf = ({ line, byte }: { line: number; byte: number }): number => (lines[line]?.start ?? Number.NaN) + byte;
  expect(transcript.strayByteOrderMarks).toEqual((sample.strayByteOrderMarks ?? []).map(placeOf));
  expect(transcript.invalidUtf8At).toBe(sample.invalidUtf8 ? placeOf(sample.invalidUtf8) : null);
  const issues = sample.issues ?? [];
  expect(transcript.lineIssueCount).toBe(issues.length);
  expect(transcript.lineIssues).toEqual(
    issues.map(({ line, kind, field }) => ({
      kind,
      byteOffset: lines[line]?.start,
      byteLength: expect.any(Number),
      field: field ?? expect.any(String),
    })),
  );
  expect(
    transcript.events.map(({ type, lastEventId = '', dispatch, byteOffset, byteLength }) => ({
      type,
      lastEventId: dispatch === 'dispatched' ? lastEventId : '',
      dispatch,
      byteOffset,
      byteEnd: byteOffset + byteLength,
    })),
  ).toEqual(
    scanEvents(transcript.bytes as Buffer, sample.cut).map(({ data, lastEventId, ...event }) => ({
      ...event,
      lastEventId: event.dispatch === 'dispatched' ? lastEventId : '',
    })),
  );
}

/** Piece number n arrives at second n. */
function arrivesWithItsLastByte(transcript: Transcript, pieces: readonly Buffer[]): boolean {
  const ends: number[] = [];
  for (const piece of pieces) ends.push((ends.at(-1) ?? 0) + piece.length);
  return transcript.events.every(({ at, byteOffset, byteLength }) => {
    const last = byteOffset + byteLength - 1;
    return at === 1 + ends.findIndex((end) => end > last);
  });
}

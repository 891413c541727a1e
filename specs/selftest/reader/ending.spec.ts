import { Buffer } from 'node:buffer';
import { expect, test } from '@playwright/test';
import { loadContract } from '../../../helpers/contract/load.ts';
import { type EndOfStream, endOf } from '../../../helpers/transcript/ending.ts';
import { batchFrame, END_FRAME } from '../support/recordings.ts';
import { readPieces } from './event-log.ts';

const contract = loadContract();
const BATCH = batchFrame([['Hi', 0, 0.2]]);

const BODIES: readonly (readonly [body: string, ofComplete: EndOfStream['kind'], ofLost: EndOfStream['kind']])[] = [
  [BATCH + END_FRAME, 'sent', 'sent'],
  [`${BATCH + END_FRAME}event: end\n\n`, 'sent', 'sent'],
  [`${BATCH}event: end\n\n${END_FRAME}`, 'sent', 'sent'],
  [BATCH, 'never-sent', 'cut-off'],
  ['', 'never-sent', 'cut-off'],
  [`${BATCH}event: END\ndata: {}\n\n`, 'never-sent', 'cut-off'],
  [`${BATCH}data: {}\n\n`, 'never-sent', 'cut-off'],
  [`${BATCH}event: end\n\n`, 'without-data', 'without-data'],
  [`${BATCH}event: end\n\n: bye`, 'without-data', 'without-data'],
  [`${BATCH}event: end\ndata: {}\n`, 'without-blank-line', 'cut-off'],
  [`${BATCH}event: end\ndata: {}`, 'without-blank-line', 'cut-off'],
  [`${BATCH}event: end`, 'without-blank-line', 'cut-off'],
];

for (const [body, ofComplete, ofLost] of BODIES)
  test(`${JSON.stringify(body)}: ${ofComplete}, or ${ofLost} where the connection was lost`, () => {
    expect(endOf(readPieces([Buffer.from(body)], contract)).kind).toBe(ofComplete);
    expect(endOf(readPieces([Buffer.from(body)], contract, true)).kind).toBe(ofLost);
  });

test('the event that says so is given', () => {
  const transcript = readPieces([Buffer.from(BATCH + END_FRAME)], contract);
  expect(endOf(transcript)).toEqual({ kind: 'sent', event: transcript.events[1] });
});

import { Buffer } from 'node:buffer';
import fc from 'fast-check';

/** Strings here hold one byte in each unit, so that broken characters are as easy to write as whole ones. */
const utf8 = (text: string): string => Buffer.from(text).toString('latin1');

const MARK = utf8('\uFEFF');
const CHARACTERS = ['é', '你', '😀', '\u0085', '\u2028', '\uFFFD', '\uFEFF'].map(utf8);
const BROKEN = [
  '\x80',
  '\xff',
  '\xc3',
  '\xe2\x82',
  '\xf0\x9f\x98',
  '\xed\xa0\x80',
  '\xc0\xaf',
  '\xf4\x90\x80\x80',
  '\xef\xbb',
];
const NAMES = ['data', 'data', 'data', 'event', 'event', 'id', 'id', 'retry'];
const ODD_NAMES = [
  '',
  'Data',
  'dat',
  'datax',
  ' data',
  'data ',
  `${MARK}data`,
  'da\0ta',
  'eventid',
  'i',
  '\0',
  '{"words"',
];
/** What `event` lines are likely to name: the page listens for these whatever the stream says. */
export const USUAL_TYPES = ['message', 'end', 'words', 'error', 'open', 'END', ' end', 'end '];
const TEXTS = [...USUAL_TYPES, 'a', '1', '10', '{"words":[]}', ' ', '\t', ':', 'data:', 'event: end', '\0'];

const lineEnding = fc.constantFrom('\n', '\r', '\r\n');
const text = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 2, arbitrary: fc.constantFrom(...CHARACTERS) },
  { weight: 1, arbitrary: fc.constantFrom(...BROKEN) },
);
const value = fc.array(text, { maxLength: 3 }).map((parts) => parts.join(''));
const name = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 1, arbitrary: fc.constantFrom(...ODD_NAMES) },
);
const separator = fc.constantFrom(': ', ':', ':  ', '', ' : ');
const fieldLine = fc.tuple(name, separator, value, lineEnding).map((parts) => parts.join(''));
const comment = fc.tuple(fc.constantFrom(':', ': ', `${MARK}:`), value, lineEnding).map((parts) => parts.join(''));
const soup = fc.array(fc.oneof(text, lineEnding, fc.constantFrom(MARK, '\0', ':', ...NAMES)), { maxLength: 6 });

const piece = fc.oneof(
  { weight: 9, arbitrary: fieldLine },
  { weight: 6, arbitrary: lineEnding },
  { weight: 1, arbitrary: comment },
  { weight: 1, arbitrary: soup.map((parts) => parts.join('')) },
);
const start = fc.oneof(
  { weight: 6, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.constantFrom(MARK, MARK + MARK, '\xef\xbb', utf8('ï»¿'), '\xff\xfe') },
);

/** Bodies that come close to being event streams: all endings, marks, NULs, broken characters, unfinished ends. */
export const streams: fc.Arbitrary<Buffer> = fc
  .tuple(start, fc.array(piece, { maxLength: 24 }), value)
  .map(([head, pieces, tail]) => Buffer.from(head + pieces.join('') + tail, 'latin1'));

/** The same, longer than the pieces that the reader hands to its parser. */
export const longStreams: fc.Arbitrary<Buffer> = fc
  .tuple(streams, fc.constantFrom('data: ', 'x', ':', 'id: '), fc.integer({ min: 400, max: 40_000 }), streams, streams)
  .map(([head, field, length, middle, tail]) =>
    Buffer.concat([head, Buffer.from(`\n${field}${'é'.repeat(length)}`), middle, tail]),
  );

/** A stream and places to cut it at. */
export const cutStreams: fc.Arbitrary<readonly [Buffer, readonly number[]]> = fc
  .oneof({ weight: 4, arbitrary: streams }, { weight: 1, arbitrary: longStreams })
  .chain((bytes) => fc.tuple(fc.constant(bytes), fc.array(fc.nat(Math.max(0, bytes.length - 1)), { maxLength: 12 })));

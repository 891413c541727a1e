import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import type { SpokenWord } from '../support/recordings.ts';

/** How a server writes what it says: everything here is left to it by WHATWG HTML §9.2 and RFC 8259. */
export interface Framing {
  readonly byteOrderMark: boolean;
  readonly lineEndings: readonly string[];
  readonly space: boolean;
  /** What each batch has beside its data, by turns. */
  readonly besides: readonly Besides[];
  readonly end: string;
  readonly after: string;
}

interface Besides {
  readonly before: readonly string[];
  readonly lines: readonly string[];
  /** Of the JSON text: spread over lines where it is not 0. */
  readonly indent: 0 | 1 | 2;
  readonly memberOrder: readonly ('word' | 'start' | 'end')[];
  readonly extra: Readonly<Record<string, unknown>>;
  readonly escaped: boolean;
  readonly exponent: boolean;
}

const extraMembers = fc.dictionary(
  fc.constantFrom('confidence', 'speaker', 'phonemes', '__proto__', 'constructor', 'x y', 'Word'),
  fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.double({ noNaN: true, noDefaultInfinity: true })),
  { maxKeys: 3 },
);

const besides: fc.Arbitrary<Besides> = fc.record({
  before: fc.array(fc.constantFrom(': keep-alive', ':', ': event: end', ':{"words":[]}', '', ': déjà vu'), {
    maxLength: 3,
  }),
  lines: fc.subarray(['id: 7', 'id', 'retry: 3000', ': between the lines', 'event: message', 'event:', 'id:a b']),
  indent: fc.constantFrom(0, 0, 0, 1, 2),
  memberOrder: fc.shuffledSubarray(['word', 'start', 'end'] as const, { minLength: 3 }),
  extra: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: extraMembers }),
  escaped: fc.boolean(),
  exponent: fc.boolean(),
});

export const framings: fc.Arbitrary<Framing> = fc.record({
  byteOrderMark: fc.boolean(),
  lineEndings: fc.oneof(
    fc.constantFrom(['\n'], ['\r\n'], ['\r']),
    fc.array(fc.constantFrom('\n', '\r\n', '\r'), { minLength: 2, maxLength: 9 }),
  ),
  space: fc.boolean(),
  besides: fc.array(besides, { minLength: 1, maxLength: 4 }),
  end: fc.constantFrom('{}', '{"reason":"completed"}', '{ "words_total" : 3 , "x": [1, {"y": null}] }', '{"words":[]}'),
  after: fc.constantFrom('', ': bye\n', ': bye\n\n', '\n\n'),
});

/** Each batch and the end as the bytes that this server sends for it. */
export function framed(batches: readonly (readonly SpokenWord[])[], framing: Framing): readonly Buffer[] {
  let line = 0;
  let previous = '';
  const ended = (text: string): string => {
    let ending = framing.lineEndings[line++ % framing.lineEndings.length] ?? '\n';
    // After a carriage return, a line feed alone ends no line: the two are one line ending.
    if (text === '' && previous === '\r' && ending === '\n') ending = '\r';
    previous = ending;
    return text + ending;
  };
  const field = (name: string, value: string) => ended(`${name}:${framing.space ? ' ' : ''}${value}`);
  const frames = batches.map((batch, index) => {
    const style = framing.besides[index % framing.besides.length] ?? PLAIN;
    const data = jsonOf(batch, style).split('\n');
    // In this order: how a line may end depends on the one before it.
    const lines = [...style.before, ...style.lines].map(ended);
    lines.push(...data.map((part) => field('data', part)), ended(''));
    return lines.join('');
  });
  const end = field('event', 'end') + field('data', framing.end) + ended('');
  const mark = framing.byteOrderMark ? '\uFEFF' : '';
  return [...frames, end + framing.after].map((text, index) => Buffer.from(index === 0 ? mark + text : text));
}

const PLAIN: Besides = {
  before: [],
  lines: [],
  indent: 0,
  memberOrder: ['word', 'start', 'end'],
  extra: {},
  escaped: false,
  exponent: false,
};

function jsonOf(batch: readonly SpokenWord[], { memberOrder, extra, indent, escaped, exponent }: Besides): string {
  const words = batch.map(([word, start, end]) => {
    const members = { word, start, end };
    // Entries, for a member named `__proto__` to stay one.
    return Object.fromEntries([
      ...memberOrder.map((name) => [name, members[name]] as const),
      ...Object.entries(extra).map(([name, value]) => [name, value] as const),
    ]);
  });
  const text = JSON.stringify({ ...extra, words }, null, indent);
  const exponents = exponent ? text.replace(/(?<="(?:start|end)": ?)(\d+)(\.\d+)?(?=[,}\n])/g, '$1$2e0') : text;
  if (!escaped) return exponents;
  return exponents.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

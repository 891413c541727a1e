import type { Contract } from '../contract/types.ts';
import { exchangeName } from '../recording/exchange-name.ts';
import { atBody, atHead } from './answers.ts';
import type { Evidence, Violation } from './check.ts';
import { type ErrorAnswer, errorAnswers, isObject } from './error-answers.ts';
import { type Findings, quoted, shownValue } from './findings.ts';

/**
 * The rules for one error body, each giving its violation, null where the rule holds, and undefined where the body has
 * nothing for it to look at (another rule has that failure).
 */
export type BodyRule = (answer: ErrorAnswer, contract: Contract) => Violation | null | undefined;

/**
 * Bodies of a 429 are left to rate-limit.body, and those of an undocumented status to the rule that asked, but for what
 * they leak: one cause, one failure.
 */
export function judgeBodies(evidence: Evidence, findings: Findings, rule: BodyRule): void {
  for (const answer of errorAnswers(evidence)) {
    const isJudged = answer.status !== 429 && (answer.isDocumented || rule === noLeakRule);
    const violation = isJudged ? rule(answer, evidence.contract) : undefined;
    if (violation === undefined) continue;
    findings.observe();
    if (violation !== null) findings.violate(() => violation);
  }
}

export const mediaTypeRule: BodyRule = ({ exchange, status, mediaType, body }) => {
  if (body.kind === 'empty' && mediaType === '') return undefined;
  if (mediaType === 'application/json') return null;
  return {
    message: `The ${status} of ${exchangeName(exchange)} has ${mediaType === '' ? 'no media type' : `the media type ${quoted(mediaType)}`}.`,
    expected: ['application/json'],
    actual: mediaType === '' ? 'no Content-Type' : quoted(mediaType),
    ...atBody(exchange),
  };
};

export const envelopeRule: BodyRule = (answer, contract) => {
  const { exchange, status, mediaType, body } = answer;
  // A page of another media type is no JSON either: one cause, and media-type has it.
  if ((body.kind === 'not-json' || body.kind === 'unending') && mediaType !== 'application/json') return undefined;
  const fault = envelopeFault(answer, contract);
  if (fault === undefined) return null;
  return {
    message: `The body of the ${status} of ${exchangeName(exchange)} ${fault}.`,
    expected: ['{"error":{"code":"…","message":"…","param":null,"doc_url":null}}'],
    actual: body.kind === 'empty' ? 'no body' : body.kind === 'json' ? shownValue(body.value) : quoted(answer.text, 80),
    ...atBody(exchange),
  };
};

function envelopeFault({ status, body }: ErrorAnswer, contract: Contract): string | undefined {
  if (body.kind === 'empty') return 'is empty';
  if (body.kind === 'unending') return body.fault;
  if (body.kind === 'not-json') return `is no JSON text (${body.fault})`;
  if (!isObject(body.value)) return 'is no JSON object';
  if (!Object.hasOwn(body.value, 'error')) return 'has no member "error"';
  const [inError] = contract.validateStandardError(body.value.error);
  if (inError !== undefined) return `breaks StandardAPIError at /error${inError.pointer}: ${inError.message}`;
  const [inBody] = contract.validateErrorBody(status, body.value);
  return inBody === undefined
    ? undefined
    : `breaks the contract's schema at ${inBody.pointer || 'its root'}: ${inBody.message}`;
}

/** The value of a member of `error`, where there is one of that type. */
function stringMember({ body }: ErrorAnswer, name: string): string | undefined {
  const value =
    body.kind === 'json' && body.error !== undefined && Object.hasOwn(body.error, name) ? body.error[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

export const messageRule: BodyRule = (answer) => {
  const message = stringMember(answer, 'message');
  if (message === undefined) return undefined;
  if (message.trim() !== '') return null;
  return {
    message: `The message in the ${answer.status} of ${exchangeName(answer.exchange)} is empty.`,
    expected: ['a sentence for a human reader'],
    actual: quoted(message),
    ...atBody(answer.exchange),
  };
};

export const codeRule: BodyRule = (answer, contract) => {
  const code = stringMember(answer, 'code');
  const example = contract.exampleCode(answer.status);
  if (code === undefined || example === undefined) return undefined;
  if (code === example) return null;
  return {
    message: `The code in the ${answer.status} of ${exchangeName(answer.exchange)} is ${quoted(code)}, where the contract's example is "${example}".`,
    expected: [example],
    actual: quoted(code),
    ...atBody(answer.exchange),
  };
};

export const docUrlRule: BodyRule = (answer) => {
  if (answer.body.kind !== 'json' || answer.body.error === undefined) return undefined;
  const url = stringMember(answer, 'doc_url');
  if (url === undefined || URL.canParse(url)) return null;
  return {
    message: `The doc_url in the ${answer.status} of ${exchangeName(answer.exchange)} is ${quoted(url)}, which is no absolute URL.`,
    expected: ['null', 'no doc_url', 'an absolute URL'],
    actual: quoted(url),
    ...atBody(answer.exchange),
  };
};

/** Marks of a server's inside, each unlikely in a message meant for a client. */
const LEAKS: readonly (readonly [what: string, mark: RegExp])[] = [
  [
    'a stack trace',
    /\bat [\w$.<>[\] ]{1,120}\((?:node:[^()\s]{1,300}|(?=[^()\s]{0,300}[/\\])[^()\s]{1,300}|[\w$.-]{1,80}\.[A-Za-z]{1,6}|[A-Za-z][\w$]{0,60}:\d+):\d+(?::\d+)?\)/,
  ],
  ['a stack trace', /\bat (?:file:\/\/|node:|\/)[^\s"]{1,300}:\d+:\d+/],
  ['a stack trace', /\bTraceback \(most recent call last\)/],
  ['a stack trace', /\bFile \\?"[^"]{1,300}\\?", line \d+/],
  ['a stack trace', /\bat [\w$]+(?:\.[\w$<>]+)+\([\w$]+\.(?:java|kt|scala|cs):\d+\)/],
  ['a stack trace', /\bgoroutine \d+ \[\w+/],
  ['a stack trace', /\bpanicked at |\bpanic: /],
  [
    'a file path',
    /(?:^|[\s"'(=:])\/(?:home|usr|var|opt|etc|srv|app|root|tmp|Users|workspace|node_modules)\/[\w.@-]+(?:\/[\w.@-]+)*/,
  ],
  ['a file path', /\b[A-Za-z]:\\{1,2}(?:[\w.-]+\\{1,2})+[\w.-]+/],
  [
    'an SQL error',
    /\b(?:SQLSTATE\b|syntax error at or near|ORA-\d{5}\b|psycopg2?\.|sqlalchemy\.|SELECT\s[^"]{1,200}\sFROM\s)/,
  ],
  ['an internal exception', /\b(?:java|javax|org|com|kotlin)\.[a-z]\w{0,60}(?:\.\w{1,60}){0,12}(?:Exception|Error)\b/],
  [
    'an internal exception',
    /\b(?:NullPointerException|NullReferenceException|Cannot read propert(?:y|ies) of (?:undefined|null))/,
  ],
];

/** The first that is not the path of the request itself, which is nothing that the server discloses. */
function firstOf(mark: RegExp, text: string, url: string): RegExpExecArray | undefined {
  const asked = URL.canParse(url) ? new URL(url).pathname : undefined;
  for (const match of text.matchAll(new RegExp(mark, 'g')))
    if (/\/.*?(?=\.*$)/.exec(match[0])?.[0] !== asked) return match;
  return undefined;
}

export const noLeakRule: BodyRule = ({ exchange, status, text, body }) => {
  if (body.kind === 'empty') return undefined;
  for (const [what, mark] of LEAKS) {
    const match = firstOf(mark, text, exchange.request.url);
    if (match === undefined) continue;
    return {
      message: `The body of the ${status} of ${exchangeName(exchange)} shows ${what}: ${quoted(match[0].trim(), 100)}.`,
      expected: ['a message without the inside of the server'],
      actual: quoted(match[0].trim(), 100),
      ...atHead(exchange),
      byteOffset: new TextEncoder().encode(text.slice(0, match.index)).length,
      byteLength: new TextEncoder().encode(match[0]).length,
    };
  }
  return null;
};

import {
  answerTo,
  atHead,
  noAnswers,
  refusedBecause,
  shownAnswer,
  subscriptionRequests,
  whyAbsent,
  wordsExchanges,
} from '../judging/answers.ts';
import type { Check, Evidence, Judgement } from '../judging/check.ts';
import { header, mediaType } from '../judging/evidence.ts';
import { counted, Findings, quoted } from '../judging/findings.ts';
import type { Exchange, Recording, SubscriptionRole } from '../recording/recording.ts';

const SUBSCRIBERS: readonly SubscriptionRole[] = ['first', 'concurrent', 'late', 'dropped', 'reconnected', 'snapshot'];
const SUBSCRIBE = 'Run against a target with a session to subscribe to (WORDS_SESSION).';

/** Contract: `responses/200`; RFC 9110 §15. */
function judgeStatus(evidence: Evidence): Judgement {
  const { recording } = evidence;
  const findings = new Findings();
  for (const exchange of subscriptionRequests(recording)) {
    const answer = answerTo(exchange);
    if (answer.kind === 'rate-limited') {
      findings.note(`${exchange.id} was answered 429 until the run's patience ended; this is not held against it.`);
    } else if (answer.kind === 'none' && answer.ours) {
      if (exchange.ending.kind === 'no-response' || isBoundReached(exchange))
        findings.leaveUnverified({
          reason: `${exchange.id} got no response within the run's bounds (${answer.reason}).`,
          remedy: 'Raise WORDS_MAX_SECONDS, or look at the network between here and the target.',
        });
    } else {
      const blamed = refusedBecause(exchange, recording);
      if (blamed !== undefined && blamed !== 'http.status') continue;
      findings.observe();
      if (blamed === 'http.status')
        findings.violate(() => ({
          message: `${exchange.id} asked for a known session with valid credentials and got ${shownAnswer(exchange)}.`,
          expected: ['200'],
          actual: shownAnswer(exchange),
          ...atHead(exchange),
        }));
    }
  }
  return findings.judgement(() => {
    const limited = subscriptionRequests(recording).find((exchange) => answerTo(exchange).kind === 'rate-limited');
    if (limited !== undefined)
      return {
        reason: `${limited.id} was answered 429 until the run's patience ended.`,
        remedy: 'Run again with a higher rate limit.',
      };
    return noAnswers(evidence, 'answer to a subscription', SUBSCRIBE);
  });
}

/** Stopped because the head was too long in coming, or too large: not by an operator, nor as the probe has it. */
function isBoundReached({ ending }: Exchange): boolean {
  return ending.kind === 'stopped' && ending.bound !== 'interrupt' && ending.bound !== 'probe';
}

/** WHATWG HTML §9.2.6: the media type decides whether a client opens the stream at all. */
function judgeContentType(evidence: Evidence): Judgement {
  const findings = new Findings();
  for (const exchange of subscriptionRequests(evidence.recording)) {
    if (exchange.response?.status !== 200) continue;
    findings.observe();
    const values = exchange.response.headers
      .filter(([name]) => name.toLowerCase() === 'content-type')
      .map(([, value]) => value);
    const wrong = values.length === 0 ? 'no Content-Type' : values.map(contentTypeFault).find((fault) => fault);
    if (wrong !== undefined)
      findings.violate(() => ({
        message: `${exchange.id} has ${wrong}.`,
        expected: ['text/event-stream', 'text/event-stream; charset=utf-8'],
        actual: values.length === 0 ? 'no Content-Type' : quoted(values.join(', ')),
        ...atHead(exchange),
      }));
  }
  return findings.judgement(() => whyAbsent(evidence, SUBSCRIBERS, 'known-session'));
}

/** `utf8` is a label of UTF-8 (WHATWG Encoding §4.2) and does no harm. */
const UTF8 = /^utf-?8$/i;

function contentTypeFault(value: string): string | undefined {
  if (mediaType(value) !== 'text/event-stream') return `the media type ${quoted(mediaType(value))}`;
  const charset = /;\s*charset\s*=\s*("?)([^";]*)\1/i.exec(value)?.[2]?.trim();
  return charset === undefined || UTF8.test(charset) ? undefined : `the charset ${quoted(charset)}`;
}

/** RFC 9112 §6.3 and §8: how a body ends, and when it is incomplete. */
function judgeCompleteBody(evidence: Evidence): Judgement {
  const findings = new Findings();
  for (const exchange of wordsExchanges(evidence.recording)) {
    const { ending, response } = exchange;
    if (response === undefined || ending.kind === 'undecodable' || ending.kind === 'stopped') continue;
    findings.observe();
    if (ending.kind === 'complete') continue;
    const bytes = exchange.chunks.reduce((sum, chunk) => sum + chunk.bytes.length, 0);
    findings.violate(() => ({
      message: `The body of ${exchange.id} was ${ending.kind === 'short' ? 'cut short' : 'broken off'} after ${counted(bytes, 'byte')} (${quoted(detailOf(exchange))}).`,
      expected: ['the last chunk', 'as many bytes as Content-Length says', 'a close, where the length is by close'],
      actual: `${ending.kind} after ${counted(bytes, 'byte')}`,
      exchange: exchange.id,
      at: ending.at,
      ...(bytes === 0 ? {} : { byteOffset: bytes - 1, byteLength: 1 }),
    }));
  }
  return findings.judgement(() => noAnswers(evidence, 'body that was read to its end', SUBSCRIBE));
}

/** A breach on another answer is one, too; but such an answer is no proof about the words response. */
function holdsWords({ purpose, response }: Exchange): boolean {
  return purpose.kind === 'subscription' && response?.status === 200;
}

function detailOf({ ending }: Exchange): string {
  return 'detail' in ending ? ending.detail : ending.kind;
}

/** RFC 9110 §8.4 and §12.5.3. An answer without a content-coding is an observation too. */
function judgeContentCoding(evidence: Evidence): Judgement {
  const findings = new Findings();
  for (const exchange of wordsExchanges(evidence.recording)) {
    if (exchange.response === undefined) continue;
    if (holdsWords(exchange)) findings.observe();
    const codings = codingsIn(header(exchange, 'content-encoding'));
    const offered = offeredCodings(exchange);
    const stranger = codings.find((coding) => !offered(coding));
    if (stranger !== undefined)
      findings.violate(() => ({
        message: `${exchange.id} came in the content-coding ${quoted(stranger)}, which the request did not offer.`,
        expected: ['identity', ...acceptedCodings(exchange).map(({ coding }) => coding)],
        actual: stranger,
        ...atHead(exchange),
      }));
    else if (exchange.ending.kind === 'undecodable')
      findings.violate(() => ({
        message: `The body of ${exchange.id} does not decode as ${codings.join(', ') || 'sent'} (${quoted(detailOf(exchange))}).`,
        expected: ['a body that decodes without error'],
        actual: detailOf(exchange),
        exchange: exchange.id,
        at: exchange.ending.at,
      }));
  }
  return findings.judgement(() => whyAbsent(evidence, SUBSCRIBERS, 'known-session'));
}

function codingsIn(value: string | undefined): readonly string[] {
  return (value ?? '')
    .split(',')
    .map((coding) => plainCoding(coding))
    .filter((coding) => coding !== '');
}

/** RFC 9110 §8.4.1: `x-gzip` and `x-compress` are equivalent to the names without `x-`. */
function plainCoding(coding: string): string {
  return coding
    .trim()
    .toLowerCase()
    .replace(/^x-(?=gzip$|compress$)/, '');
}

function acceptedCodings({ request }: Exchange): readonly { coding: string; refused: boolean }[] {
  return request.headers
    .filter(([name]) => name.toLowerCase() === 'accept-encoding')
    .flatMap(([, value]) => value.split(','))
    .map((entry) => {
      const [coding = '', ...parameters] = entry.split(';');
      return { coding: plainCoding(coding), refused: parameters.some((one) => /^\s*q\s*=\s*0(\.0*)?\s*$/i.test(one)) };
    })
    .filter(({ coding }) => coding !== '');
}

/** Without an Accept-Encoding header every coding is acceptable. */
function offeredCodings(exchange: Exchange): (coding: string) => boolean {
  if (!exchange.request.headers.some(([name]) => name.toLowerCase() === 'accept-encoding')) return () => true;
  const accepted = acceptedCodings(exchange);
  return (coding) => {
    const entry = accepted.find((one) => one.coding === coding) ?? accepted.find((one) => one.coding === '*');
    return entry === undefined ? coding === 'identity' : !entry.refused;
  };
}

const CACHE_AND_PROXY_HEADERS = [
  'cache-control',
  'x-accel-buffering',
  'age',
  'via',
  'server',
  'x-cache',
  'x-served-by',
  'cf-cache-status',
  'connection',
  'transfer-encoding',
] as const;

function judgeCache(evidence: Evidence): Judgement {
  const findings = new Findings();
  const seen = new Map<string, string[]>();
  for (const exchange of opened(evidence.recording)) {
    findings.observe();
    for (const name of CACHE_AND_PROXY_HEADERS) {
      const value = header(exchange, name);
      if (value === undefined) continue;
      const line = `${name}: ${quoted(value)}`;
      seen.set(line, [...(seen.get(line) ?? []), exchange.id]);
    }
  }
  for (const [line, ids] of seen)
    findings.note(ids.length === findings.observations ? line : `${line} (${ids.join(', ')})`);
  if (findings.observations > 0 && seen.size === 0) findings.note('No header about caching or proxies was seen.');
  return findings.judgement(() => whyAbsent(evidence, SUBSCRIBERS, 'known-session'));
}

function opened(recording: Recording): readonly Exchange[] {
  return subscriptionRequests(recording).filter(({ response }) => response?.status === 200);
}

export const httpChecks: readonly Check[] = [
  { id: 'http.status', judge: judgeStatus },
  { id: 'http.content-type', judge: judgeContentType },
  { id: 'http.complete-body', judge: judgeCompleteBody },
  { id: 'http.content-coding', judge: judgeContentCoding },
  { id: 'http.cache', judge: judgeCache },
];

import { exchangeName } from '../recording/exchange-name.ts';
import type { Exchange, Recording } from '../recording/recording.ts';
import { readTranscript } from '../transcript/read.ts';
import { shownAnswer, wordsExchanges } from './answers.ts';
import type { Evidence } from './check.ts';
import { isObject } from './error-answers.ts';
import { header } from './evidence.ts';
import { counted, type Findings } from './findings.ts';

/** The answers 429, of ordinary requests as well as of the burst; says why there is none. */
export function limitedAnswers(evidence: Evidence, findings: Findings): readonly Exchange[] {
  const { recording } = evidence;
  const limited = wordsExchanges(recording).filter(({ response }) => response?.status === 429);
  const burst = burstOf(recording);
  if (limited.length > 0 || burst.length === 0 || otherRefusals(evidence).length > 0) return limited;
  const unavailable = burst.find(({ response: { status = 0 } = {} }) => status >= 500);
  findings.explain(
    unavailable === undefined
      ? {
          reason: `No 429 was seen in a burst of ${counted(burst.length, 'request')}: the limit, if there is one, is higher.`,
          remedy: 'Lower the limit of the target for this run, if the rule is to be verified.',
        }
      : {
          reason: `${exchangeName(unavailable)} of a burst was answered ${shownAnswer(unavailable)}, which a limit or overload may explain, and none 429.`,
          remedy: 'Where that is the limit of the target, answer 429; else lower the limit for this run.',
        },
  );
  return limited;
}

/** The whole seconds of Retry-After. RFC 9110 §10.2.3 allows a date as well, the contract an integer alone. */
export function secondsAsked(exchange: Exchange): number | undefined {
  const value = (header(exchange, 'retry-after') ?? '').trim();
  return /^\d+$/.test(value) ? Number(value) : undefined;
}

/** One may be refused by chance. */
const FEWEST_REFUSALS = 2;

/**
 * Refusals in place of the 429: the burst repeats a request that was granted, so nothing but its number can be the reason.
 * A server error may come of the load.
 */
export function otherRefusals(evidence: Evidence): readonly Exchange[] {
  const burst = burstOf(evidence.recording);
  const granted = burst.some((exchange) => exchange.response?.status === 200 && !isRefusalStream(exchange, evidence));
  if (!granted) return [];
  const refused = burst.filter(
    (exchange) => isOtherRefusal(exchange.response?.status ?? 0) || isRefusalStream(exchange, evidence),
  );
  return refused.length < FEWEST_REFUSALS ? [] : refused;
}

function burstOf(recording: Recording): readonly Exchange[] {
  return recording.exchanges.filter(({ purpose }) => purpose.kind === 'burst');
}

function isOtherRefusal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 429;
}

/** A 200 whose stream begins with an error, or with its end, where the same request has brought words. */
function isRefusalStream(exchange: Exchange, { contract }: Evidence): boolean {
  if (exchange.response?.status !== 200) return false;
  const [first] = readTranscript(exchange, contract).events;
  if (first?.dispatch !== 'dispatched' || first.wordCount > 0) return false;
  return first.kind === 'end' || first.type === 'error' || (isObject(first.payload) && 'error' in first.payload);
}

import type { RequirementId } from '../contract/types.ts';
import { grouped } from '../grouped.ts';
import type { Exchange } from '../recording/recording.ts';
import { type Breach, CAUSES, type Cause } from './likely-causes.ts';
import type { Finding, Outcome, RequirementResult } from './results.ts';

/** Outcomes that are findings, gravest first. */
const GRAVITY: readonly Outcome[] = ['error', 'fail', 'warn', 'waived'];

/** What a breach costs those who read the stream, worst first: lost or wrong words before headers. */
const WORST_FIRST: readonly (readonly string[])[] = [
  ['contract', 'http.status', 'http.head', 'http.content-type'],
  ['replay', 'snapshot', 'ordering', 'schema.batch', 'schema.word-text', 'tokens', 'http.complete-body', 'framing'],
  [
    'auth.isolation',
    'auth.missing',
    'auth.invalid',
    'auth.before-lookup',
    'auth.no-echo',
    'auth.api-key',
    'auth.bearer',
  ],
  ['liveness', 'ending', 'batching', 'schema'],
  ['errors', 'rate-limit'],
];

/** What was found, by cause, worst first. Pure. */
export function findingsOf(results: readonly RequirementResult[], exchanges: readonly Exchange[]): readonly Finding[] {
  const byId = new Map(exchanges.map((exchange) => [exchange.id, exchange]));
  const breaches = worstFirst(results.filter(({ outcome }) => GRAVITY.includes(outcome))).map(
    (result): Breach => ({ result, on: placesOf(result, byId) }),
  );
  const heardLive = exchanges.some(isFirst);
  const broken = new Map<string, Breach>(breaches.map((breach) => [breach.result.id, breach]));
  const groups = grouped(breaches, (breach): Cause | RequirementId => {
    const { id, outcome } = breach.result;
    return outcome === 'error' ? id : (CAUSES.find(({ claims }) => claims(breach, broken, heardLive)) ?? id);
  });
  return [...groups].map(([cause, members]) => {
    const requirements = members.map(({ result }) => result.id);
    return {
      outcome: members[0]?.result.outcome ?? 'fail',
      ...(typeof cause === 'string' ? {} : { likelyCause: cause.says(members) }),
      requirements,
      unverified: consequencesOf(requirements, results),
    };
  });
}

/** Pure. */
export function worstFirst(results: readonly RequirementResult[]): readonly RequirementResult[] {
  return results.toSorted((a, b) => compare(rankOf(a), rankOf(b)));
}

/** Not verified because of one of these, or of what was not verified because of them. */
function consequencesOf(
  causes: readonly RequirementId[],
  results: readonly RequirementResult[],
): readonly RequirementId[] {
  const known = new Set<RequirementId>(causes);
  for (let size = 0; size !== known.size; ) {
    size = known.size;
    for (const { id, outcome, because } of results)
      if (outcome === 'inconclusive' && because !== undefined && known.has(because)) known.add(id);
  }
  return [...known].slice(causes.length);
}

function rankOf({ id, area, outcome, core, level, violationCount }: RequirementResult): readonly number[] {
  const cost = WORST_FIRST.findIndex((names) => names.includes(id));
  const rest = WORST_FIRST.findIndex((names) => names.includes(area));
  const place = cost >= 0 ? cost : rest >= 0 ? rest : WORST_FIRST.length;
  return [GRAVITY.indexOf(outcome), level === 'MUST' ? 0 : 1, place, core ? 0 : 1, -violationCount];
}

function compare(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((value, place) => value !== b[place]);
  return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}

function placesOf({ violations }: RequirementResult, byId: ReadonlyMap<string, Exchange>): readonly Exchange[] {
  return violations.flatMap(({ exchange }) => byId.get(exchange ?? '') ?? []);
}

function isFirst({ purpose }: Exchange): boolean {
  return purpose.kind === 'subscription' && purpose.role === 'first';
}

import { foldSpace, quotableText } from '../contract/quotes.ts';
import type { Contract, Source } from '../contract/types.ts';
import type { Check, Evidence, Judgement } from './check.ts';
import { counted, Findings, quoted } from './judging.ts';

const OPERATION = '/paths/~1v3~1avatar-realtime~1{stream_id}~1words/get';

/** What the loader demands of the document before any request is sent: here it is counted, for the reader. */
const FOUNDATIONS = [
  OPERATION,
  ...['200', '400', '401', '404', '429'].map((status) => `${OPERATION}/responses/${status}`),
  '/components/schemas/WordBatch',
  '/components/schemas/WordEvent',
  '/components/schemas/StandardAPIError',
] as const;

const REPAIR = { remedy: 'Give the run the published contract (WORDS_CONTRACT).' };

function judgeLoads({ contract }: Evidence): Judgement {
  const findings = new Findings();
  for (const pointer of FOUNDATIONS) {
    findings.observe();
    if (contract.at(pointer) === undefined)
      findings.violate(() => ({
        message: `The contract has nothing at ${pointer}.`,
        expected: [`a value at ${pointer}`],
        actual: 'nothing',
        exchange: null,
      }));
  }
  findings.note(`${contract.title} ${contract.version}, sha256 ${contract.sha256}.`);
  return findings.judgement(() => ({ reason: 'The contract was not looked at.', ...REPAIR }));
}

type Quotation = Extract<Source, { pointer: string }>;

function judgeQuotes({ contract, requirements }: Evidence): Judgement {
  const findings = new Findings();
  for (const { id, sources } of requirements)
    for (const source of sources) {
      if (!('pointer' in source)) continue;
      findings.observe();
      if (stands(contract, source)) continue;
      const actual = quotableText(contract.at(source.pointer)) ?? '';
      findings.violate(() => ({
        message: `${id} quotes ${quoted(source.quote, 160)}, which no longer stands at ${source.pointer}.`,
        expected: [source.quote],
        actual: actual === '' ? `nothing at ${source.pointer}` : quoted(actual, 160),
        exchange: null,
      }));
    }
  return findings.judgement(() => ({ reason: 'No requirement quotes the contract.', ...REPAIR }));
}

function stands(contract: Contract, { quote, pointer }: Quotation): boolean {
  const value = contract.at(pointer);
  return (quotableText(value)?.includes(foldSpace(quote)) ?? false) || holds(value, asJson(quote));
}

function asJson(quote: string): unknown {
  try {
    return JSON.parse(quote);
  } catch {
    return undefined;
  }
}

/** A later contract may add to what is quoted, and takes nothing away by that. */
function holds(value: unknown, quoted: unknown): boolean {
  if (typeof quoted !== 'object' || quoted === null) return value !== undefined && value === quoted;
  if (typeof value !== 'object' || value === null || Array.isArray(value) !== Array.isArray(quoted)) return false;
  if (Array.isArray(quoted)) return quoted.every((item) => Object.values(value).some((one) => holds(one, item)));
  return Object.entries(quoted).every(
    ([name, item]) => Object.hasOwn(value, name) && holds(Reflect.get(value, name), item),
  );
}

function judgeGaps({ contract }: Evidence): Judgement {
  const findings = new Findings();
  findings.observe();
  for (const { gap, assumed } of contract.gaps) findings.note(`${gap} Assumed: ${assumed}`);
  if (contract.gaps.length === 0) findings.note('The contract leaves nothing open that the suite knows of.');
  else findings.note(`${counted(contract.gaps.length, 'gap')} in all.`);
  return findings.judgement(() => ({ reason: 'The contract was not looked at.', ...REPAIR }));
}

export const contractChecks: readonly Check[] = [
  { id: 'contract.loads', judge: judgeLoads },
  { id: 'contract.quotes', judge: judgeQuotes },
  { id: 'contract.gaps', judge: judgeGaps },
];

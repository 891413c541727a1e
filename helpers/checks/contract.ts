import { quotableText, says } from '../contract/quotes.ts';
import type { Check, Evidence, Judgement } from '../judging/check.ts';
import { counted, Findings, quoted } from '../judging/findings.ts';

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

function judgeQuotes({ contract, requirements }: Evidence): Judgement {
  const findings = new Findings();
  for (const { id, sources } of requirements)
    for (const source of sources) {
      if (!('pointer' in source)) continue;
      findings.observe();
      if (says(contract.at(source.pointer), source.quote)) continue;
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

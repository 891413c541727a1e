import type { Check } from '../../helpers/judging/check.ts';

const OPERATION = '/paths/~1v3~1avatar-realtime~1{stream_id}~1words/get';

/** What the loader demands of the document before any request is sent: here it is counted, for the reader. */
const FOUNDATIONS = [
  OPERATION,
  ...['200', '400', '401', '404', '429'].map((status) => `${OPERATION}/responses/${status}`),
  '/components/schemas/WordBatch',
  '/components/schemas/WordEvent',
  '/components/schemas/StandardAPIError',
];

export const loads: Check = {
  id: 'contract.loads',
  sentence:
    'The contract is a valid OpenAPI 3.1 document that defines the words operation, its schemas and its error responses.',
  judge({ contract }, findings) {
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
  },
};

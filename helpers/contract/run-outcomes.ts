import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { foldSpace } from './quotes.ts';

/** What traceability needs of a run's `results.json`. */
export interface RunOutcomes {
  readonly verdict: string;
  readonly selection: string;
  readonly contract: { readonly sha256: string };
  readonly startedAt: string;
  readonly requirements: readonly { readonly id: string; readonly outcome: string }[];
}

const word = { type: 'string', pattern: '^[a-z-]*$' };

const validate = new Ajv2020({ strictRequired: false }).compile<RunOutcomes>({
  type: 'object',
  required: ['verdict', 'selection', 'contract', 'startedAt', 'requirements'],
  properties: {
    verdict: word,
    selection: word,
    contract: { type: 'object', required: ['sha256'], properties: { sha256: { type: 'string' } } },
    startedAt: { type: 'string', pattern: '^[\\dT:.Z-]*$' },
    requirements: {
      type: 'array',
      items: { type: 'object', required: ['id', 'outcome'], properties: { id: { type: 'string' }, outcome: word } },
    },
  },
});

/** @throws Error with one line that says what to do */
export function readRunOutcomes(path: string): RunOutcomes {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const why = foldSpace(error instanceof Error ? error.message : String(error));
    throw new Error(
      `No results could be read (${why}). Run npm run certify first, or give the path of a results.json.`,
    );
  }
  if (validate(value)) return value;
  const [error] = validate.errors ?? [];
  throw new Error(`${path} is no results.json of a run: ${error?.instancePath || 'the document'} ${error?.message}.`);
}

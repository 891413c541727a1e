import { requirement, test } from '../helpers/test.ts';
import { schemaChecks } from './schema/index.ts';

/** The payload of each event against the schemas of the contract, every batch and not a sample. */
for (const { id } of schemaChecks) test(...requirement(id));

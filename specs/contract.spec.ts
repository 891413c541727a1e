import { requirement, test } from '../helpers/test.ts';
import { contractChecks } from './contract/index.ts';

/**
 * The contract itself, before anything is asked of a target: the file is a usable OpenAPI document, every sentence that
 * a requirement quotes still stands in it, and what it leaves open is listed.
 */
for (const { id } of contractChecks) test(...requirement(id));

import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { LineCounter, parseDocument } from 'yaml';
import { OperatorError } from '../errors.ts';
import { printable } from '../judging/findings.ts';
import type { RequirementResult, Waiver, WaiverProblem } from './results.ts';
import schema from './waivers.schema.json' with { type: 'json' };

/** One entry of the waiver file: a known breach of one requirement by one target. */
export interface WaiverEntry extends Waiver {
  readonly requirement: string;
  /** The base URL, exactly as the run is given it but for a trailing slash; or `embedded`. */
  readonly target: string;
  /** From 1, in the waiver file. */
  readonly line: number;
}

/** The waiver file cannot be used: every mistake with its line and column. */
export class WaiverFileError extends OperatorError {
  override readonly name = 'WaiverFileError';
  readonly mistakes: readonly string[];

  constructor(path: string, mistakes: readonly string[]) {
    super(`The waiver file ${path} cannot be used: ${mistakes.join(' ')}`);
    this.mistakes = mistakes;
  }
}

interface WaiverFile {
  readonly waivers: readonly {
    readonly requirement: string;
    readonly target: string;
    readonly reason: string;
    readonly accepted_by: string;
    readonly until: string;
  }[];
}

let validator: ValidateFunction<WaiverFile> | undefined;

/** Reads a waiver file (`waivers.schema.json`). Throws {@link WaiverFileError}. */
export function loadWaivers(path: string): readonly WaiverEntry[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new WaiverFileError(path, [`It cannot be read (${error instanceof Error ? error.message : String(error)}).`]);
  }
  return parseWaivers(text, path);
}

export function parseWaivers(text: string, path: string): readonly WaiverEntry[] {
  const lines = new LineCounter();
  // `core` keeps a date a string.
  const document = parseDocument(text, { lineCounter: lines, schema: 'core', uniqueKeys: true });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `line ${line}, column ${col}`;
  };
  if (document.errors.length > 0)
    throw new WaiverFileError(
      path,
      document.errors.map((error) => `${place(error.pos[0])}: ${firstLine(error.message)}.`),
    );
  const offsetOf = (pointer: string): number => {
    const keys = pointer
      .split('/')
      .slice(1)
      .map((key) => (/^\d+$/.test(key) ? Number(key) : key));
    const node: unknown = keys.length === 0 ? document.contents : document.getIn(keys, true);
    const range: unknown = typeof node === 'object' && node !== null ? Reflect.get(node, 'range') : undefined;
    return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : 0;
  };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 0 });
  } catch (error) {
    throw new WaiverFileError(path, [`${error instanceof Error ? error.message : String(error)} in this file.`]);
  }
  validator ??= new Ajv2020({ strict: true, allErrors: true }).compile<WaiverFile>(schema);
  if (!validator(value))
    throw new WaiverFileError(
      path,
      (validator.errors ?? []).map(
        ({ instancePath, message, params }) =>
          `${place(offsetOf(instancePath))}: ${instancePath || 'the file'} ${message ?? 'is wrong'}${extra(params)}.`,
      ),
    );
  return value.waivers.map(({ requirement, target, reason, accepted_by, until }, index) => ({
    requirement,
    target,
    reason: printable(reason),
    acceptedBy: printable(accepted_by),
    until,
    line: lines.linePos(offsetOf(`/waivers/${index}`)).line,
  }));
}

/** The entries that are for this target: an entry for another one says nothing about this run. */
export function waiversFor(
  entries: readonly WaiverEntry[],
  target: { readonly baseUrl: string; readonly embedded: boolean },
): readonly WaiverEntry[] {
  return entries.filter((entry) =>
    entry.target === 'embedded' ? target.embedded : withoutSlash(entry.target) === withoutSlash(target.baseUrl),
  );
}

const LOOPBACK = /^(https?:\/\/)(?:localhost|127\.0\.0\.1|\[::1\])(?=[:/]|$)/i;

/** Entries that would cover this target if its loopback address were written the same way. */
export function loopbackHint(entries: readonly WaiverEntry[], baseUrl: string): string | undefined {
  const alike = (url: string) => withoutSlash(url).replace(LOOPBACK, '$1localhost');
  const entry = entries.find(
    ({ target }) => withoutSlash(target) !== withoutSlash(baseUrl) && alike(target) === alike(baseUrl),
  );
  return (
    entry &&
    `The waiver at line ${entry.line} is for ${entry.target}, which is not ${baseUrl}: write the target the same way.`
  );
}

/** The result with its breach waived, where an entry covers it that still holds on this day. */
export function waive(result: RequirementResult, entries: readonly WaiverEntry[], today: string): RequirementResult {
  if (result.outcome !== 'fail' && result.outcome !== 'warn') return result;
  const entry = entries.find(({ requirement, until }) => requirement === result.id && until >= today);
  if (entry === undefined) return result;
  const { reason, acceptedBy, until } = entry;
  return {
    ...result,
    outcome: 'waived',
    reason: `Waived until ${until} by ${acceptedBy}: ${reason}`,
    waiver: { reason, acceptedBy, until },
  };
}

/** What the operator must edit, entry by entry. `results`: as judged, before anything was waived. */
export function waiverProblems(
  entries: readonly WaiverEntry[],
  results: readonly RequirementResult[],
  today: string,
): readonly WaiverProblem[] {
  const judged = new Map<string, RequirementResult>(results.map((result) => [result.id, result]));
  return entries.flatMap(({ requirement, until, line }): WaiverProblem[] => {
    const about = { requirement, line };
    const result = judged.get(requirement);
    if (result === undefined)
      return [
        {
          ...about,
          kind: 'unknown-requirement',
          message: `The entry at line ${line} names ${requirement}, which is no requirement of this suite.`,
          remedy: `Correct the id at line ${line}, or delete the entry.`,
        },
      ];
    if (result.outcome === 'pass')
      return [
        {
          ...about,
          kind: 'stale',
          message: `The entry at line ${line} waives ${requirement}, which now passes.`,
          remedy: `Delete the entry for ${requirement} at line ${line}.`,
        },
      ];
    if (until < today)
      return [
        {
          ...about,
          kind: 'expired',
          message: `The entry at line ${line} for ${requirement} expired on ${until}.`,
          remedy: `Have the breach of ${requirement} repaired and delete the entry at line ${line}, or have it accepted again with a later date.`,
        },
      ];
    return [];
  });
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

function firstLine(text: string): string {
  return printable(text.split('\n', 1)[0] ?? '').replace(/[.:]$/, '');
}

function extra(params: Readonly<Record<string, unknown>>): string {
  const name = params.additionalProperty;
  return typeof name === 'string' ? ` (${printable(name)})` : '';
}

import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { parsePointer } from './pointer.ts';

/** Both counted from 1. */
interface Position {
  readonly line: number;
  readonly column: number;
}

interface YamlProblem extends Position {
  readonly message: string;
}

/** A YAML document as plain values, with the place of each. */
export interface PositionedYaml {
  readonly value: unknown;
  /** Where it is not YAML; `value` is undefined then. */
  readonly problems: readonly YamlProblem[];
  /** First character of the value at a pointer. */
  positionOf(pointer: string): Position | undefined;
  /** The key that leads to a pointer or, where there is none, to its nearest existing ancestor. */
  nearestKey(pointer: string): Position;
}

const START: Position = { line: 1, column: 1 };

/** Never throws: mistakes are in `problems`. */
export function parsePositionedYaml(text: string): PositionedYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const position = (offset: number | undefined): Position | undefined => {
    if (offset === undefined) return undefined;
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const walk = (pointer: string) => followPointer(document.contents, pointer, (node) => unalias(node, document));
  return {
    ...plainValue(document),
    positionOf(pointer) {
      const steps = walk(pointer);
      const last = steps.at(-1);
      return steps.length === parsePointer(pointer).length + 1 ? position(last?.value?.range?.[0]) : undefined;
    },
    nearestKey: (pointer) => position(walk(pointer).at(-1)?.key?.range?.[0]) ?? START,
  };
}

type ParsedDocument = ReturnType<typeof parseDocument>;

function plainValue(document: ParsedDocument): Pick<PositionedYaml, 'value' | 'problems'> {
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ message, linePos }) => ({
      message: `not YAML: ${message.split(/ at line \d/, 1)[0]}`,
      line: linePos?.[0].line ?? 1,
      column: linePos?.[0].col ?? 1,
    }));
    return { value: undefined, problems };
  }
  try {
    const value: unknown = document.toJS();
    JSON.stringify(value);
    return { value, problems: [] };
  } catch (error) {
    // An alias that contains itself, or aliases that multiply without end.
    const message = `cannot be read as plain data: ${error instanceof Error ? error.message.split('\n', 1)[0] : error}`;
    return { value: undefined, problems: [{ message, ...START }] };
  }
}

interface Step {
  readonly key: Node | undefined;
  readonly value: Node | undefined;
}

function followPointer(root: Node | null, pointer: string, resolve: (node: unknown) => Node | undefined): Step[] {
  const steps: Step[] = [{ key: root ?? undefined, value: resolve(root) }];
  for (const token of parsePointer(pointer)) {
    const step = childOf(steps.at(-1)?.value, token, resolve);
    if (step === undefined) break;
    steps.push(step);
  }
  return steps;
}

function childOf(parent: Node | undefined, token: string, resolve: (node: unknown) => Node | undefined) {
  if (isSeq(parent) && /^(0|[1-9]\d*)$/.test(token)) {
    const item = resolve(parent.items[Number(token)]);
    return item && { key: item, value: item };
  }
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === token);
  return pair && { key: isNode(pair.key) ? pair.key : undefined, value: resolve(pair.value) };
}

function unalias(node: unknown, document: ParsedDocument): Node | undefined {
  if (isAlias(node)) return node.resolve(document);
  return isNode(node) ? node : undefined;
}

import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Environment } from './environment.ts';
import { type Mistake, mistakeIn, nearest } from './mistakes.ts';
import { fallbackOf, type OptionKind, type OptionName, optionCalled } from './options.ts';
import { type Parsed, parseNumber } from './parse-option.ts';

/** Reads one setting at a time and keeps what is wrong. */
export class Reader {
  readonly mistakes: Mistake[] = [];
  readonly #env: Environment;
  readonly #cwd: string;

  constructor(env: Environment, cwd: string) {
    this.#env = env;
    this.#cwd = cwd;
  }

  /** Undefined where unset or empty. */
  text(name: OptionName): string | undefined {
    const value = this.#env[name]?.trim();
    return value === '' ? undefined : value;
  }

  parsed<Value>(name: OptionName, parse: (text: string) => Parsed<Value>): Value | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const parsed = parse(text);
    if ('value' in parsed) return parsed.value;
    this.mistakes.push(mistakeIn(name, text, parsed.problem, parsed.remedy));
    return undefined;
  }

  number(name: OptionName): number {
    return this.optionalNumber(name) ?? Number(fallbackOf(name));
  }

  optionalNumber(name: OptionName): number | undefined {
    const kind = kindOf(name, 'number');
    return this.parsed(name, (text) => parseNumber(text, kind));
  }

  choice(name: OptionName, fallback: string): string {
    const { values } = kindOf(name, 'choice');
    return (
      this.parsed(name, (text): Parsed<string> => {
        if (values.includes(text)) return { value: text };
        const near = nearest(text, values);
        const remedy = `Give one of ${values.join(', ')}.${near ? ` Did you mean ${near}?` : ''}`;
        return { problem: 'is not one of its values', remedy };
      }) ?? fallback
    );
  }

  isSound(name: OptionName): boolean {
    return this.mistakes.every((mistake) => mistake.name !== name);
  }

  /** Absolute. @param mostBytes that the file may hold. */
  file(name: OptionName, mostBytes = Number.POSITIVE_INFINITY): string | undefined {
    return this.parsed(name, (text): Parsed<string> => {
      const path = resolve(this.#cwd, text);
      const found = statSync(path, { throwIfNoEntry: false });
      if (found?.isFile() && found.size <= mostBytes) return { value: path };
      if (found?.isFile())
        return {
          problem: `holds ${found.size} bytes, and a file of this kind at most ${mostBytes}`,
          remedy: 'Check that it is the file that was meant.',
        };
      const problem = found ? 'is not a file' : `does not exist (looked in ${dirname(path)})`;
      return { problem, remedy: 'Give the path of a file, absolute or from the suite’s folder.' };
    });
  }

  missing(name: OptionName, message: string, remedy: string): void {
    this.mistakes.push(mistakeIn(name, undefined, message, remedy));
  }
}

function kindOf<Type extends OptionKind['type']>(name: OptionName, type: Type): Extract<OptionKind, { type: Type }> {
  const { kind } = optionCalled(name);
  if (kind.type !== type) throw new TypeError(`${name} is not of type ${type}`);
  return kind as Extract<OptionKind, { type: Type }>;
}

import { closest, distance } from 'fastest-levenshtein';
import { OperatorError } from '../errors.ts';
import { COMMAND } from '../suite.ts';
import { isOptionName, isSecret, OPTIONS, type OptionName } from './options.ts';

export interface Mistake {
  readonly name: string;
  /** Absent where it is not set, or is a secret. */
  readonly value?: string;
  readonly message: string;
  readonly remedy: string;
}

export class SettingsError extends OperatorError {
  override readonly name = 'SettingsError';
  readonly mistakes: readonly Mistake[];

  constructor(mistakes: readonly Mistake[]) {
    super(mistakes.map(mistakeLine).join('\n'));
    this.mistakes = mistakes;
  }
}

/** `WORDS_SPEED=fast is not a number. Give …` */
export function mistakeLine({ name, value, message, remedy }: Mistake): string {
  return `${name}${value === undefined ? '' : `=${shown(value)}`} ${message}. ${remedy}`;
}

export function mistakeIn(name: OptionName, value: string | undefined, message: string, remedy: string): Mistake {
  return {
    name,
    ...(value === undefined || isSecret(name) ? {} : { value: withoutSecrets(name, value) }),
    message,
    remedy,
  };
}

/** A URL may hold a user and a password, or a key in its path or query, also where it is malformed. */
function withoutSecrets(name: string, value: string): string {
  if (name === 'WORDS_BASE_URL') {
    if (/[@\\\s]/.test(value)) return '***';
    return value.replace(
      /^([a-z][\w+.-]*:\/\/)?([^/?#;]*)(.+)$/is,
      (_, scheme = '', host, rest) => `${scheme}${host}${rest === '/' ? '/' : '/***'}`,
    );
  }
  return value.replace(/\/\/[^/?#]*@/, '//***@').replace(/[?#].+$/s, (tail) => `${tail[0]}***`);
}

/** Names that begin as ours do and are none: a misspelt setting would otherwise be silently without effect. */
export function unknownNames(names: readonly string[]): readonly Mistake[] {
  return names
    .filter((name) => name.startsWith('WORDS_') && !isOptionName(name))
    .map((name) => {
      const near = nearest(
        name,
        OPTIONS.map((option) => option.name),
      );
      return {
        name,
        message: 'is not a setting of this suite',
        remedy: near ? `Did you mean ${near}?` : `Unset it; ${COMMAND} settings prints them all.`,
      };
    });
}

/** The known word nearest to a misspelt one; undefined where none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const candidate = closest(word, known);
  return distance(word, candidate) <= Math.max(2, word.length / 3) ? candidate : undefined;
}

/** One line of printable ASCII: a value may come from anywhere. */
function shown(value: string): string {
  const short = value.length > 80 ? `${value.slice(0, 77)}...` : value;
  if (/^[\w./:@%+,-]*$/.test(short)) return short;
  return JSON.stringify(short).replace(
    // The second of two # as well: CI systems read ##[…] as a command.
    /[^\x20-\x7e]|(?<=#)#/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

import type { RecordedSettings } from '../recording/recording.ts';
import { fallbackOf, type OptionName } from '../settings/options.ts';

/** A setting that judging depends on and that is not what the suite has by itself. */
export interface ChangedSetting {
  readonly name: OptionName | 'NODE_TLS_REJECT_UNAUTHORIZED';
  /** As it is written in `.env`. */
  readonly value: string;
  readonly fallback: string;
}

export function changedSettings(settings: RecordedSettings): readonly ChangedSetting[] {
  const { strict, burst, endCloseSeconds, timeCapToleranceSeconds, maxSeconds, maxBytes, speed, sessionMode } =
    settings;
  const unchecked = { name: 'NODE_TLS_REJECT_UNAUTHORIZED', value: '0', fallback: '1' } as const;
  const values: readonly (readonly [name: OptionName, value: number])[] = [
    ['WORDS_STRICT', Number(strict)],
    ['WORDS_BURST', Number(burst)],
    ['WORDS_END_CLOSE_SECONDS', endCloseSeconds],
    ['WORDS_TIME_CAP_TOLERANCE', timeCapToleranceSeconds],
    ['WORDS_MAX_SECONDS', maxSeconds],
    ['WORDS_MAX_BYTES', maxBytes],
    ...(sessionMode === 'embedded' ? [['WORDS_SPEED', speed] as const] : []),
  ];
  const changed = values.flatMap(([name, value]) => {
    const fallback = fallbackOf(name) ?? '';
    return Number(fallback) === value ? [] : [{ name, value: String(value), fallback }];
  });
  return settings.trustsAnyCertificate === true ? [...changed, unchecked] : changed;
}

/** ` WORDS_STRICT=1 (default 0).`; nothing where every setting is the default. */
export function settingsSentence(settings: RecordedSettings): string {
  const changed = changedSettings(settings).map(
    ({ name, value, fallback }) => `${name}=${value} (default ${fallback})`,
  );
  const judgedWith = changed.length === 0 ? '' : ` Judged with ${changed.join(', ')}.`;
  return settings.trustsAnyCertificate === true
    ? `${judgedWith} No certificate was checked: nothing proves that it was the target that answered.`
    : judgedWith;
}

/** "~1s" is this much at most; a batch that spans more is none that the contract describes. */
const WIDEST_SECOND = 1.25;

/** Why no verdict `conformant` can rest on these settings. */
export function tooLenient({
  timeCapToleranceSeconds,
}: RecordedSettings): { readonly reason: string; readonly remedy: string } | undefined {
  const widest = 1 + timeCapToleranceSeconds;
  if (widest <= WIDEST_SECOND) return undefined;
  return {
    reason: `WORDS_TIME_CAP_TOLERANCE=${timeCapToleranceSeconds} lets a batch hold ${widest} s, where the contract says ~1s: that is ${WIDEST_SECOND} s at most for a verdict of conformant.`,
    remedy: `Judge with WORDS_TIME_CAP_TOLERANCE=${WIDEST_SECOND - 1} or less.`,
  };
}

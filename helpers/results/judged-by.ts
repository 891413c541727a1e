import type { Contract, Requirement } from '../contract/types.ts';
import { OperatorError } from '../errors.ts';
import type { Recording } from '../recording/recording.ts';
import type { Settings } from '../settings/settings.ts';

/**
 * Somebody's recording under the settings of the one who judges it: nothing in the file loosens a rule.
 * @throws OperatorError where it was made by another contract, or at a speed that the one who judges did not name.
 */
export function judgedBy(
  settings: Settings,
  recording: Recording,
  { contract, requirements }: { readonly contract: Contract; readonly requirements: readonly Requirement[] },
): Recording {
  const { sessionMode, speed } = recording.settings;
  const { sha256 } = recording.contract;
  if (settings.contractPath === undefined && sha256 !== '' && sha256 !== contract.sha256)
    throw new OperatorError(
      `log._recording.contract.sha256 is ${sha256.slice(0, 12)}…, and the contract that judges has ${contract.sha256.slice(0, 12)}…`,
      'Set WORDS_CONTRACT to the contract that it is to be judged by.',
    );
  if (sessionMode === 'embedded' && speed !== settings.speed)
    throw new OperatorError(
      `log._recording.settings.speed is ${speed}, and WORDS_SPEED is ${settings.speed}.`,
      `Judge with WORDS_SPEED=${speed}, if the embedded server spoke that fast.`,
    );
  const { failure } = recording;
  if (failure?.requirement !== undefined && !requirements.some(({ id }) => id === failure.requirement))
    throw new OperatorError(
      `log._recording.failure.requirement is ${JSON.stringify(failure.requirement.slice(0, 60))}, which is no requirement.`,
      'Give the recording as the suite wrote it.',
    );
  const { strict, endCloseSeconds, timeCapToleranceSeconds } = settings;
  return { ...recording, settings: { ...recording.settings, strict, endCloseSeconds, timeCapToleranceSeconds } };
}

import type { Check } from '../../helpers/judging/check.ts';
import { counted, measuredSeconds } from '../../helpers/judging/findings.ts';
import { withRole } from '../../helpers/judging/live-words.ts';
import { readableBatches } from '../../helpers/judging/root-causes.ts';
import { exchangeName } from '../../helpers/recording/exchange-name.ts';

/** Measured from the batch that came with the least delay: the zero of the audio is not known. */
export const lag: Check = {
  id: 'liveness.lag',
  sentence: 'How far behind the audio each word arrives is shown in figures and as a plot.',
  judge(evidence, findings) {
    const { speed } = evidence.recording.settings;
    for (const { exchange, transcript } of withRole(evidence, 'first', 'concurrent')) {
      const { words } = transcript;
      const lags = readableBatches(transcript)
        .filter(({ wordCount }) => wordCount > 0)
        .map(({ at, firstWord, wordCount }) => at - (words.end[firstWord + wordCount - 1] ?? Number.NaN) / speed)
        .filter((seconds) => Number.isFinite(seconds))
        .sort((a, b) => a - b);
      const [least] = lags;
      if (least === undefined) continue;
      findings.observe(lags.length);
      const [median, most] = [lags[Math.floor(lags.length / 2)] ?? least, lags.at(-1) ?? least];
      const firstAt = transcript.events.find(({ kind }) => kind === 'batch')?.at ?? exchange.startedAt;
      findings.note(
        `${exchangeName(exchange)}: the first batch ${measuredSeconds(firstAt - exchange.startedAt)} after the request; behind the promptest of ${counted(lags.length, 'batch', 'batches')}: median ${measuredSeconds(median - least)}, most ${measuredSeconds(most - least)}.`,
      );
    }
  },
};

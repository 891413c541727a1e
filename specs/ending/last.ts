import type { Check } from '../../helpers/judging/check.ts';
import { atEvent, counted } from '../../helpers/judging/findings.ts';
import { endsOf } from '../../helpers/judging/judged-ends.ts';
import { exchangeName } from '../../helpers/recording/exchange-name.ts';

export const last: Check = {
  id: 'ending.last',
  sentence: 'Nothing but comments follows the end event.',
  judge(evidence, findings) {
    for (const subscription of evidence.subscriptions) {
      const [end] = endsOf(subscription.transcript);
      if (end === undefined) continue;
      findings.observe();
      // A second end is what ending.once is about.
      const following = subscription.transcript.events
        .slice(end.index + 1)
        .filter((event) => event.dispatch === 'dispatched' && event.kind !== 'end');
      const [first] = following;
      if (first === undefined) continue;
      findings.violate(() => {
        const words = following.reduce((sum, event) => sum + event.wordCount, 0);
        const what = `${counted(following.length, 'event')} with ${counted(words, 'word')}`;
        return {
          message: `${what} came after the end event (event ${end.index}) of ${exchangeName(subscription.exchange)}, where clients have stopped listening.`,
          expected: ['nothing after the end event', 'comments'],
          actual: what,
          ...atEvent(subscription, first),
        };
      });
    }
  },
};

import type { Check } from '../../helpers/judging/check.ts';
import { arrivalAt } from '../../helpers/judging/held-back.ts';
import { judgeLateArrival } from '../../helpers/judging/late-delivery.ts';
import { withRole } from '../../helpers/judging/live-words.ts';

export const streams: Check = {
  id: 'liveness.streams',
  sentence: 'Batches arrive while the session runs, not all held back until it ends.',
  judge(evidence, findings) {
    for (const subscription of withRole(evidence, 'first', 'concurrent')) {
      const arrival = arrivalAt(evidence, subscription);
      // One listener that heard too little is no reason to doubt what the other heard.
      if (arrival.kind === 'untold') findings.explain(arrival.unverified);
      else if (arrival.kind === 'held up') findings.leaveUnverified(arrival.unverified);
      else findings.observe();
      if ('violation' in arrival) findings.violate(() => arrival.violation);
    }
    // Where nobody heard the session as it was spoken, a late subscriber could not either.
    if (findings.observations > 0 && findings.violationCount === 0) judgeLateArrival(evidence, findings);
  },
};

import type { Plan } from '../probes/plan.ts';

/** What a run costs, in one line, for before it starts. */
export function planSentence(plan: Plan): string {
  if (plan.recording !== undefined) return `Judging ${plan.recording}; nothing is sent.`;
  const burst = plan.burstRequests > 0 ? `, and a burst of at most ${plan.burstRequests}` : '';
  return `${plan.target}: about ${plan.requests} requests, ${plan.subscriptions} of them subscriptions${burst}; ${sessions(plan)}.`;
}

function sessions({ sessions, sessionSeconds: { usual, longest }, estimatedUsd }: Plan): string {
  if (sessions === 0) return 'no session is opened';
  if (longest === 0) return 'one session, as long as its command makes it';
  const length = usual === longest ? `about ${usual} s of speech` : `about ${usual} s of speech, at most ${longest} s`;
  const price =
    estimatedUsd.most > 0
      ? `, about ${estimatedUsd.usual.toFixed(2)} USD, at most ${estimatedUsd.most.toFixed(2)} USD`
      : '';
  return `${sessions === 1 ? 'one session' : `${sessions} sessions`} of ${length}${price}`;
}

import type { StreamEvent } from '../transcript/transcript.ts';
import type { Evidence, Subscription } from './check.ts';
import { isUtf16 } from './root-causes.ts';

/** Opened subscriptions whose body holds any byte. */
export function bodiesIn({ subscriptions }: Evidence): readonly Subscription[] {
  return subscriptions.filter(({ transcript }) => transcript.bytes.length > 0);
}

/** Every event of every body that can be read as text. */
export function forEachEvent(
  { subscriptions }: Evidence,
  look: (subscription: Subscription, event: StreamEvent) => void,
): void {
  for (const subscription of subscriptions)
    if (!isUtf16(subscription.transcript))
      for (const event of subscription.transcript.events) look(subscription, event);
}

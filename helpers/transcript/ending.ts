import type { StreamEvent, Transcript } from './transcript.ts';

/**
 * What became of the `end` event: a client sees it only where it is `sent`. `cut-off`: the body stopped before its own end
 * (connection lost, or stopped by us), so nothing can be said of what would have followed.
 */
export type EndOfStream =
  | { readonly kind: 'sent'; readonly event: StreamEvent }
  | { readonly kind: 'without-data'; readonly event: StreamEvent }
  | { readonly kind: 'without-blank-line'; readonly event: StreamEvent }
  | { readonly kind: 'cut-off' }
  | { readonly kind: 'never-sent' };

export function endOf({ events, exchange }: Transcript): EndOfStream {
  const ends = events.filter((event) => event.kind === 'end');
  const sent = ends.find((event) => event.dispatch === 'dispatched');
  if (sent) return { kind: 'sent', event: sent };
  const withoutData = ends.find((event) => event.dispatch === 'no-data');
  if (withoutData) return { kind: 'without-data', event: withoutData };
  if (exchange.ending.kind !== 'complete') return { kind: 'cut-off' };
  const open = ends.find((event) => event.dispatch === 'unterminated');
  return open ? { kind: 'without-blank-line', event: open } : { kind: 'never-sent' };
}

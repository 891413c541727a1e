const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The signals by which this process is asked to stop, for as long as it is not disposed of. */
export interface Interruption extends Disposable {
  /** Calls `act` at each of them; the last that was given stands. */
  act: () => void;
}

/**
 * To be called before the first file is written: whoever writes it listens for a moment, so that it can clean up, and a
 * signal of that moment would reach nobody.
 */
export function listenForInterruption(): Interruption {
  const onSignal = (): void => interruption.act();
  const interruption: Interruption = {
    act: () => {},
    [Symbol.dispose]: () => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return interruption;
}

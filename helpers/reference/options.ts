import type { Account, Stages } from './pipeline.ts';

interface RateLimit {
  readonly max: number;
  readonly windowSeconds: number;
}

/** All optional; `withDefaults` holds the defaults. */
export interface ReferenceOptions {
  readonly port?: number;
  readonly host?: string;
  /** Audio seconds per wall second. */
  readonly speed?: number;
  readonly accounts?: readonly Account[];
  /** Absent: ended sessions are forgotten with the process. */
  readonly storeFolder?: string;
  /** Counted per account and kind of credential. */
  readonly rateLimit?: RateLimit | 'off';
  /** Per account. */
  readonly maxConcurrentSessions?: number;
  /** Wall seconds. */
  readonly idleSeconds?: number;
  /** Audio seconds. */
  readonly maxSessionSeconds?: number;
  /** Wall seconds between the creation of a session and the start of its audio. */
  readonly startDelaySeconds?: number;
  readonly heartbeatSeconds?: number;
  /** Before `/v3`, such as `/staging/api`. */
  readonly pathPrefix?: string;
  readonly keepAlive?: boolean;
  /** Wall seconds in which a request must have arrived, head and body. */
  readonly requestTimeoutSeconds?: number;
  readonly maxBodyBytes?: number;
  readonly tls?: { readonly key: string | Buffer; readonly cert: string | Buffer };
  readonly stages?: Partial<Stages>;
  /** Called with failures that a client only sees as 500 or a broken stream. */
  readonly onError?: (error: unknown) => void;
}

export type ServerSettings = Omit<Required<ReferenceOptions>, 'storeFolder' | 'tls' | 'stages'> &
  Pick<ReferenceOptions, 'storeFolder' | 'tls' | 'stages'>;

/** Two accounts that know nothing of each other. */
export const demoAccounts: readonly Account[] = [
  { name: 'demo', apiKeys: ['demo-key'], bearerTokens: ['demo-token'] },
  { name: 'other', apiKeys: ['other-key'], bearerTokens: ['other-token'] },
];

export function withDefaults(options: ReferenceOptions): ServerSettings {
  return {
    port: 0,
    host: '127.0.0.1',
    speed: 1,
    accounts: demoAccounts,
    rateLimit: 'off',
    maxConcurrentSessions: 3,
    idleSeconds: 30,
    maxSessionSeconds: 3600,
    startDelaySeconds: 0.5,
    heartbeatSeconds: 15,
    keepAlive: true,
    requestTimeoutSeconds: 20,
    maxBodyBytes: 256 * 1024,
    onError: () => {},
    ...options,
    pathPrefix: (options.pathPrefix ?? '').replace(/\/+$/, ''),
  };
}

/**
 * The stages that turn text into a response: words → batches → frames → bytes → response, and the refusals beside them.
 * Each default is exported by `stages.ts`, so an override can wrap it:
 * `startReference({ stages: { frame: (item, ctx) => defaultStages.frame(item, ctx).replaceAll('\n', '\r\n') } })`.
 *
 * Which stage to override for what:
 * - `voice`: what every subscriber sees alike. Its times also decide when a word is released, so they must be real ones.
 * - `view`: words kept from, doubled for or reordered for one subscriber.
 * - `batches`: how words are grouped. `payload`: what a batch says (times, tokens, members), without disturbing the grouping.
 * - `endPayload`: what the end says. `deliver`: order and moment of batches, heartbeats and the end; whether they come at all.
 * - `frame`: the text on the wire. `bytes`: its encoding and cutting. `coding`: the content-coding.
 * - `head`: status and headers of a stream, or another answer in its place. `transport`: framing and end of the body, the raw socket.
 * - `authenticate`, `access`, `find`: who may open what, and in which order that is looked at. `refuse`: the error documents.
 */
import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Transform } from 'node:stream';

/** Times in seconds from the start of the streamed audio. */
export interface TimedWord {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

export interface Utterance {
  readonly words: readonly TimedWord[];
  /** Audio time in seconds at which speech may go on: the last word's end and the pause after it. */
  readonly until: number;
}

export interface Account {
  readonly name: string;
  readonly apiKeys: readonly string[];
  readonly bearerTokens: readonly string[];
}

export interface Identity {
  readonly account: string;
  readonly credential: 'api-key' | 'bearer';
}

export interface RequestContext {
  readonly method: string;
  /** As received, percent-encoding kept. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Decoded; absent where the path has none or it does not decode. */
  readonly streamId: string | undefined;
  readonly identity: Identity | null;
  /** The same one for all requests of a connection. */
  readonly connection: object;
}

export type StreamStatus = 'pending' | 'streaming' | 'completed' | 'error';

/** What stages may know of a session. */
export interface StreamView {
  readonly id: string;
  readonly account: string;
  readonly status: StreamStatus;
  readonly endReason: string | null;
  readonly errorMessage: string | null;
  /** Spoken so far; append-only while the session runs. */
  readonly words: readonly TimedWord[];
  readonly ended: boolean;
  /** Resolves when words were spoken or the session ended after this was read. */
  readonly changed: Promise<void>;
  /** The word that will be spoken next, where it is known. */
  readonly upcoming: TimedWord | null;
  /** Read back from the store; false for a session that ran when it was looked up. */
  readonly stored: boolean;
  /** Free for overrides: shared by all subscriptions to this stream for as long as the server runs. */
  readonly scratch: Map<string, unknown>;
}

/** `live`: nothing was spoken when it subscribed. `late`: something was, and the session runs. `snapshot`: it had ended. */
type SubscriptionKind = 'live' | 'late' | 'snapshot';

export interface SubscriptionContext {
  readonly request: RequestContext;
  readonly stream: StreamView;
  readonly kind: SubscriptionKind;
  /** 1 for the first subscription to this stream since the server started, 2 for the next … */
  readonly ordinal: number;
  /** Subscriptions to this stream that are open now, this one included. */
  readonly concurrent: number;
  /** Words that were already spoken when it subscribed. */
  readonly historyLength: number;
  /** What has been handed on so far, before the current item. */
  readonly sent: { readonly words: number; readonly batches: number; readonly frames: number; readonly bytes: number };
  /** Audio seconds per wall second. */
  readonly speed: number;
  /** Free for overrides: this subscription's own. */
  readonly scratch: Map<string, unknown>;
  /** Aborted when the client goes away or the server closes. */
  readonly signal: AbortSignal;
  /** Wall seconds; rejects when the subscription is over. */
  wait(seconds: number): Promise<void>;
}

/** Words that became available together. */
export interface Stretch {
  readonly words: readonly TimedWord[];
  /** `history`: spoken before it subscribed; comes as one stretch, and is the only one of a snapshot. */
  readonly phase: 'history' | 'live';
  /** Index in the session of the first of `words`. */
  readonly from: number;
  /** The session had ended when these words were taken: no stretch follows. */
  readonly last: boolean;
}

export interface Batching {
  readonly batches: readonly (readonly TimedWord[])[];
  /** Kept for a later batch. */
  readonly rest: readonly TimedWord[];
}

export type Item =
  | { readonly kind: 'batch'; readonly words: readonly TimedWord[]; readonly phase: 'history' | 'live' }
  | { readonly kind: 'heartbeat' }
  | { readonly kind: 'end' };

/** What goes into a frame: an item whose payload has been made. */
export type Frameable =
  | { readonly kind: 'batch'; readonly payload: unknown; readonly phase: 'history' | 'live' }
  | { readonly kind: 'heartbeat' }
  | { readonly kind: 'end'; readonly payload: unknown };

export interface ContentCoding {
  /** Value of Content-Encoding; absent for identity. */
  readonly name?: string;
  readonly encoder?: Transform & { flush?: (callback: () => void) => void };
  /** False: what the encoder holds is sent when it likes. */
  readonly flushEachFrame?: boolean;
}

export interface StreamHead {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  /** Sent instead of the stream, which is then not opened. */
  readonly body?: string | Uint8Array;
}

/** The way onto the connection. A promise returned by `write` holds back the subscription until the peer has read. */
export interface Transport {
  head(status: number, headers: OutgoingHttpHeaders): void;
  write(bytes: Uint8Array): void | Promise<void>;
  end(): void | Promise<void>;
}

export type RefusalReason =
  | 'credentials'
  | 'unknown-stream'
  | 'unknown-path'
  | 'malformed-id'
  | 'malformed-request'
  | 'invalid-parameter'
  | 'method'
  | 'input-closed'
  | 'body-size'
  | 'rate-limit'
  | 'session-limit'
  | 'internal';

export interface Refusal {
  readonly reason: RefusalReason;
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly param?: string;
  /** Retry-After, Allow, WWW-Authenticate … */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RefusalDocument {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

export type Access<Value> =
  | { readonly granted: Value; readonly refused?: never }
  | { readonly refused: Refusal; readonly granted?: never };

export interface SessionDirectory {
  /** Of whatever account; undefined where there is none. */
  get(streamId: string): Promise<StreamView | undefined>;
}

export interface AccessTools extends SessionDirectory {
  find(streamId: string, identity: Identity): Promise<Access<StreamView>>;
}

export interface Stages {
  /** Pure and deterministic. `from`: audio time in seconds at which this text may begin. Throws: the session ends in `error`. */
  voice(text: string, from: number): Utterance;
  view(stretch: Stretch, ctx: SubscriptionContext): readonly TimedWord[];
  /** `next`: the word that will follow `pending`, where the voice has planned one; null flushes. */
  batches(pending: readonly TimedWord[], next: TimedWord | null, ctx: SubscriptionContext): Batching;
  payload(words: readonly TimedWord[], ctx: SubscriptionContext): unknown;
  endPayload(ctx: SubscriptionContext): unknown;
  deliver(items: AsyncIterable<Item>, ctx: SubscriptionContext): AsyncIterable<Item>;
  /** None, one or several frames: an empty string sends nothing. */
  frame(item: Frameable, ctx: SubscriptionContext): string;
  /** Each element is written on its own. */
  bytes(frame: string, ctx: SubscriptionContext): Iterable<Uint8Array>;
  coding(ctx: SubscriptionContext): ContentCoding;
  head(ctx: SubscriptionContext): StreamHead | Promise<StreamHead>;
  transport(ctx: SubscriptionContext, response: ServerResponse): Transport;
  authenticate(headers: IncomingHttpHeaders, accounts: readonly Account[]): Identity | null;
  /** What is looked at first: the credential, the id, or the session. */
  access(request: RequestContext, tools: AccessTools): Promise<Access<StreamView>>;
  find(streamId: string, identity: Identity, sessions: SessionDirectory): Promise<Access<StreamView>>;
  /** Every answer but a stream and the documents of the sibling endpoints. */
  refuse(refusal: Refusal, request: RequestContext): RefusalDocument;
}

import type { AddressInfo } from 'node:net';
import { createServer } from './http.ts';
import { type ReferenceOptions, withDefaults } from './options.ts';
import { Sessions } from './sessions.ts';
import { defaultStages } from './stages.ts';
import { folderStore, memoryStore } from './store.ts';

export type { ReferenceOptions } from './options.ts';

export interface ReferenceServer {
  /** With the path prefix, without a trailing slash. */
  readonly baseUrl: string;
  readonly port: number;
  /** What `POST /v3/avatar-realtime` does, without its limits; returns the stream_id. */
  createSession(request: { account?: string; type?: 'tts' | 'text_stream'; text: string }): string;
  /** A completed session that speaks `text`, made at once; resolves to the stream_id. */
  addCompletedSession(request: { account?: string; text: string }): Promise<string>;
  /** Resolves when the session has ended and stands in the store. */
  ended(streamId: string): Promise<void>;
  /** Cuts open streams, ends running sessions with what was spoken, and frees the port. May be called again. */
  close(): Promise<void>;
}

/** A server that conforms to the contract, but for the stages that are overridden. Throws where it cannot listen. */
export async function startReference(options: ReferenceOptions = {}): Promise<ReferenceServer> {
  const settings = withDefaults(options);
  const stages = { ...defaultStages, ...settings.stages };
  const store = settings.storeFolder === undefined ? memoryStore() : folderStore(settings.storeFolder);
  const sessions = new Sessions(store, { ...settings, voice: stages.voice });
  const app = await createServer(settings, stages, sessions);
  try {
    await app.listen({ port: settings.port, host: settings.host });
  } catch (error) {
    await sessions.close();
    throw error;
  }
  const { address, port, family } = app.server.address() as AddressInfo;
  const host = family === 'IPv6' ? `[${address}]` : address;
  let closing: Promise<void> | undefined;
  return {
    baseUrl: `${settings.tls ? 'https' : 'http'}://${host}:${port}${settings.pathPrefix}`,
    port,
    createSession: ({ account = settings.accounts[0]?.name ?? '', type = 'tts', text }) =>
      sessions.create(account, type, text).id,
    addCompletedSession: ({ account = settings.accounts[0]?.name ?? '', text }) => sessions.addEnded(account, text),
    ended: (streamId) => sessions.kept(streamId),
    close: () => {
      closing ??= app.close().then(() => sessions.close());
      return closing;
    },
  };
}

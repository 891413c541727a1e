import { createRequire } from 'node:module';
import { expect, test } from '@playwright/test';
import { WebSocket } from 'undici';
import { resultsIn, startCertify } from '../support/certify.ts';

const PLAYWRIGHT = createRequire(import.meta.url).resolve('@playwright/test/cli');

interface Message {
  readonly id?: number;
  readonly result?: { readonly status?: string };
}

/** What an editor's extension, and Playwright's interface, ask of Playwright. */
class TestServer {
  readonly #socket: WebSocket;
  readonly #answers = new Map<number, (message: Message) => void>();
  #calls = 0;

  constructor(url: string) {
    this.#socket = new WebSocket(url);
    this.#socket.addEventListener('message', ({ data }) => {
      const message = JSON.parse(String(data)) as Message;
      if (message.id !== undefined) this.#answers.get(message.id)?.(message);
    });
  }

  opened(): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.addEventListener('open', () => resolve());
    });
  }

  call(method: string, params: object = {}): Promise<Message> {
    const id = ++this.#calls;
    this.#socket.send(JSON.stringify({ id, method, params }));
    return new Promise((resolve) => {
      this.#answers.set(id, resolve);
    });
  }
}

test('an editor that runs the tests without their setup certifies, and anew each time', async () => {
  const out = test.info().outputPath('out');
  const started = startCertify(['test-server'], { WORDS_OUT: out }, { entry: PLAYWRIGHT });
  const url = await new Promise<string>((resolve) => {
    let output = '';
    started.process.stdout?.on('data', (text: string) => {
      output += text;
      const [found] = /ws:\S+/.exec(output) ?? [];
      if (found !== undefined) resolve(found);
    });
  });
  try {
    const server = new TestServer(url);
    await server.opened();
    await server.call('initialize', {});
    const all = await server.call('runTests', { locations: [], projects: ['conformance'] });
    expect(all.result?.status).toBe('passed');
    const first = resultsIn(out);
    expect(first).toMatchObject({ verdict: 'conformant', selection: 'all' });
    const one = await server.call('runTests', { locations: ['specs/auth.spec.ts'], projects: ['conformance'] });
    expect(one.result?.status).toBe('passed');
    const second = resultsIn(out);
    expect(second).toMatchObject({ verdict: 'incomplete', selection: 'filtered' });
    expect(second.run?.id).not.toBe(first.run?.id);
  } finally {
    started.process.kill();
    await started.ended;
  }
});

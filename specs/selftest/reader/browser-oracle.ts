import type { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type { Browser, Page } from '@playwright/test';
import { launchChromium } from '../support/chromium.ts';
import type { DispatchedEvent } from './event-log.ts';
import { USUAL_TYPES } from './streams.ts';

/** Chromium opens at most six connections to one origin at a time. */
const ORIGINS = 4;

/** Chromium's own EventSource, fed from loopback. */
export class BrowserOracle {
  readonly #browser: Browser;
  readonly #page: Page;
  readonly #servers: readonly Server[];
  readonly #origins: readonly string[];
  readonly #served: Map<string, Buffer>;
  #count = 0;

  private constructor(
    browser: Browser,
    page: Page,
    servers: readonly Server[],
    origins: readonly string[],
    served: Map<string, Buffer>,
  ) {
    this.#browser = browser;
    this.#page = page;
    this.#servers = servers;
    this.#origins = origins;
    this.#served = served;
  }

  static async start(): Promise<BrowserOracle> {
    const served = new Map<string, Buffer>();
    const servers = Array.from({ length: ORIGINS }, () =>
      createServer((...exchange) => void serve(served, ...exchange)),
    );
    for (const server of servers) await once(server.listen(0, '127.0.0.1'), 'listening');
    const origins = servers.map(originOf);
    const browser = await launchChromium();
    const page = await browser.newPage();
    await page.goto(`${origins[0]}/`);
    return new BrowserOracle(browser, page, servers, origins, served);
  }

  /** What EventSource dispatches for each of the bodies. */
  async read(bodies: readonly Buffer[]): Promise<readonly (readonly DispatchedEvent[])[]> {
    this.#served.clear();
    const sources = bodies.map((body, index) => {
      this.#count++;
      const path = `/streams/${this.#count}`;
      this.#served.set(path, body);
      return { url: `${this.#origins[index % ORIGINS]}${path}`, types: typesToListenFor(body) };
    });
    return this.#page.evaluate(`listenToAll(${JSON.stringify(sources)})`);
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }
}

const PAGE = readFileSync(new URL('./oracle-page.html', import.meta.url));

async function serve(
  served: ReadonlyMap<string, Buffer>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.url === '/') {
    response.setHeader('content-type', 'text/html').end(PAGE);
    return;
  }
  const body = served.get(request.url ?? '');
  if (!body) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'access-control-allow-origin': '*' });
  // In two halves, for the sake of characters and line endings that a read of the network cuts in two.
  const middle = body.length >> 1;
  response.write(body.subarray(0, middle));
  await setImmediate();
  response.end(body.subarray(middle));
}

/**
 * EventSource tells a type only to those who listen for it. Taken from the text without any reading of fields, so that a
 * mistake of our reader cannot hide here.
 */
function typesToListenFor(body: Buffer): readonly string[] {
  const named = body
    .toString()
    .split(/[\r\n]/)
    .flatMap(suffixesAfterEvent);
  return [...new Set([...USUAL_TYPES, ...named])];
}

function suffixesAfterEvent(line: string): readonly string[] {
  return [...line.matchAll(/event:/g)].flatMap(({ index }) => {
    const rest = line.slice(index + 'event:'.length);
    return [rest, rest.replace(/^ /, '')];
  });
}

function originOf(server: Server): string {
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

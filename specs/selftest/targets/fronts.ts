import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, request } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';

/** A server between the suite and the target. */
interface Front extends AsyncDisposable {
  readonly baseUrl: string;
}

interface FrontKind {
  readonly name: string;
  /** The program, where the front is one that may not be installed. */
  readonly program?: string;
  /** `folder`: an empty one, for its configuration and its state. */
  start(targetPort: number, folder: string): Promise<Front>;
}

function installed(name: string, program: string, config: Config): FrontKind {
  return {
    name,
    program,
    async start(targetPort, folder) {
      const port = await freePort();
      mkdirSync(folder, { recursive: true });
      const path = join(folder, 'config');
      const { text, args } = config({ port, targetPort, folder, path });
      writeFileSync(path, text);
      const child = spawn(program, args, { stdio: 'ignore' });
      const exited = once(child, 'exit');
      await Promise.race([
        answering(port),
        exited.then(([code]) => {
          throw new Error(`${program} ended with code ${code}; its configuration is ${path}`);
        }),
      ]);
      return {
        baseUrl: `http://127.0.0.1:${port}`,
        async [Symbol.asyncDispose]() {
          child.kill('SIGTERM');
          await exited;
        },
      };
    },
  };
}

type Config = (given: { port: number; targetPort: number; folder: string; path: string }) => {
  readonly text: string;
  readonly args: readonly string[];
};

const nginx: Config = ({ port, targetPort, folder, path }) => ({
  text: `daemon off; pid ${folder}/pid; error_log ${folder}/error.log;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://127.0.0.1:${targetPort}/;
      proxy_http_version 1.1; proxy_set_header Connection ''; proxy_buffering off;
    }
  }
}
`,
  args: ['-c', path, '-p', folder],
});

const MODULES = {
  mpm_event: 'mod_mpm_event',
  authz_core: 'mod_authz_core',
  proxy: 'mod_proxy',
  proxy_http: 'mod_proxy_http',
};

const apache: Config = ({ port, targetPort, folder, path }) => ({
  text: `${Object.entries(MODULES)
    .map(([name, file]) => `LoadModule ${name}_module /usr/lib/apache2/modules/${file}.so`)
    .join('\n')}
ServerRoot ${folder}
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
PidFile ${folder}/pid
ErrorLog ${folder}/error.log
DefaultRuntimeDir ${folder}
ProxyPass / http://127.0.0.1:${targetPort}/ flushpackets=on
`,
  args: ['-D', 'FOREGROUND', '-f', path],
});

const haproxy: Config = ({ port, targetPort, path }) => ({
  text: `defaults
  mode http
  timeout connect 5s
  timeout client 1m
  timeout server 1m
frontend front
  bind 127.0.0.1:${port}
  default_backend target
backend target
  server target 127.0.0.1:${targetPort}
`,
  args: ['-db', '-f', path],
});

const varnish: Config = ({ port, targetPort, folder, path }) => ({
  text: `vcl 4.1;
backend default { .host = "127.0.0.1"; .port = "${targetPort}"; }
sub vcl_recv { if (req.url ~ "/words$") { return (pass); } }
`,
  args: ['-F', '-a', `127.0.0.1:${port}`, '-f', path, '-n', folder, '-s', 'malloc,32m'],
});

/** Answers by itself what `refuse` gives, and hands on everything else as it is, a connection each. */
function raw(name: string, refuse: (path: string) => string | undefined): FrontKind {
  return {
    name,
    start: (targetPort) =>
      listening(
        createServer((client) => {
          client.on('error', () => {});
          let head = '';
          const read = (bytes: Buffer) => {
            head += bytes.toString('latin1');
            if (!head.includes('\r\n\r\n')) return;
            client.off('data', read);
            const answer = refuse(head.split(' ')[1] ?? '');
            if (answer !== undefined) {
              client.end(answer);
              return;
            }
            const target = connect(targetPort, '127.0.0.1');
            target.on('error', () => client.destroy());
            client.on('close', () => target.destroy());
            target.write(head.replace(/^(.*)\r\n/, '$1\r\nConnection: close\r\n'), 'latin1');
            client.pipe(target).pipe(client);
          };
          client.on('data', read);
        }),
      ),
  };
}

function page(status: string, type: string, body: string, ...headers: string[]): string {
  const head = [`HTTP/1.1 ${status}`, `Content-Type: ${type}`, ...headers, 'Connection: close'];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

/** net/http: a path that does not parse is refused before any handler; the mux redirects to the clean path. */
const go = raw('as Go answers', (path) => {
  if (path.includes('%zz')) return page('400 Bad Request', 'text/plain; charset=utf-8', '400 Bad Request');
  if (path.includes('..%2f'))
    return page(
      '301 Moved Permanently',
      'text/html; charset=utf-8',
      '<a href="/etc/passwd/words">Moved Permanently</a>.\n\n',
      'Location: /etc/passwd/words',
    );
  return path.includes('%') ? page('404 Not Found', 'text/plain; charset=utf-8', '404 page not found\n') : undefined;
});

/** com.sun.net.httpserver, and a container with a limit for the request line. */
const java = raw('as Java answers', (path) => {
  if (path.includes('%zz'))
    return page('400 Bad Request', 'text/html', '<h1>400 Bad Request</h1>URISyntaxException thrown');
  if (path.length > 512)
    return page('414 URI Too Long', 'text/html', '<h1>Bad Message 414</h1><pre>reason: URI Too Long</pre>');
  return path.includes('%')
    ? page('404 Not Found', 'text/html', '<h1>404 Not Found</h1>No context found for request')
    : undefined;
});

const node: FrontKind = {
  name: "Node's own",
  start: (targetPort) =>
    listening(
      createHttpServer((incoming, outgoing) => {
        const { method, url, headers } = incoming;
        const onward = request({ port: targetPort, host: '127.0.0.1', method, path: url, headers }, (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          outgoing.flushHeaders();
          answer.pipe(outgoing);
        });
        onward.on('error', () => outgoing.destroy());
        outgoing.on('close', () => onward.destroy());
        incoming.pipe(onward);
      }),
    ),
};

export const FRONTS: readonly FrontKind[] = [
  installed('nginx', '/usr/sbin/nginx', nginx),
  installed('Apache', '/usr/sbin/apache2', apache),
  installed('HAProxy', '/usr/sbin/haproxy', haproxy),
  installed('Varnish', '/usr/sbin/varnishd', varnish),
  node,
  go,
  java,
];

export function isInstalled({ program }: FrontKind): boolean {
  if (program === undefined) return true;
  try {
    accessSync(program);
    return true;
  } catch {
    return false;
  }
}

async function listening(server: Server): Promise<Front> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** These programs cannot say which port the system gave them. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Resolves as soon as something accepts connections there. */
async function answering(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

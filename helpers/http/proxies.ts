/** The variables that name a proxy, as undici's EnvHttpProxyAgent reads them: the lower-case one goes first. */
export const PROXY_VARIABLES = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY'] as const;

/** Why requests could not go through the proxy that a variable names; undefined where nothing is wrong with it. */
export function proxyProblem(value: string): { readonly problem: string; readonly remedy: string } | undefined {
  const remedy = 'Give it as http://proxy.example.com:3128, with user:password@ before the host where it asks for one.';
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) return { problem: 'has no scheme', remedy };
  if (!/^https?:\/\//i.test(value))
    return { problem: 'names a proxy that speaks neither http nor https (SOCKS is not supported)', remedy };
  try {
    const { username, password } = new URL(value);
    decodeURIComponent(username);
    decodeURIComponent(password);
    return undefined;
  } catch (error) {
    return error instanceof URIError
      ? {
          problem: 'holds a percent sign that no two hexadecimal digits follow, in its user or password',
          remedy: 'Write a percent sign there as %25.',
        }
      : { problem: 'is not a URL: look at its host and port', remedy };
  }
}

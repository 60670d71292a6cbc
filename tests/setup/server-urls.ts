/** Works on connection strings with several hosts, which `URL` does not parse. */
const MONGO_URI = /^(?<server>mongodb(?:\+srv)?:\/\/(?<login>[^@/]*@)?[^/?]+)\/?(?<database>[^?]*)(?:\?(?<query>.*))?$/;

/** The same servers and log-in with another database, and further options. */
export function withDatabase(uri: string, database: string, options: Readonly<Record<string, string>> = {}): string {
  const parts = MONGO_URI.exec(uri)?.groups;
  if (parts === undefined) throw new Error('not a MongoDB address');
  const search = new URLSearchParams({ ...Object.fromEntries(new URLSearchParams(parts['query'])), ...options });
  // The log-in is checked against the database of the address unless another one is named.
  const mustNameSource = parts['login'] !== undefined && parts['database'] !== '' && !search.has('authSource');
  if (mustNameSource) search.set('authSource', parts['database'] ?? '');
  return `${parts['server'] ?? ''}/${database}?${search.toString()}`;
}

export function withRedisDatabase(url: string, database: number): string {
  const parsed = new URL(url);
  parsed.pathname = `/${database}`;
  return parsed.href;
}

/** Host names without ports. */
export function hostsOf(uri: string): string[] {
  const authority = uri
    .replace(/^[a-z+]+:\/\//, '')
    .replace(/[/?].*$/, '')
    .replace(/^.*@/, '');
  return authority.split(',').map((host) => host.replace(/:\d+$/, ''));
}

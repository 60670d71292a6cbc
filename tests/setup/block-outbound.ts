import { Socket } from 'node:net';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/;

const refused: string[] = [];
let allowed: readonly string[] | null = null;

/**
 * From here on, a TCP connection to anything but this machine or `allowedHosts` fails. Returns the check that fails the test
 * even where its code swallowed the refused connection.
 */
export function blockOutboundConnections(allowedHosts: readonly string[]): () => void {
  // Files that share a process ask for it one after the other.
  if (allowed === null) guardSockets();
  allowed = allowedHosts;
  return () => {
    const hosts = refused.splice(0);
    if (hosts.length > 0) throw new Error(`A test tried to connect to ${hosts.join(', ')}.`);
  };
}

function guardSockets(): void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its socket below
  const original = Socket.prototype.connect as (this: Socket, ...args: unknown[]) => Socket;
  Socket.prototype.connect = function connect(this: Socket, ...args: unknown[]): Socket {
    const host = hostOf(args);
    if (host === null || LOOPBACK.test(host) || allowed?.includes(host) === true) return original.apply(this, args);
    refused.push(host);
    throw new Error(`A test tried to connect to ${host}; tests reach nothing outside this machine.`);
  };
}

/** null for a Unix socket or where no host is named, which means this machine. */
function hostOf(args: readonly unknown[]): string | null {
  // net.connect passes its arguments on as one array that it has already put in order.
  const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  if (typeof first === 'object' && first !== null) {
    // `fetch` always sets `path`, to undefined where there is no Unix socket.
    const { path, host } = first as { path?: string; host?: string };
    return path === undefined ? (host ?? null) : null;
  }
  return typeof second === 'string' ? second : null;
}

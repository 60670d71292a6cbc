import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import type { ErrorBody } from '../../src/errors/index.ts';
import { afterEveryTest } from './after-every-test.ts';

const sockets: Socket[] = [];

afterEveryTest(() => {
  for (const socket of sockets.splice(0)) socket.disconnect();
});

/** A socket on a connection of its own that never comes back by itself; closed after the test. `address`: base and namespace. */
export function openSocket(address: string, options: Partial<ManagerOptions & SocketOptions> = {}): Socket {
  const socket = io(address, { transports: ['websocket'], reconnection: false, forceNew: true, ...options });
  sockets.push(socket);
  return socket;
}

type Outcome = { isOpen: true } | { isOpen: false; message: string; body?: ErrorBody };

export function outcomeOf(socket: Socket): Promise<Outcome> {
  return new Promise((resolve) => {
    socket.once('connect', () => {
      resolve({ isOpen: true });
    });
    socket.once('connect_error', (error: Error & { data?: ErrorBody }) => {
      resolve({ isOpen: false, message: error.message, ...(error.data === undefined ? {} : { body: error.data }) });
    });
  });
}

/** An open socket of whoever holds the token. */
export async function admitted(address: string, { accessToken }: { accessToken: string }): Promise<Socket> {
  const socket = openSocket(address, { auth: { token: accessToken } });
  const outcome = await outcomeOf(socket);
  if (!outcome.isOpen) throw new Error(`the socket was refused: ${outcome.message}`);
  return socket;
}

/** Why the socket was ended. */
export function endOf(socket: Socket): Promise<string> {
  return new Promise((resolve) => socket.once('disconnect', resolve));
}

/** Why the connection under the socket was closed, whether or not the socket was let in. */
export function closeOf(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    socket.io.once('close', resolve);
  });
}

export function resume(socket: Socket, ...args: unknown[]): Promise<Partial<ErrorBody>> {
  return socket.timeout(5000).emitWithAck('resume', ...args) as Promise<Partial<ErrorBody>>;
}

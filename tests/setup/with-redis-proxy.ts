import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { afterAll } from 'vitest';

/**
 * A Redis of this test file that can go away. Import it before anything of `src`: it puts its address into the environment, which
 * src/config reads once.
 */
const target = new URL(process.env['REDIS_URL'] ?? '');
const open = new Set<Socket>();
let isAway = false;

const server = createServer((client) => {
  if (isAway) {
    client.destroy();
    return;
  }
  const upstream = connect(Number(target.port), target.hostname);
  for (const [from, to] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    open.add(from);
    from.on('error', () => to.destroy());
    from.on('close', () => {
      open.delete(from);
      to.destroy();
    });
    from.pipe(to);
  }
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = new URL(target);
address.port = String((server.address() as AddressInfo).port);
process.env['REDIS_URL'] = address.href;

export const redisProxy = {
  /** Every connection breaks, and no new one holds. */
  cut(): void {
    isAway = true;
    for (const socket of open) socket.destroy();
  },
  /** Connections stay, and nothing moves any more. */
  stall(): void {
    for (const socket of open) socket.pause();
  },
  mend(): void {
    isAway = false;
    for (const socket of open) socket.resume();
  },
};

afterAll(async () => {
  redisProxy.cut();
  await new Promise((resolve) => server.close(resolve));
});

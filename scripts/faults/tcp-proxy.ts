import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * What becomes of a piece of data on its way. `cut` breaks the connection instead of delivering it, `half_close` ends it in order
 * without it, `lose` keeps it and the connection; a number delays it by so many milliseconds.
 */
export type Fate = 'pass' | 'cut' | 'half_close' | 'lose' | number;

/** Sees what goes through one connection, and says what becomes of it. It may do things of its own, such as killing the caller. */
export interface Watcher {
  onRequest?(piece: Buffer): Fate;
  onAnswer?(piece: Buffer): Fate;
}

export interface Proxy {
  port: number;
  /** Made anew for each connection that is opened from now on; null lets everything pass. */
  watch(makeWatcher: (() => Watcher) | null): void;
  stop(): Promise<void>;
}

/** Forwards to the first of `ports` that takes the connection; they are asked in turns. */
export async function startProxy(ports: () => readonly number[]): Promise<Proxy> {
  const state: State = { makeWatcher: null, sockets: new Set(), turn: 0 };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    void forward(state, client, ports());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    watch: (makeWatcher) => {
      state.makeWatcher = makeWatcher;
    },
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of state.sockets) socket.destroy();
      await closed;
    },
  };
}

interface State {
  makeWatcher: (() => Watcher) | null;
  sockets: Set<Socket>;
  turn: number;
}

async function forward(state: State, client: Socket, ports: readonly number[]): Promise<void> {
  keep(state, client);
  client.pause();
  const upstream = await connectToOne(state, ports);
  if (upstream === null || client.destroyed) {
    client.destroy();
    upstream?.destroy();
    return;
  }
  keep(state, upstream);
  // Asked for each piece: who begins to watch also sees the connections that are open already.
  let watcher: Watcher = {};
  let madeBy: State['makeWatcher'] = null;
  const current = (): Watcher => {
    if (madeBy !== state.makeWatcher) {
      madeBy = state.makeWatcher;
      watcher = madeBy?.() ?? {};
    }
    return watcher;
  };
  pipe(client, upstream, (piece) => current().onRequest?.(piece) ?? 'pass');
  pipe(upstream, client, (piece) => current().onAnswer?.(piece) ?? 'pass');
  client.resume();
}

function keep(state: State, socket: Socket): void {
  state.sockets.add(socket);
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('close', () => state.sockets.delete(socket));
}

async function connectToOne(state: State, ports: readonly number[]): Promise<Socket | null> {
  state.turn += 1;
  for (let index = 0; index < ports.length; index += 1) {
    const port = ports[(state.turn + index) % ports.length] ?? 0;
    const socket = await tryConnecting(port);
    if (socket !== null) return socket;
  }
  return null;
}

function tryConnecting(port: number): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.once('connect', () => {
      resolve(socket);
    });
    socket.once('error', () => {
      resolve(null);
    });
  });
}

function pipe(from: Socket, to: Socket, judge: (piece: Buffer) => Fate): void {
  // Pieces keep their order also behind a delayed one.
  let before = Promise.resolve();
  from.on('data', (piece) => {
    const fate = judge(piece);
    before = before.then(() => deliver({ from, to, piece, fate }));
  });
  from.on('end', () => void before.then(() => to.end()));
  from.on('close', () => {
    void before.then(() => {
      to.destroySoon();
    });
  });
}

async function deliver({ from, to, piece, fate }: { from: Socket; to: Socket; piece: Buffer; fate: Fate }) {
  if (fate === 'cut') {
    from.destroy();
    to.destroy();
  } else if (fate === 'half_close') to.end();
  else if (fate !== 'lose') {
    if (fate !== 'pass') await new Promise((resolve) => setTimeout(resolve, fate));
    if (to.writable) to.write(piece);
  }
}

import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { createAdapter } from '@socket.io/redis-streams-adapter';
import { Server, type Socket } from 'socket.io';
import { config } from '../config/index.ts';
import { AppError, fieldProblems, fromUnknown, toErrorBody } from '../errors/index.ts';
import { addressOf, noteRefusal, verifyToken, type Actor } from '../http/index.ts';
import { counter, gauge, reportError, runWithStore, type RequestStore } from '../infra/observability/index.ts';
import { redisClients, redisKey } from '../infra/redis/index.ts';
import { newRequestId, randomBelow } from '../shared/ids.ts';
import { nowMs } from '../shared/clock.ts';
import { countPerSecond } from './per-second.ts';
import { commandsFor, NAMESPACES, roomsFor, type Namespace, type SocketCommand } from './rooms.ts';
import { setEmitter } from './publish.ts';

const MAX_FRAME_BYTES = 64 * 1024;
const MAX_COMMANDS_PER_SECOND = 20;
/** How long a socket at most listens on after its session, when the cut has not reached it; up to a quarter more as jitter. */
const LOOK_AGAIN_MS = 60_000;
/** Of one connection, whatever they are: also asking to be let in, and events nobody listens to. */
const MAX_PACKETS_PER_SECOND = 100;

type Connection = Socket['conn'];
type SharedRoom = `session:${string}` | `user:${string}`;

let server: Server | null = null;

const connections = gauge({ name: 'quickbite_ws_connections', help: 'Open sockets', labels: ['namespace'] });
const received = counter('quickbite_ws_commands_total', 'Commands received', ['namespace', 'command', 'result']);

/**
 * Socket.IO on the given server, joined to the other processes through a Redis stream. The API takes clients;
 * the worker only publishes.
 */
export function attachRealtime(http: HttpServer, { takesClients, lookAgainMs = LOOK_AGAIN_MS }: Options): Realtime {
  const io = new Server(http, {
    adapter: createAdapter(redisClients().streams, {
      streamName: redisKey('sockets'),
      maxLen: 10_000,
    }),
    // No connectionStateRecovery: it restores rooms and sends what was missed before `admit` has seen a token (decision 21).
    // WebSocket only: no sticky sessions needed behind a balancer.
    transports: ['websocket'],
    maxHttpBufferSize: MAX_FRAME_BYTES,
    serveClient: false,
    allowRequest: (request, decide) => {
      decide(null, takesClients && isAllowedOrigin(request));
    },
  });
  io.engine.on('connection', limitPackets);
  // Socket.IO opens this one by itself, to anybody.
  io.of('/').use((socket, next) => {
    refuse(socket, next, new AppError('not_found'));
  });
  for (const namespace of Object.keys(NAMESPACES) as Namespace[]) openNamespace(io, namespace, lookAgainMs);
  server = io;
  setEmitter((namespace, room, isVolatile) => {
    const target = io.of(namespace).to(room);
    return isVolatile ? target.volatile : target;
  });
  return {
    async close() {
      await io.close();
      setEmitter(null);
      server = null;
    },
  };
}

interface Options {
  takesClients: boolean;
  /** Tests wait less. */
  lookAgainMs?: number;
}

export interface Realtime {
  /** Ends the sockets, then closes the HTTP server and waits for the requests in hand. */
  close(): Promise<void>;
}

/**
 * Ends the open sockets of a session or an account, on every instance. For whoever ends the session itself, and after that; in a
 * process without sockets it does nothing, and the next command of a socket meets the ended session.
 */
export function cutSockets(room: SharedRoom): void {
  for (const namespace of Object.keys(NAMESPACES)) server?.of(namespace).in(room).disconnectSockets(true);
}

/** Browsers send their origin, and it must be one of ours; other clients send none. */
function isAllowedOrigin(request: IncomingMessage): boolean {
  const { origin } = request.headers;
  return origin === undefined || config.http.corsOrigins.includes(origin);
}

function limitPackets(connection: Connection): void {
  const countPacket = countPerSecond();
  connection.on('packet', () => {
    if (countPacket() > MAX_PACKETS_PER_SECOND) connection.close();
  });
}

function openNamespace(io: Server, name: Namespace, lookAgainMs: number): void {
  const namespace = io.of(name);
  namespace.use((socket, next) => {
    void admit(socket, name).then(
      () => {
        next();
      },
      (error: unknown) => {
        refuse(socket, next, error);
      },
    );
  });
  namespace.on('connection', (socket) => {
    serve(socket, name);
    lookAgain(socket, name, lookAgainMs);
  });
}

async function admit(socket: Socket, namespace: Namespace): Promise<void> {
  const actor = await identify(socket, namespace);
  Object.assign(socket.data as object, { actor });
  await socket.join(await allRoomsFor(namespace, actor));
}

async function allRoomsFor(namespace: Namespace, actor: Actor): Promise<string[]> {
  const shared: SharedRoom[] = [`session:${actor.sessionId}`, `user:${actor.userId}`];
  return [...shared, ...(await roomsFor(namespace, actor))];
}

/** Of an open socket, at any time: ends it with its session or role, and takes it out of the rooms that are not its actor's any more. */
async function recheck(socket: Socket, namespace: Namespace): Promise<void> {
  try {
    const rooms = await allRoomsFor(namespace, await identify(socket, namespace));
    const lost = [...socket.rooms].filter((room) => room !== socket.id && !rooms.includes(room));
    for (const room of lost) await socket.leave(room);
  } catch {
    socket.disconnect(true);
  }
}

/** Token from the auth payload only, role of the namespace. Session and account are read each time, as for a request. */
async function identify(socket: Socket, namespace: Namespace): Promise<Actor> {
  const token = tokenOf(socket);
  if (typeof token !== 'string') throw new AppError('unauthenticated');
  const actor = await verifyToken(token);
  if (!actor.roles.some((role) => (NAMESPACES[namespace] as readonly string[]).includes(role))) {
    throw new AppError('forbidden');
  }
  return actor;
}

/** The refusal leaves in the next tick; then the connection goes too, or it could try token after token. */
function refuse(socket: Socket, next: (error: Error) => void, error: unknown): void {
  next(toSocketError(socket, error));
  setImmediate(() => {
    socket.conn.close();
  });
}

function serve(socket: Socket, namespace: Namespace): void {
  connections.inc({ namespace });
  // A token that runs out ends the socket; the client comes back with a fresh one and resumes.
  const expiry = setTimeout(() => socket.disconnect(true), Math.max(0, expiryOf(tokenOf(socket)) - nowMs()));
  socket.on('disconnect', () => {
    clearTimeout(expiry);
    connections.dec({ namespace });
  });
  // Once more: a cut finds open sockets only, so one from between admission and here has missed this socket.
  void recheck(socket, namespace);
  const countCommand = countPerSecond();
  for (const command of commandsFor(namespace)) {
    socket.on(command.name, (...args: unknown[]) => {
      void answer({ socket, namespace, command, isTooMany: countCommand() > MAX_COMMANDS_PER_SECOND }, args);
    });
  }
}

/** A cut can be lost with Redis; without this a socket would listen until its token ends. Jitter, or all of a restart would ask at once. */
function lookAgain(socket: Socket, namespace: Namespace, everyMs: number): void {
  const timer = setInterval(
    () => {
      identify(socket, namespace).catch((error: unknown) => {
        // A database that is away says nothing of the session: the next look does.
        if (isEnd(fromUnknown(error))) socket.disconnect(true);
      });
    },
    everyMs + randomBelow(Math.ceil(everyMs / 4)),
  );
  timer.unref();
  socket.on('disconnect', () => {
    clearInterval(timer);
  });
}

/** The session has ended, or the role is gone. */
function isEnd({ status }: AppError): boolean {
  return status === 401 || status === 403;
}

interface CommandCall {
  socket: Socket;
  namespace: Namespace;
  command: SocketCommand;
  isTooMany: boolean;
}

async function answer(call: CommandCall, args: unknown[]): Promise<void> {
  const { socket, namespace, command } = call;
  const last = args.at(-1);
  const acknowledge = typeof last === 'function' ? (last as (body: object) => void) : () => undefined;
  const requestId = newRequestId();
  try {
    const result = await run(call, args[0], requestId);
    received.inc({ namespace, command: command.name, result: 'ok' });
    acknowledge(result);
  } catch (error) {
    const translated = fromUnknown(error);
    received.inc({ namespace, command: command.name, result: 'refused' });
    reportError(translated, { where: `socket ${namespace} ${command.name}` });
    noteSocketRefusal(call, translated, requestId);
    acknowledge(toErrorBody(translated, requestId));
    // No cut has reached this socket.
    if (isEnd(translated)) socket.disconnect(true);
  }
}

function noteSocketRefusal({ socket, namespace, command }: CommandCall, error: AppError, requestId: string): void {
  runWithStore({ requestId, ...circumstancesOf(socket) }, () => {
    noteRefusal(error, `socket ${namespace} ${command.name}`);
  });
}

async function run(call: CommandCall, payload: unknown, requestId: string): Promise<object> {
  const { socket, namespace, command, isTooMany } = call;
  if (isTooMany) throw new AppError('rate_limited', { retryAfterSeconds: 1 });
  const input = command.schema.safeParse(payload);
  if (!input.success) throw new AppError('validation_failed', { details: fieldProblems(input.error) });
  const actor = await identify(socket, namespace);
  return runWithStore({ requestId, ...circumstancesOf(socket) }, () => command.run(input.data, actor));
}

function tokenOf(socket: Socket): unknown {
  return (socket.handshake.auth as { token?: unknown }).token;
}

/** `exp` of a token that has just been verified. */
function expiryOf(token: unknown): number {
  const payload = JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString()) as { exp: number };
  return payload.exp * 1000;
}

/** Socket.IO hands `data` of a middleware error to the client's `connect_error`. */
function toSocketError(socket: Socket, error: unknown): Error & { data: object } {
  const translated = fromUnknown(error);
  const requestId = newRequestId();
  reportError(translated, { where: 'socket handshake' });
  runWithStore({ requestId, ...circumstancesOf(socket) }, () => {
    noteRefusal(translated, `socket ${socket.nsp.name} handshake`);
  });
  return Object.assign(new Error(translated.code), { data: toErrorBody(translated, requestId) });
}

/** From where a socket comes and, once it was let in, whose it is: for the audit. */
function circumstancesOf({ request, data }: Socket): Omit<RequestStore, 'requestId'> {
  const { actor } = data as { actor?: Actor };
  const address = addressOf(request, config.http.trustProxyHops);
  return actor === undefined ? { address } : { address, userId: actor.userId, role: actor.roles.join(',') };
}

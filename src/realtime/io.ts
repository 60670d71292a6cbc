import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { createAdapter } from '@socket.io/redis-streams-adapter';
import { Server, type Socket } from 'socket.io';
import { config } from '../config/index.ts';
import { AppError, fieldProblems, fromUnknown, toErrorBody } from '../errors/index.ts';
import { verifyToken, type Actor } from '../http/index.ts';
import { counter, gauge, reportError, runWithStore } from '../infra/observability/index.ts';
import { redisClients, redisKey } from '../infra/redis/index.ts';
import { newRequestId } from '../shared/ids.ts';
import { nowMs } from '../shared/clock.ts';
import { commandsFor, NAMESPACES, roomsFor, type Namespace, type SocketCommand } from './rooms.ts';
import { setEmitter } from './publish.ts';

const MAX_FRAME_BYTES = 64 * 1024;
const MAX_COMMANDS_PER_SECOND = 20;
const RECOVERY_MS = 120_000;

interface SocketData {
  actor: Actor;
  expiresAtMs: number;
  secondStartedAtMs: number;
  commandsInSecond: number;
}

type AppSocket = Socket<Record<string, never>, Record<string, never>, Record<string, never>, SocketData>;

const connections = gauge({ name: 'quickbite_ws_connections', help: 'Open sockets', labels: ['namespace'] });
const received = counter('quickbite_ws_commands_total', 'Commands received', ['namespace', 'command', 'result']);

/**
 * Socket.IO on the given server, joined to the other processes through a Redis stream. The API takes clients;
 * the worker only publishes.
 */
export function attachRealtime(http: HttpServer, { takesClients }: { takesClients: boolean }): Realtime {
  const io = new Server(http, {
    adapter: createAdapter(redisClients().streams, {
      streamName: redisKey('sockets'),
      sessionKeyPrefix: `${redisKey('sockets', 'session')}:`,
      maxLen: 10_000,
    }),
    connectionStateRecovery: { maxDisconnectionDuration: RECOVERY_MS, skipMiddlewares: false },
    // WebSocket only: no sticky sessions needed behind a balancer.
    transports: ['websocket'],
    maxHttpBufferSize: MAX_FRAME_BYTES,
    serveClient: false,
    allowRequest: (request, decide) => {
      decide(null, takesClients && isAllowedOrigin(request));
    },
  });
  // Socket.IO opens this one by itself, to anybody.
  io.of('/').use((_socket, next) => {
    next(toSocketError(new AppError('not_found')));
  });
  for (const namespace of Object.keys(NAMESPACES) as Namespace[]) openNamespace(io, namespace);
  setEmitter((namespace, room, isVolatile) => {
    const target = io.of(namespace).to(room);
    return isVolatile ? target.volatile : target;
  });
  return {
    async close() {
      await io.close();
      setEmitter(null);
    },
  };
}

export interface Realtime {
  /** Ends the sockets, then closes the HTTP server and waits for the requests in hand. */
  close(): Promise<void>;
}

/** Browsers send their origin, and it must be one of ours; other clients send none. */
function isAllowedOrigin(request: IncomingMessage): boolean {
  const { origin } = request.headers;
  return origin === undefined || config.http.corsOrigins.includes(origin);
}

function openNamespace(io: Server, name: Namespace): void {
  const namespace = io.of(name);
  namespace.use((socket, next) => {
    void admit(socket as AppSocket, name).then(
      () => {
        next();
      },
      (error: unknown) => {
        next(toSocketError(error));
      },
    );
  });
  namespace.on('connection', (socket) => {
    serve(socket as AppSocket, name);
  });
}

/** Token from the auth payload only, role of the namespace, rooms from ownership. */
async function admit(socket: AppSocket, namespace: Namespace): Promise<void> {
  const { token } = socket.handshake.auth as { token?: unknown };
  if (typeof token !== 'string') throw new AppError('unauthenticated');
  const actor = await verifyToken(token);
  if (!actor.roles.some((role) => (NAMESPACES[namespace] as readonly string[]).includes(role))) {
    throw new AppError('forbidden');
  }
  socket.data = { actor, expiresAtMs: expiryOf(token), secondStartedAtMs: nowMs(), commandsInSecond: 0 };
  await socket.join(await roomsFor(namespace, actor));
}

function serve(socket: AppSocket, namespace: Namespace): void {
  connections.inc({ namespace });
  // A token that runs out ends the socket; the client comes back with a fresh one and resumes.
  const expiry = setTimeout(() => socket.disconnect(true), Math.max(0, socket.data.expiresAtMs - nowMs()));
  socket.on('disconnect', () => {
    clearTimeout(expiry);
    connections.dec({ namespace });
  });
  for (const command of commandsFor(namespace)) {
    socket.on(command.name, (...args: unknown[]) => {
      void answer({ socket, namespace, command }, args);
    });
  }
}

interface CommandCall {
  socket: AppSocket;
  namespace: Namespace;
  command: SocketCommand;
}

async function answer({ socket, namespace, command }: CommandCall, args: unknown[]): Promise<void> {
  const acknowledge = args.at(-1);
  const requestId = newRequestId();
  const { actor } = socket.data;
  try {
    assertWithinRate(socket);
    const input = command.schema.safeParse(args[0]);
    if (!input.success) throw new AppError('validation_failed', { details: fieldProblems(input.error) });
    const result = await runWithStore({ requestId, userId: actor.userId }, () => command.run(input.data, actor));
    received.inc({ namespace, command: command.name, result: 'ok' });
    if (typeof acknowledge === 'function') (acknowledge as (body: object) => void)(result);
  } catch (error) {
    const translated = fromUnknown(error);
    received.inc({ namespace, command: command.name, result: 'refused' });
    reportError(translated, { where: `socket ${namespace} ${command.name}` });
    if (typeof acknowledge === 'function') {
      (acknowledge as (body: object) => void)(toErrorBody(translated, requestId));
    }
  }
}

function assertWithinRate(socket: AppSocket): void {
  const { data } = socket;
  const at = nowMs();
  if (at - data.secondStartedAtMs >= 1000) {
    data.secondStartedAtMs = at;
    data.commandsInSecond = 0;
  }
  data.commandsInSecond += 1;
  if (data.commandsInSecond > MAX_COMMANDS_PER_SECOND * 5) socket.disconnect(true);
  if (data.commandsInSecond > MAX_COMMANDS_PER_SECOND) throw new AppError('rate_limited', { retryAfterSeconds: 1 });
}

/** `exp` of a token that has just been verified. */
function expiryOf(token: string): number {
  const payload = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { exp: number };
  return payload.exp * 1000;
}

/** Socket.IO hands `data` of a middleware error to the client's `connect_error`. */
function toSocketError(error: unknown): Error & { data: object } {
  const translated = fromUnknown(error);
  reportError(translated, { where: 'socket handshake' });
  return Object.assign(new Error(translated.code), { data: toErrorBody(translated, newRequestId()) });
}

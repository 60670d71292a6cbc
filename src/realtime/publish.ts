import { counter } from '../infra/observability/index.ts';
import type { Namespace } from './rooms.ts';

interface Target {
  emit(event: string, message: object): unknown;
}

type Emitter = (namespace: Namespace, room: string, isVolatile: boolean) => Target;

interface SocketMessage {
  namespace: Namespace;
  room: string;
  event: string;
  message: object;
  /** May be lost: positions, which the next one replaces. */
  isVolatile?: boolean;
}

let emitter: Emitter | null = null;
const published = counter('quickbite_ws_messages_total', 'Messages published', ['namespace', 'event']);

export function setEmitter(emit: Emitter | null): void {
  emitter = emit;
}

/** Sends to a room on every instance, from the API and from the worker. At most once: the stored log is the truth. */
export function publish({ namespace, room, event, message, isVolatile = false }: SocketMessage): void {
  if (emitter === null) throw new Error('bootstrap attaches realtime first');
  emitter(namespace, room, isVolatile).emit(event, message);
  published.inc({ namespace, event });
}

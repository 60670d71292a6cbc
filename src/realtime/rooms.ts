import type { z } from 'zod';
import type { Actor, Role } from '../http/index.ts';

/** One namespace per kind of client; who may enter it, and the rooms the server puts them in. */
export const NAMESPACES = {
  '/customer': ['customer'],
  '/restaurant': ['restaurant'],
  '/courier': ['courier'],
  '/ops': ['support', 'admin'],
} as const satisfies Record<string, readonly Role[]>;

export type Namespace = keyof typeof NAMESPACES;

/** The rooms of an actor, from ownership in the database; a client never names a room. */
type RoomsOf = (actor: Actor) => Promise<string[]>;

export interface SocketCommand<S extends z.ZodType = z.ZodType> {
  name: string;
  schema: S;
  /** The result is the acknowledgement; an AppError becomes the ordinary error body. */
  run: (input: z.output<S>, actor: Actor) => Promise<object>;
}

const roomsByNamespace = new Map<Namespace, RoomsOf>();
const commandsByNamespace = new Map<Namespace, SocketCommand[]>();

/** Modules fill the registry through bootstrap. */
export function registerRooms(namespace: Namespace, roomsOf: RoomsOf): void {
  roomsByNamespace.set(namespace, roomsOf);
}

export function registerCommand<S extends z.ZodType>(namespace: Namespace, command: SocketCommand<S>): void {
  const commands = commandsByNamespace.get(namespace) ?? [];
  const others = commands.filter(({ name }) => name !== command.name);
  commandsByNamespace.set(namespace, [...others, command]);
}

export async function roomsFor(namespace: Namespace, actor: Actor): Promise<string[]> {
  return (await roomsByNamespace.get(namespace)?.(actor)) ?? [];
}

export function commandsFor(namespace: Namespace): readonly SocketCommand[] {
  return commandsByNamespace.get(namespace) ?? [];
}

import type { mongo } from 'mongoose';

/** `insert orders` and the like with their number. The client must have been opened with `monitorCommands`. */
export type CommandCounts = Record<string, number>;

const OWN_BUSINESS = new Set(['hello', 'ping', 'endSessions']);

export async function countCommands(client: mongo.MongoClient, work: () => Promise<unknown>): Promise<CommandCounts> {
  const counts: CommandCounts = {};
  const remember = ({ command, commandName }: mongo.CommandStartedEvent): void => {
    if (OWN_BUSINESS.has(commandName)) return;
    const target: unknown = command[commandName];
    const name = typeof target === 'string' ? `${commandName} ${target}` : commandName;
    counts[name] = (counts[name] ?? 0) + 1;
  };
  client.on('commandStarted', remember);
  await work();
  client.off('commandStarted', remember);
  return counts;
}

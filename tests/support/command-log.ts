import mongoose, { mongo } from 'mongoose';

/** Every command that this process sends to MongoDB from now on, as JSON. */
export function recordCommands(): { text(): string; stop(): void } {
  const lines: string[] = [];
  const client = mongoose.connection.getClient();
  const remember = (event: mongo.CommandStartedEvent) => lines.push(mongo.BSON.EJSON.stringify(event.command));
  client.on('commandStarted', remember);
  return { text: () => lines.join('\n'), stop: () => void client.off('commandStarted', remember) };
}

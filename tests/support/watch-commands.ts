import mongoose, { type mongo } from 'mongoose';
import { summarizePlan, type PlanSummary } from './explain.ts';
import { followWork } from './follow-work.ts';

const READS_AND_CHANGES = ['find', 'aggregate', 'count', 'distinct', 'findAndModify', 'update', 'delete'];
const WRITES = ['insert', 'findAndModify', 'update', 'delete'];
/** What belongs to the connection, session or transaction, and not to the query. */
const ENVELOPE = ['lsid', 'txnNumber', 'startTransaction', 'autocommit', 'readConcern', 'writeConcern', 'maxTimeMS'];

interface Command {
  name: string;
  collection: string;
  /** The transaction it was part of, or null. */
  transaction: string | null;
  body: mongo.Document;
}

/** The commands that `work` sends to MongoDB, in their order, and nothing that is sent beside it. */
async function watchCommands(work: () => Promise<unknown>): Promise<Command[]> {
  const commands: Command[] = [];
  await followWork(work, (isOfWork) => {
    const remember = ({ commandName: name, command }: mongo.CommandStartedEvent): void => {
      if (!isOfWork()) return;
      const { lsid, txnNumber } = command as { lsid?: { id?: unknown }; txnNumber?: unknown };
      const transaction = command['autocommit'] === false ? JSON.stringify([lsid?.id, txnNumber]) : null;
      commands.push({ name, collection: String(command[name]), transaction, body: { ...command } });
    };
    const client = mongoose.connection.getClient();
    client.on('commandStarted', remember);
    return () => void client.off('commandStarted', remember);
  });
  return commands;
}

/** The writes of `work` as `command collection`, and how many transactions they lie in; null stands for none. */
export async function watchWrites(
  work: () => Promise<unknown>,
): Promise<{ writes: string[]; transactions: number | null }> {
  const commands = (await watchCommands(work)).filter(({ name }) => WRITES.includes(name));
  const isLoose = commands.some(({ transaction }) => transaction === null);
  return {
    writes: commands.map(({ name, collection }) => `${name} ${collection}`),
    transactions: isLoose ? null : new Set(commands.map(({ transaction }) => transaction)).size,
  };
}

export interface ExplainedCommand extends PlanSummary {
  /** `find orders` */
  command: string;
}

/** Runs `work` and explains every query it sent, as it was sent: what is judged is the query, not a copy of it in a test. */
export async function explainQueries(work: () => Promise<unknown>): Promise<ExplainedCommand[]> {
  const queries = (await watchCommands(work)).filter(({ name }) => READS_AND_CHANGES.includes(name));
  return Promise.all(
    queries.map(async ({ name, collection, body }) => {
      const bare = Object.entries(body).filter(([key]) => !key.startsWith('$') && !ENVELOPE.includes(key));
      const explain = { explain: firstOfBatch(Object.fromEntries(bare)), verbosity: 'executionStats' };
      const plan = await mongoose.connection.db?.command(explain);
      return { command: `${name} ${collection}`, ...summarizePlan(plan) };
    }),
  );
}

/** The server explains no batch; the writes of one are alike. */
function firstOfBatch(command: mongo.Document): mongo.Document {
  const { updates } = command as { updates?: unknown[] };
  return updates === undefined ? command : { ...command, updates: updates.slice(0, 1) };
}

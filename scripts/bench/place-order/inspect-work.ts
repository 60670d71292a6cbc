import { markdownTable } from '../report.ts';
import type { Company } from './contenders.ts';
import type { CommandCounts } from './count-commands.ts';
import { assertEqualWork, traceOf, type Trace } from './equal-work.ts';
import { CONTENDER_NAMES, WRITTEN, type ContenderName } from './jobs.ts';
import type { Stage } from '../stage.ts';

export interface Work {
  traces: Record<ContenderName, Trace>;
  /** Per order, by command and collection; HTTP as the server counted it, by command. */
  commands: Record<ContenderName, CommandCounts>;
}

const ORDERS = 50;
const COUNTED_BY_SERVER = ['find', 'aggregate', 'insert', 'update', 'findAndModify', 'delete', 'commitTransaction'];

/** Before anything is timed: what each contender writes for an order, and in how many commands. */
export async function inspectWork(stage: Stage, company: Company): Promise<Work> {
  const traces: Partial<Record<ContenderName, Trace>> = {};
  const commands: Partial<Record<ContenderName, CommandCounts>> = {};
  for (const name of CONTENDER_NAMES) {
    const jobs = await company.prepare(ORDERS);
    const trace = await traceOf(stage.client.db(), jobs, async () => {
      const counts =
        name === 'http'
          ? await countAtServer(stage, () => company.run(name, { jobs, inFlight: 1 }))
          : await company.countCommands(name, jobs);
      commands[name] = perOrder(counts);
    });
    assertEqualWork(name, trace, ORDERS);
    traces[name] = trace;
  }
  return { traces, commands } as Work;
}

/** The API is a process as in production, without a monitor in its driver; mongod counts as well. */
async function countAtServer(stage: Stage, run: () => Promise<unknown>): Promise<CommandCounts> {
  const before = await totalsOf(stage);
  await run();
  const after = await totalsOf(stage);
  return Object.fromEntries(COUNTED_BY_SERVER.map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)]));
}

async function totalsOf({ client }: Stage): Promise<CommandCounts> {
  const status = await client.db('admin').command({ serverStatus: 1 });
  const { commands } = status['metrics'] as { commands: Record<string, { total?: unknown }> };
  return Object.fromEntries(COUNTED_BY_SERVER.map((name) => [name, Number(commands[name]?.total ?? 0)]));
}

function perOrder(counts: CommandCounts): CommandCounts {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, count / ORDERS]));
}

export function describeCommands({ commands }: Work): string {
  const rows = CONTENDER_NAMES.map((name) => {
    const entries = Object.entries(commands[name]).filter(([, count]) => count >= 0.5);
    const total = entries.reduce((sum, [, count]) => sum + count, 0);
    const list = entries.map(([command, count]) =>
      Math.round(count) === 1 ? command : `${Math.round(count)} ${command}`,
    );
    return [name, String(Math.round(total)), list.join(', ')];
  });
  return `Commands to MongoDB per order:\n\n${markdownTable([['contender', 'commands', 'which'], ...rows])}`;
}

export function describeTraces({ traces }: Work): string {
  const head = ['mean bytes per document', ...WRITTEN];
  const rows = CONTENDER_NAMES.map((name) => [
    name,
    ...WRITTEN.map((collection) => String(traces[name].written[collection]?.meanBytes)),
  ]);
  const table = markdownTable([head, ...rows]);
  return `Every contender wrote one document per order into each of these, kept the key with its answer (plain in a row, ours in the quote), used the quote and emptied the cart (checked):\n\n${table}`;
}

import type { mongo } from 'mongoose';
import type { Child } from '../child.ts';
import type { MeteredSample, Sample } from '../interleave.ts';
import type { ContenderName } from './jobs.ts';
import type { RunningApi } from '../stage.ts';

/** Processor milliseconds by process. `contender` is the generator where the contender is HTTP. */
interface Reading {
  contender: number;
  api: number;
  provider: number;
  mongod: number;
}

interface Entry extends Reading {
  orders: number;
  wall: number;
}

interface Watched {
  client: mongo.MongoClient;
  api: RunningApi;
  children: Record<ContenderName, Child>;
}

const PARTS = ['contender', 'api', 'provider', 'mongod'] as const;

/** Who used the processors while which contender ran: says what the limit was, and that it was not the generator. */
export class CpuLedger {
  readonly #watched: Watched;
  readonly #entries = new Map<string, Entry>();

  constructor(watched: Watched) {
    this.#watched = watched;
  }

  async observe(name: ContenderName, orders: number, work: () => Promise<Sample>): Promise<MeteredSample> {
    const before = await this.#read(name);
    const startedAt = performance.now();
    const sample = await work();
    const wall = performance.now() - startedAt;
    const after = await this.#read(name);
    const entry = this.#entries.get(name) ?? { contender: 0, api: 0, provider: 0, mongod: 0, orders: 0, wall: 0 };
    for (const part of PARTS) entry[part] += after[part] - before[part];
    entry.orders += orders;
    entry.wall += wall;
    this.#entries.set(name, entry);
    // A generator and a provider stand for clients and vendors, whose machines are not ours.
    const own = name === 'http' ? 'api' : 'contender';
    return { ...sample, cpuMs: after[own] - before[own] + after.mongod - before.mongod };
  }

  forget(): void {
    this.#entries.clear();
  }

  /** Milliseconds of processor per order, and cores in use, by contender. */
  rows(): string[][] {
    const head = ['contender', 'its own process', 'API', 'provider and bench', 'mongod', 'cores used by them'];
    const rows = [...this.#entries].map(([name, entry]) => {
      const perOrder = PARTS.map((part) => `${(entry[part] / entry.orders).toFixed(2)} ms`);
      const used = PARTS.reduce((sum, part) => sum + entry[part], 0) / entry.wall;
      return [name, ...perOrder, used.toFixed(2)];
    });
    return [head, ...rows];
  }

  async #read(name: ContenderName): Promise<Reading> {
    const { client, api, children } = this.#watched;
    const status = await client.db('admin').command({ serverStatus: 1 });
    const usage = await children[name].call<NodeJS.CpuUsage>('cpu');
    const { user_time_us: user, system_time_us: system } = status['extra_info'] as Record<string, unknown>;
    return {
      contender: sumMs(usage),
      api: (await api.cpuSeconds()) * 1000,
      // The provider lives in this process, which otherwise waits.
      provider: sumMs(process.cpuUsage()),
      mongod: (Number(user) + Number(system)) / 1000,
    };
  }
}

function sumMs({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000;
}

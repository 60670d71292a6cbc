import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

interface CallFrame {
  functionName: string;
  url: string;
}

interface ProfileNode {
  id: number;
  callFrame: CallFrame;
  children?: number[];
}

interface CpuProfile {
  nodes: ProfileNode[];
  samples: number[];
  timeDeltas: number[];
}

type Shares = [place: string, share: number][];

export interface ProfileSummary {
  /** Self time by package or folder of ours; what Node does for somebody counts for that caller. Shares of the busy time. */
  byCaller: Shares;
  byFunction: Shares;
  /** Share of the whole time. */
  idle: number;
}

const NOT_WORK = new Set(['(idle)', '(program)', '(root)']);

/** Reads the one profile that `node --cpu-prof` left in the folder. */
export async function summarizeProfile(folder: string): Promise<ProfileSummary> {
  const name = (await readdir(folder)).find((file) => file.endsWith('.cpuprofile'));
  if (name === undefined) throw new Error(`no profile in ${folder}`);
  return summarize(JSON.parse(await readFile(join(folder, name), 'utf8')) as CpuProfile);
}

export function summarize({ nodes, samples, timeDeltas }: CpuProfile): ProfileSummary {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node] as const)));
  const callers = new Map<string, number>();
  const functions = new Map<string, number>();
  const total = { work: 0, rest: 0 };
  for (const [index, id] of samples.entries()) {
    const node = byId.get(id);
    const time = timeDeltas[index] ?? 0;
    if (node === undefined || NOT_WORK.has(node.callFrame.functionName)) {
      total.rest += time;
      continue;
    }
    total.work += time;
    const caller = callerOf(node, parents);
    add(callers, caller, time);
    add(functions, `\`${node.callFrame.functionName || '(anonymous)'}\` for ${caller}`, time);
  }
  return {
    byCaller: sharesOf(callers, total.work),
    byFunction: sharesOf(functions, total.work),
    idle: total.rest / (total.work + total.rest),
  };
}

/** The nearest frame up the stack that belongs to a package or to us. */
function callerOf(node: ProfileNode, parents: ReadonlyMap<number, ProfileNode>): string {
  for (let at: ProfileNode | undefined = node; at !== undefined; at = parents.get(at.id)) {
    const place = placeOf(at.callFrame);
    if (place !== null) return place;
  }
  return "node's event loop";
}

function placeOf({ functionName, url }: CallFrame): string | null {
  if (functionName === '(garbage collector)') return 'garbage collector';
  const packageName = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  return packageName ?? /\/(src\/(?:modules\/[^/]+|infra\/[^/]+|[^/]+))/.exec(url)?.[1] ?? null;
}

function add(sums: Map<string, number>, key: string, value: number): void {
  sums.set(key, (sums.get(key) ?? 0) + value);
}

function sharesOf(sums: ReadonlyMap<string, number>, total: number): Shares {
  const shares = [...sums].map(([key, value]): [string, number] => [key, value / total]);
  return shares.sort(([, a], [, b]) => b - a);
}

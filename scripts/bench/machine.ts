import { availableParallelism, cpus, totalmem } from 'node:os';

/** The facts of this machine that a reader needs before comparing. */
export function describeMachine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `${availableParallelism()} cores (${model}), ${gigabytes} GB, ${process.platform}, node ${process.versions.node}`;
}

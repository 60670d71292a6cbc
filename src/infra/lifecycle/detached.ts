import { reportError } from '../observability/report-error.ts';

const running = new Set<Promise<void>>();

/** Starts work nobody waits for. Its failure is reported, and a shutdown waits for it. */
export function runDetached(name: string, work: () => void | Promise<void>): void {
  const promise = Promise.resolve()
    .then(work)
    .catch((error: unknown) => {
      reportError(error, { where: name });
    })
    .finally(() => running.delete(promise));
  running.add(promise);
}

export async function drainDetached(): Promise<void> {
  while (running.size > 0) await Promise.all(running);
}

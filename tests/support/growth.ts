/** Between what is in proportion (4 at most) and what grows with the square (up to 16). */
export const MOST_GROWTH = 5;

const LEAST_TRIES = 3;
const MOST_TRIES = 12;

/**
 * How many times dearer `work` is with all of `length` than with a quarter of it, in processor time: what others do on the machine, and
 * how fast it is, does not count. Of several tries the least, since collecting garbage and compiling come when they like.
 */
export async function growthOf(length: number, work: (length: number) => Promise<unknown>): Promise<number> {
  const least = { whole: Number.POSITIVE_INFINITY, quarter: Number.POSITIVE_INFINITY };
  const growth = () => least.whole / least.quarter;
  // The first tries warm up; none of them may make a whole look cheap beside a cold quarter.
  for (let tries = 0; tries < LEAST_TRIES || (tries < MOST_TRIES && growth() > MOST_GROWTH); tries += 1) {
    least.quarter = Math.min(least.quarter, await cpuMsOf(() => work(length / 4)));
    least.whole = Math.min(least.whole, await cpuMsOf(() => work(length)));
  }
  return growth();
}

async function cpuMsOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  return cpuMsSince(before);
}

/** Processor time: what others do on the machine does not count. */
export function cpuMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

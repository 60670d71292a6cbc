/**
 * Starts `count` calls in the same tick. The connections are opened first, so that they do not spread the requests over
 * time.
 */
export async function atOnce<T>(
  bases: readonly string[],
  count: number,
  call: (index: number) => Promise<T>,
): Promise<T[]> {
  const knocks = bases.flatMap((base) => Array.from({ length: count }, () => fetch(`${base}/health/live`)));
  await Promise.all(knocks.map(async (knock) => (await knock).arrayBuffer()));
  return Promise.all(Array.from({ length: count }, (_, index) => call(index)));
}

const SECOND_MS = 1000;

/** A counter that starts anew each second and says how many it has seen in the running one. */
export function countPerSecond(): () => number {
  let startedAtMs = performance.now();
  let count = 0;
  return () => {
    const atMs = performance.now();
    if (atMs - startedAtMs >= SECOND_MS) {
      startedAtMs = atMs;
      count = 0;
    }
    count += 1;
    return count;
  };
}

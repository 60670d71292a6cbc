const lasts = new Map<string, Promise<unknown>>();

/**
 * Runs the works of one key one after the other, in the order of their calls. For transactions that meet in one row: at once, each
 * commit fails all the others, and a crowd repeats itself past its deadline. This process only, so the database still decides; what
 * is left of the conflicts is as many as there are processes.
 */
export async function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
  const turn = (lasts.get(key) ?? Promise.resolve()).then(work);
  const last = turn.catch(() => undefined);
  lasts.set(key, last);
  try {
    return await turn;
  } finally {
    if (lasts.get(key) === last) lasts.delete(key);
  }
}

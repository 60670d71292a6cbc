import { AppError } from '../../../errors/index.ts';

interface Ranked {
  _id: string;
  rank: number;
}

/**
 * Who gets which rank, where it is another than now.
 * @throws AppError `validation_failed` unless `ids` names every row exactly once: somebody who has not seen all of them orders nothing
 */
export function ranksOf(rows: readonly Ranked[], { ids, path }: { ids: readonly string[]; path: string }): Ranked[] {
  const named = new Set(ids);
  if (named.size !== ids.length || named.size !== rows.length || !rows.every(({ _id }) => named.has(_id))) {
    const message = 'Name every one that is there, once.';
    throw new AppError('validation_failed', { details: [{ path, code: 'not_all', message }] });
  }
  const current = new Map(rows.map(({ _id, rank }) => [_id, rank]));
  return ids.map((_id, rank) => ({ _id, rank })).filter(({ _id, rank }) => current.get(_id) !== rank);
}

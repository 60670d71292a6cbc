import { inTurn, withTransaction, type Tx } from '../../infra/mongo/index.ts';

/** A transaction that changes the average of a restaurant. Reviews of one restaurant meet in its row. */
export function changeRating<T>(restaurantId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  return inTurn(`rating ${restaurantId}`, () => withTransaction(work));
}

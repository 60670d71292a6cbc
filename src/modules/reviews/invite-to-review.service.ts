import { withTransaction } from '../../infra/mongo/index.ts';
import { appendOutbox } from '../../infra/queue/index.ts';
import { findOrder } from '../orders/index.ts';
import { REVIEW_INVITED } from './review.events.ts';
import { ReviewModel } from './review.model.ts';

/** Fired by T9, which a review cancels: asks once for a word about an order that nobody has reviewed. */
export async function inviteToReview(orderId: string): Promise<void> {
  const order = await findOrder(orderId);
  if (order?.status !== 'delivered' && order?.status !== 'collected') return;
  if ((await ReviewModel.exists({ orderId })) !== null) return;
  const invited = { event: REVIEW_INVITED, payload: { orderId, seq: order.eventSeq } };
  await withTransaction((tx) => appendOutbox(tx, [invited]));
}

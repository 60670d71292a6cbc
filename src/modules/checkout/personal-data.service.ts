import type { Tx } from '../../infra/mongo/index.ts';
import { cashStandings } from './cash/cash-standing.model.ts';
import { QuoteModel, type QuoteRow } from './quote.model.ts';

/** The promises of the last days, each with the address it was made for. */
export async function exportQuotes(customerId: string) {
  const rows = await QuoteModel.find({ customerId }).sort({ _id: -1 }).lean<QuoteRow[]>();
  return rows.map(({ _id: id, restaurantId, deliveryAddress, createdAt, orderId }) => {
    return { id, restaurantId, deliveryAddress, createdAt, orderId };
  });
}

/**
 * Also what stops an order: placing one claims its quote, so that of an order and the end of the account at the same moment one
 * meets the other.
 */
export async function forgetQuotes(tx: Tx, customerId: string): Promise<void> {
  await QuoteModel.collection.deleteMany({ customerId }, { session: tx });
  await cashStandings().deleteOne({ _id: customerId }, { session: tx });
}

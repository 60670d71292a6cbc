import { trusted } from 'mongoose';
import type { Tx } from '../../../infra/mongo/index.ts';
import { recordTip } from '../../orders/index.ts';
import { PaymentModel, type PaymentRecord } from '../payment.model.ts';

interface TipNews {
  type: 'order.tipped' | 'order.tip_refunded';
  amountMinor: number;
}

/** Written on the order as what all its tips come to; two at once meet in the order's row, and the later one adds up again. */
export async function tellTip(tx: Tx, tip: PaymentRecord, news: TipNews): Promise<void> {
  if (cameTooLate(tip)) return;
  const { orderId, currency } = tip;
  const tips = await PaymentModel.find({ orderId, tipNumber: trusted({ $gt: 0 }) })
    .session(tx)
    .lean();
  await recordTip(tx, { orderId, currency, ...news, tippedMinor: tippedMinorOf(tips) });
}

/** What the courier was given; what came too late never was. Pure. */
export function tippedMinorOf(tips: readonly PaymentRecord[]): number {
  const counted = tips.filter((tip) => !cameTooLate(tip));
  return counted.reduce((sum, tip) => sum + tip.amountCapturedMinor - tip.amountRefundedMinor, 0);
}

/** Paid when it had been given up: given back, and news for nobody. */
function cameTooLate({ settledRefundMinor }: PaymentRecord): boolean {
  return settledRefundMinor > 0;
}

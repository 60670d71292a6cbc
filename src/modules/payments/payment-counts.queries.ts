import { trusted } from 'mongoose';
import { addMs, now } from '../../shared/clock.ts';
import { PaymentModel } from './payment.model.ts';

/** By then the provider has been asked several times. */
const LATE_MS = 120_000;

/** Payments that the provider still has not taken up; beyond the limit it is only "many". */
export function countWithoutIntent(limit: number): Promise<number> {
  const before = addMs(now(), -LATE_MS);
  return PaymentModel.countDocuments(
    { status: 'requires_payment', intentId: null, createdAt: trusted({ $lt: before }) },
    { limit },
  );
}

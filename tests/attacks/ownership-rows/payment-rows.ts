import { RefundModel } from '../../../src/modules/payments/refunds/refund.model.ts';
import { createOrderIn } from '../../factories/order.ts';
import { createCapturedOrder, createCard, createRefund } from '../../factories/refund.ts';
import { createTippableOrder } from '../../factories/tip.ts';
import { partyIds, type OwnershipRows, type Parties, type Resource } from './ownership-row.ts';

/** Of money: payments, refunds, saved cards. */
export const PAYMENT_ROWS: OwnershipRows = {
  'get /orders/:orderId/payment': { entitled: ['customer', 'office'], make: payable },
  'post /orders/:orderId/pay': { entitled: ['customer'], make: payable },
  'post /orders/:orderId/tip': { entitled: ['customer'], make: tippable },
  'get /orders/:orderId/tips': { entitled: ['customer', 'office'], make: tippable },
  'post /orders/:orderId/refunds': { entitled: ['office'], make: refundable },
  'post /refunds/:refundId/retry': { entitled: ['office'], isOnce: true, make: failedRefund },
  'delete /me/cards/:cardId': { entitled: ['customer'], make: card },
};

async function payable(parties: Parties): Promise<Resource> {
  const { _id } = await createOrderIn('pending_payment', partyIds(parties));
  return { params: { orderId: _id }, body: {} };
}

async function tippable(parties: Parties): Promise<Resource> {
  const { _id } = await createTippableOrder({ ...partyIds(parties), courierId: parties.courier.userId });
  return { params: { orderId: _id }, body: { amount: { amount: 100, currency: 'INR' } } };
}

async function refundable(parties: Parties): Promise<Resource> {
  const { _id } = await createCapturedOrder(partyIds(parties));
  return { params: { orderId: _id }, body: { amountMinor: 100, reason: 'late', liableParty: 'platform' } };
}

async function failedRefund(parties: Parties): Promise<Resource> {
  const { _id } = await createRefund(await createCapturedOrder(partyIds(parties)));
  await RefundModel.updateOne({ _id }, { status: 'failed' });
  return { params: { refundId: _id } };
}

async function card({ customer }: Parties): Promise<Resource> {
  const { _id } = await createCard({ userId: customer.userId });
  return { params: { cardId: _id } };
}

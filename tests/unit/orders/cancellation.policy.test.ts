import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cancellationOf, type Canceller } from '../../../src/modules/orders/cancellation/cancellation.policy.ts';
import { canTransition, ORDER_STATUSES } from '../../../src/modules/orders/order.machine.ts';
import { type OrderRecord } from '../../../src/modules/orders/index.ts';
import { LIABLE_PARTIES } from '../../../src/shared/liable-party.ts';
import { addMs, dateFrom } from '../../../src/shared/clock.ts';
import { buildDeliveredOrder } from '../../factories/delivered-order.ts';

const AT = dateFrom('2026-11-21T12:00:00.000Z');
const CUSTOMER: Canceller = { role: 'customer' };

/** Accepted ten minutes ago, with the card's money held. */
function accepted(changes: Partial<OrderRecord> = {}): OrderRecord {
  const order = buildDeliveredOrder();
  return {
    ...order,
    ...{ status: 'accepted', paymentStatus: 'captured', amountDueMinor: order.pricing.totalMinor, endedAt: null },
    acceptedAt: addMs(AT, -600_000),
    ...changes,
  };
}

const orders = fc
  .record({
    status: fc.constantFrom(...ORDER_STATUSES),
    paymentStatus: fc.constantFrom('requires_payment', 'authorized', 'captured', 'payment_problem', 'cod_due'),
    paymentMethod: fc.constantFrom('card' as const, 'cash' as const, 'none' as const),
    agoMs: fc.integer({ min: 0, max: 200_000 }),
    dueMinor: fc.integer({ min: 0, max: 100_000 }),
  })
  .map(({ agoMs, dueMinor, ...fields }) =>
    accepted({ ...fields, acceptedAt: addMs(AT, -agoMs), amountDueMinor: dueMinor }),
  );
const cancellers: fc.Arbitrary<Canceller> = fc.oneof(
  fc.constantFrom<Canceller>({ role: 'customer' }, { role: 'restaurant' }),
  fc.record({
    role: fc.constantFrom('support' as const, 'admin' as const),
    feeMinor: fc.constant(0),
    liableParty: fc.constantFrom(...LIABLE_PARTIES),
  }),
);

describe('cancellationOf', () => {
  it('of any order by anybody keeps fee and refund within what is held, and follows the machine', () => {
    fc.assert(
      fc.property(orders, cancellers, (order, by) => {
        const { transition, isAllowed, feeMinor, refundMinor, liableParty } = cancellationOf(order, by, AT);
        expect(isAllowed).toBe(canTransition(transition, order.status));
        expect(feeMinor).toBeGreaterThanOrEqual(0);
        expect(refundMinor).toBeGreaterThanOrEqual(0);
        expect(feeMinor + refundMinor).toBeLessThanOrEqual(order.amountDueMinor);
        expect(liableParty !== null).toBe(isAllowed);
      }),
    );
  });

  it.each([
    ['at once', 0, false],
    ['a moment before the minute is over', 59_999, false],
    ['when it is over', 60_000, true],
  ])('by the customer %s after the acceptance costs what is written', (_, agoMs, isCharged) => {
    const order = accepted({ acceptedAt: addMs(AT, -agoMs) });
    const food = order.pricing.lines.reduce((sum, line) => sum + line.totalMinor, order.pricing.packagingFeeMinor);
    const expected = isCharged ? food + order.pricing.feeTaxMinor.packaging : 0;
    expect(cancellationOf(order, CUSTOMER, AT)).toMatchObject({
      feeMinor: expected,
      refundMinor: order.pricing.totalMinor - expected,
    });
  });

  it('leaves delivery and tip out of the fee', () => {
    const { pricing, ...order } = accepted();
    const { feeMinor } = cancellationOf({ ...order, pricing }, CUSTOMER, AT);
    expect(feeMinor).toBeLessThanOrEqual(pricing.totalMinor - pricing.deliveryFeeMinor - pricing.tipMinor);
    const more = { ...pricing, deliveryFeeMinor: 9_999, tipMinor: 9_999 };
    expect(cancellationOf({ ...order, pricing: more }, CUSTOMER, AT).feeMinor).toBe(feeMinor);
  });

  it.each([
    ['cash', { paymentMethod: 'cash', paymentStatus: 'cod_due' }],
    ['a card that has refused', { paymentStatus: 'payment_problem' }],
    ['nothing to pay', { paymentMethod: 'none', paymentStatus: 'settled', amountDueMinor: 0 }],
  ] as const)('has no fee where it was %s: nobody could collect it', (_, changes) => {
    expect(cancellationOf(accepted(changes), CUSTOMER, AT)).toMatchObject({ feeMinor: 0, refundMinor: 0 });
  });

  it('by the restaurant refunds everything at its expense', () => {
    const order = accepted({ status: 'ready' });
    expect(cancellationOf(order, { role: 'restaurant' }, AT)).toMatchObject({
      ...{ transition: 'O18', feeMinor: 0, refundMinor: order.amountDueMinor, liableParty: 'restaurant' },
    });
  });
});

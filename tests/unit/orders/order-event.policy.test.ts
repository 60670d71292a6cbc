import { describe, expect, it } from 'vitest';
import { EVENT_PARTIES, HIDDEN, shownTo, typeShownTo } from '../../../src/modules/orders/order-event.policy.ts';
import { ORDER_EVENT_TYPES } from '../../../src/modules/orders/order.events.ts';

/** Everything that any event says, and what none may ever say. */
const ALL = {
  ...{ status: 'cancelled', paymentStatus: 'captured', deliveryStatus: 'assigned', reason: 'other', outcome: 'taken' },
  ...{ liableParty: 'restaurant', feeMinor: 1, refundMinor: 2, amountMinor: 3, amountDueMinor: 4, currency: 'INR' },
  ...{ courierId: 'c', vehicle: 'bike', refundId: 'r', cause: 'support', disputeId: 'd', amendmentId: 'a' },
};
const SECRET = { pin: '1234', handoverCode: '4321', collectionCode: '123456', address: 'here', changes: { items: [] } };

const ON_THE_BILL = ['feeMinor', 'refundMinor', 'amountMinor', 'amountDueMinor', 'tipMinor', 'refundId'];

/** Money that a courier takes, or gets. */
const THE_COURIERS: readonly string[] = ['payment.cash_collected', 'order.tipped', 'order.tip_refunded'];

describe('typeShownTo', () => {
  it('hides from customer and courier how the kitchen is urged, and nothing else from anybody', () => {
    const hidden = EVENT_PARTIES.flatMap((party) =>
      ORDER_EVENT_TYPES.filter((type) => typeShownTo(party, type) === HIDDEN).map((type) => `${type} ${party}`),
    );
    expect(hidden).toEqual(['order.accept_reminded customer', 'order.accept_reminded courier']);
  });
});

describe('shownTo', () => {
  it.each(ORDER_EVENT_TYPES)('%s: has a line for each party, and shows the bill to no kitchen', (type) => {
    const data = { ...ALL, ...SECRET };
    for (const party of EVENT_PARTIES) expect(shownTo(party, { type, data })).toBeTypeOf('object');
    const seen = Object.keys(shownTo('kitchen', { type, data }));
    expect(seen.filter((field) => ON_THE_BILL.includes(field))).toEqual([]);
  });

  it.each(ORDER_EVENT_TYPES)('%s: shows nobody but the office a secret, and the customer not who bears it', (type) => {
    const data = { ...ALL, ...SECRET };
    for (const party of ['customer', 'kitchen', 'manager', 'courier'] as const) {
      expect(Object.keys(shownTo(party, { type, data })).filter((field) => field in SECRET)).toEqual([]);
    }
    expect(shownTo('customer', { type, data })).not.toHaveProperty('liableParty');
    expect(shownTo('customer', { type, data })).not.toHaveProperty('disputeId');
  });

  it.each(ORDER_EVENT_TYPES)(
    '%s: tells a courier of no bill but the cash taken and the tips given, and of no other courier',
    (type) => {
      const seen = Object.keys(shownTo('courier', { type, data: ALL }));
      const allowed = THE_COURIERS.includes(type) ? ['amountMinor'] : [];
      expect(seen.filter((field) => ON_THE_BILL.includes(field))).toEqual(allowed);
      expect(seen).not.toContain('courierId');
    },
  );

  it('says who brings it only with the assignment', () => {
    const naming = ORDER_EVENT_TYPES.filter((type) => 'courierId' in shownTo('customer', { type, data: ALL }));
    expect(naming).toEqual(['delivery.assigned']);
  });

  it('gives the office the whole data', () => {
    expect(shownTo('office', { type: 'payment.refunded', data: ALL })).toEqual(ALL);
  });
});

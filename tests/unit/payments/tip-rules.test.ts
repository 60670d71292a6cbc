import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_TIPS, tipLeftMinor, tipRefusalOf } from '../../../src/modules/payments/tips/tip-rules.ts';
import { MAX_TIP_MINOR } from '../../../src/modules/pricing/index.ts';
import { PAYMENT_STATUSES } from '../../../src/modules/payments/payment.machine.ts';
import { addMs, dateFrom } from '../../../src/shared/clock.ts';
import { buildDeliveredOrder } from '../../factories/delivered-order.ts';

const ORDER = buildDeliveredOrder();
const ENDED = ORDER.endedAt ?? dateFrom(0);
const WISH = { amount: { amount: 5_000, currency: 'INR' }, tips: [], at: ENDED, windowSeconds: 600 };

describe('tipRefusalOf', () => {
  it('a delivered order, within the window, lets it pass to the millisecond', () => {
    expect(tipRefusalOf(ORDER, { ...WISH, at: addMs(ENDED, 599_999) })).toBeNull();
    expect(tipRefusalOf(ORDER, { ...WISH, at: addMs(ENDED, 600_000) })).toBe('too_late');
    expect(tipRefusalOf({ ...ORDER, endedAt: null }, WISH)).toBe('too_late');
  });

  it('who brought it to themselves, or nobody, gets nothing', () => {
    expect(tipRefusalOf({ ...ORDER, courierId: ORDER.customerId }, WISH)).toBe('own_delivery');
    expect(tipRefusalOf({ ...ORDER, courierId: null }, WISH)).toBe('no_courier');
  });

  it('tries are counted, also those that were given up', () => {
    const given = { status: 'voided', amountMinor: 1 } as const;
    expect(tipRefusalOf(ORDER, { ...WISH, tips: Array(MOST_TIPS - 1).fill(given) })).toBeNull();
    expect(tipRefusalOf(ORDER, { ...WISH, tips: Array(MOST_TIPS).fill(given) })).toBe('too_often');
  });

  it('whatever was tipped before, one bound holds for the tip of the bill and all others', () => {
    const tip = fc.record({
      status: fc.constantFrom(...PAYMENT_STATUSES),
      amountMinor: fc.integer({ min: 1, max: MAX_TIP_MINOR }),
    });
    fc.assert(
      fc.property(fc.array(tip, { maxLength: 5 }), fc.integer({ min: 1, max: MAX_TIP_MINOR }), (tips, amount) => {
        const refusal = tipRefusalOf(ORDER, { ...WISH, tips, amount: { amount, currency: 'INR' } });
        const live = tips.filter(({ status }) => !['voided', 'expired', 'failed'].includes(status));
        const sum = live.reduce((all, { amountMinor }) => all + amountMinor, ORDER.pricing.tipMinor + amount);
        expect(refusal).toBe(sum > MAX_TIP_MINOR ? 'too_much' : null);
        expect(tipLeftMinor(ORDER, tips)).toBe(MAX_TIP_MINOR - sum + amount);
      }),
    );
  });
});

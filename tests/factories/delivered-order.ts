import type { OrderRecord } from '../../src/modules/orders/index.ts';
import { dateFrom } from '../../src/shared/clock.ts';
import { idFrom, newId } from '../../src/shared/ids.ts';

const BIRYANI_LINE = idFrom('line', 1);
const LASSI_LINE = idFrom('line', 2);

/** A delivered order whose figures add up: 678.50 + 25.00 + 9.00 + 30.90 + 20.00 = 763.40. */
export function buildDeliveredOrder({ currency = 'INR', name = 'Vegetable biryani' } = {}): OrderRecord {
  const at = dateFrom('2026-11-20T12:00:00.000Z');
  return {
    _id: newId(),
    number: 'QB-7F3K',
    status: 'delivered',
    version: 7,
    eventSeq: 12,
    customerId: newId(),
    restaurantId: newId(),
    ownerId: newId(),
    courierId: newId(),
    paymentId: newId(),
    quoteId: newId(),
    currency,
    ...{
      mode: 'delivery',
      slot: null,
      releaseAt: null,
      paymentMethod: 'card',
      coupon: null,
      replacement: 'refund_item',
    },
    commissionBasisPoints: 2_000,
    ...{ amountDueMinor: 76_340, amountRefundedMinor: 0, refundedByHandMinor: 0, disputedMinor: 0 },
    ...{ tippedMinor: 0, liableParty: null },
    ...{ collectionCode: null, collectionTries: 0, collectUntil: null },
    ...{
      courierFeeMinor: 4_500,
      payAgainUntil: null,
      acceptedAt: null,
      delays: 0,
      delayedMinutes: 0,
      openAmendmentId: null,
      amendments: 0,
    },
    items: [
      {
        lineId: BIRYANI_LINE,
        itemId: newId(),
        name,
        quantity: 2,
        unitPriceMinor: 30_900,
        options: [
          { optionId: newId(), name: 'Large', priceMinor: 6_000 },
          { optionId: newId(), name: 'No onion', priceMinor: 0 },
        ],
        lineTotalMinor: 61_800,
      },
      {
        ...{ lineId: LASSI_LINE, itemId: newId(), name: 'Lassi', quantity: 1, unitPriceMinor: 6_050, options: [] },
        lineTotalMinor: 6_050,
      },
    ],
    pricing: {
      currency,
      pricesIncludeTax: false,
      lines: [
        {
          ...{ id: BIRYANI_LINE, quantity: 2, unitMinor: 30_900, reductionMinor: 0, subtotalMinor: 61_800 },
          ...{ discountMinor: 0, taxCategory: 'food', taxMinor: 3_090, totalMinor: 64_890 },
        },
        {
          ...{ id: LASSI_LINE, quantity: 1, unitMinor: 6_050, reductionMinor: 0, subtotalMinor: 6_050 },
          ...{ discountMinor: 0, taxCategory: 'beverage', taxMinor: 0, totalMinor: 6_050 },
        },
      ],
      itemsMinor: 67_850,
      deliveryFeeMinor: 2_500,
      serviceFeeMinor: 900,
      packagingFeeMinor: 0,
      smallOrderFeeMinor: 0,
      itemsDiscountMinor: 0,
      deliveryDiscountMinor: 0,
      taxes: [{ category: 'food', basisPoints: 500, taxableMinor: 61_800, taxMinor: 3_090 }],
      ...{
        discount: null,
        taxRates: { food: 500 },
        feeTaxMinor: { delivery: 0, service: 0, packaging: 0, smallOrder: 0 },
      },
      taxMinor: 3_090,
      tipMinor: 2_000,
      totalMinor: 76_340,
    },
    restaurant: {
      name: 'Biryani Wharf',
      addressLine: '3 Wharf Lane',
      phone: '+910000000001',
      location: { lat: 12.9405, lng: 74.8162 },
      timeZone: 'Asia/Kolkata',
    },
    deliveryAddress: {
      label: 'Home',
      line1: '12 Lighthouse Road',
      city: 'Saffron Bay',
      location: { lat: 12.9352, lng: 74.8211 },
      instructions: 'Ring twice',
    },
    distanceMeters: 1_070,
    paymentStatus: 'captured',
    deliveryStatus: 'delivered',
    notes: null,
    reason: null,
    prepMinutes: 20,
    readyEta: at,
    promisedAt: dateFrom('2026-11-20T13:00:00.000Z'),
    createdAt: at,
    updatedAt: at,
    placedAt: at,
    endedAt: dateFrom('2026-11-20T12:51:00.000Z'),
  };
}

import type { OrderRecord } from '../../src/modules/orders/index.ts';
import { dateFrom } from '../../src/shared/clock.ts';
import { newId } from '../../src/shared/ids.ts';

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
    items: [
      {
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
      { itemId: newId(), name: 'Lassi', quantity: 1, unitPriceMinor: 6_050, options: [], lineTotalMinor: 6_050 },
    ],
    pricing: {
      currency,
      pricesIncludeTax: false,
      itemsMinor: 67_850,
      deliveryFeeMinor: 2_500,
      serviceFeeMinor: 900,
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

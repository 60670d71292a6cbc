import { config } from '../../src/config/index.ts';
import { QuoteModel, type QuoteRow } from '../../src/modules/checkout/quote.model.ts';
import { signQuote } from '../../src/modules/checkout/quote-signature.ts';
import { addMs, now } from '../../src/shared/clock.ts';
import { idFrom, newId } from '../../src/shared/ids.ts';

const BIRYANI_LINE = idFrom('line', 1);
const LASSI_LINE = idFrom('line', 2);

/** A genuine, unused quote over two lines. Override `signature` to spoil it. */
export function buildQuote(changes: Partial<QuoteRow> = {}): QuoteRow {
  const at = now();
  const terms = {
    _id: newId(),
    customerId: newId(),
    restaurantId: newId(),
    currency: 'INR',
    items: [
      {
        lineId: BIRYANI_LINE,
        itemId: newId(),
        name: 'Vegetable biryani',
        quantity: 2,
        unitPriceMinor: 30_900,
        options: [{ optionId: newId(), name: 'Large', priceMinor: 6_000 }],
        lineTotalMinor: 61_800,
        note: 'No coriander',
      },
      {
        ...{ lineId: LASSI_LINE, itemId: newId(), name: 'Lassi', quantity: 1, unitPriceMinor: 6_050, options: [] },
        lineTotalMinor: 6_050,
      },
    ],
    pricing: {
      currency: 'INR',
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
    },
    distanceMeters: 1_070,
    mode: 'delivery' as const,
    slot: null,
    releaseAt: null,
    coupon: null,
    replacement: 'refund_item' as const,
    prepMinutes: 20,
    eta: { from: addMs(at, 30 * 60_000), to: addMs(at, 38 * 60_000) },
    createdAt: at,
    expiresAt: addMs(at, config.quotes.ttlSeconds * 1000),
    ...changes,
  };
  return { signature: signQuote(terms, config.quotes.secret), usedAt: null, orderId: null, replacedBy: null, ...terms };
}

export async function createQuote(changes: Partial<QuoteRow> = {}): Promise<QuoteRow> {
  const quote = buildQuote(changes);
  await QuoteModel.collection.insertOne({ ...quote } as never);
  return quote;
}

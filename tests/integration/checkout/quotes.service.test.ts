import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { config } from '../../../src/config/index.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { addCartItem } from '../../../src/modules/carts/carts.service.ts';
import { QuoteModel, type QuoteRow } from '../../../src/modules/checkout/quote.model.ts';
import { isGenuineQuote } from '../../../src/modules/checkout/quote-signature.ts';
import { createQuote, getQuote, ownQuoteQuery } from '../../../src/modules/checkout/quotes.service.ts';
import { MenuItemModel } from '../../../src/modules/menu/menu-item.model.ts';
import { addMs, now, setClock } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createQuote as createQuoteRow } from '../../factories/quote.ts';
import { buildAddress, createUser } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { fillCart, quoteFor } from '../../support/checkout.ts';
import { summarizePlan } from '../../support/explain.ts';
import { createKitchen, FAR_AWAY, NEAR_HOME } from '../../support/kitchen.ts';

beforeAll(bootstrap);
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => shutdown('test'));

describe('createQuote', () => {
  it('prices the cart with fees, tax by category, tip and arrival', async () => {
    const kitchen = await createKitchen();
    const quote = await quoteFor(kitchen, newId(), 2_000);
    expect(quote).toMatchObject({ distanceMeters: 1_071, prepMinutes: 20, restaurantId: kitchen.restaurantId });
    expect(quote.pricing).toMatchObject({
      itemsMinor: 67_850,
      deliveryFeeMinor: 2_500,
      serviceFeeMinor: 900,
      taxes: [
        { category: 'beverage', taxMinor: 726 },
        { category: 'delivery', taxMinor: 450 },
        { category: 'food', taxMinor: 3_090 },
      ],
      taxMinor: 4_266,
      tipMinor: 2_000,
      totalMinor: 67_850 + 2_500 + 900 + 4_266 + 2_000,
    });
    expect(quote.eta.to.getTime()).toBeGreaterThan(quote.eta.from.getTime());
  });

  it('stores a row whose signature holds after the way into MongoDB and back, with and without optional fields', async () => {
    const kitchen = await createKitchen();
    const address = { ...NEAR_HOME, line2: '3rd floor', postcode: '575001', instructions: 'Ring twice' };
    for (const given of [NEAR_HOME, address, { ...NEAR_HOME, line2: undefined }]) {
      const userId = newId();
      await fillCart(kitchen, userId);
      const { _id } = await createQuote({ address: given, tipMinor: 0 }, userId);
      const stored = (await QuoteModel.collection.findOne({ _id: _id as never })) as unknown as QuoteRow;
      expect(isGenuineQuote(stored, config.quotes.secret)).toBe(true);
      expect(stored).toMatchObject({ usedAt: null, orderId: null });
    }
  });

  it("uses the customer's own address and no other", async () => {
    const kitchen = await createKitchen();
    const address = buildAddress({ line1: '5 Pier Street' });
    const [owner, stranger] = await Promise.all([createUser({ addresses: [address] }), createUser()]);
    await Promise.all([fillCart(kitchen, owner._id), fillCart(kitchen, stranger._id)]);
    const quote = await createQuote({ addressId: address._id, tipMinor: 0 }, owner._id);
    expect(quote.deliveryAddress).toMatchObject({ line1: '5 Pier Street', location: NEAR_HOME.location });
    expect(quote.deliveryAddress).not.toHaveProperty('id');
    const foreign = createQuote({ addressId: address._id, tipMinor: 0 }, stranger._id);
    await expect(foreign).rejects.toMatchObject({ code: 'not_found' });
  });

  it('refuses an empty cart', async () => {
    const quote = createQuote({ address: NEAR_HOME, tipMinor: 0 }, newId());
    await expect(quote).rejects.toMatchObject({ code: 'cart_empty' });
  });

  it('refuses an address beyond the radius', async () => {
    const userId = newId();
    await fillCart(await createKitchen(), userId);
    const quote = createQuote({ address: FAR_AWAY, tipMinor: 0 }, userId);
    await expect(quote).rejects.toMatchObject({ code: 'out_of_range' });
  });

  it('refuses a paused restaurant and says when it opens', async () => {
    const pausedUntil = addMs(now(), 20 * 60_000);
    const userId = newId();
    await fillCart(await createKitchen({ pausedUntil }), userId);
    const quote = createQuote({ address: NEAR_HOME, tipMinor: 0 }, userId);
    await expect(quote).rejects.toMatchObject({
      code: 'restaurant_unavailable',
      details: { reason: 'paused', nextOpenAt: pausedUntil.toISOString() },
    });
  });

  it('refuses what has sold out in the cart, by line', async () => {
    const kitchen = await createKitchen();
    const userId = newId();
    await fillCart(kitchen, userId);
    await MenuItemModel.updateOne({ _id: kitchen.lassi.id }, { soldOutUntil: addMs(now(), 60_000) });
    const quote = createQuote({ address: NEAR_HOME, tipMinor: 0 }, userId);
    await expect(quote).rejects.toMatchObject({
      code: 'item_unavailable',
      details: [{ path: 'lines.1.itemId', code: 'sold_out' }],
    });
  });

  it('refuses less than the minimum, which fees and tip do not reach', async () => {
    const { restaurantId, lassi } = await createKitchen({ minimumOrderMinor: 6_051 });
    const userId = newId();
    await addCartItem({ restaurantId, itemId: lassi.id, quantity: 1, optionIds: [], replace: false }, userId);
    const quote = createQuote({ address: NEAR_HOME, tipMinor: 50_000 }, userId);
    await expect(quote).rejects.toMatchObject({
      code: 'below_minimum',
      details: { minimumMinor: 6_051, subtotalMinor: 6_050, currency: 'INR' },
    });
  });

  it('does not follow the menu once it is given', async () => {
    const kitchen = await createKitchen();
    const userId = newId();
    const quote = await quoteFor(kitchen, userId);
    await MenuItemModel.updateOne({ _id: kitchen.lassi.id }, { priceMinor: 1, name: 'Water' });
    expect((await getQuote(quote._id, userId)).items).toEqual(quote.items);
  });
});

describe('getQuote', () => {
  it('knows no quote of somebody else', async () => {
    const quote = await quoteFor(await createKitchen(), newId());
    await expect(getQuote(quote._id, newId())).rejects.toMatchObject({ code: 'not_found' });
  });

  it('reads one row by its id', async () => {
    const quotes = await Promise.all([createQuoteRow(), createQuoteRow(), createQuoteRow()]);
    const [{ _id, customerId }] = quotes;
    const plan = summarizePlan(await ownQuoteQuery(_id, customerId).explain('executionStats'));
    expect(new Set(plan.indexes)).toEqual(new Set(['_id_']));
    expect(plan).toMatchObject({ docsExamined: 1, keysExamined: 1 });
  });

  it('keeps an expired quote for audit', async () => {
    const userId = newId();
    const quote = await quoteFor(await createKitchen(), userId);
    setClock({ frozenAt: addMs(quote.expiresAt, 1) });
    expect(await getQuote(quote._id, userId)).toMatchObject({ _id: quote._id });
    const indexes = await QuoteModel.collection.indexes();
    const ttl = indexes.find(({ expireAfterSeconds }) => expireAfterSeconds !== undefined);
    expect(ttl).toMatchObject({ key: { expiresAt: 1 }, expireAfterSeconds: 7 * 24 * 3600 });
  });
});

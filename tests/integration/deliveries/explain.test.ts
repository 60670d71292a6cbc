import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { CourierModel, couriers } from '../../../src/modules/deliveries/courier.model.ts';
import { idleCouriersPipeline, offeringNearFilter } from '../../../src/modules/deliveries/couriers.queries.ts';
import { DeliveryModel, deliveries } from '../../../src/modules/deliveries/delivery.model.ts';
import { newDelivery } from '../../../src/modules/deliveries/new-delivery.ts';
import { OfferModel, offers, type OfferRecord } from '../../../src/modules/deliveries/offer.model.ts';
import { askedFilter } from '../../../src/modules/deliveries/offer-rounds.service.ts';
import { openOffersFilter } from '../../../src/modules/deliveries/offers.service.ts';
import { addMs, now } from '../../../src/shared/clock.ts';
import { idFrom, newId } from '../../../src/shared/ids.ts';
import { buildCourier } from '../../factories/courier.ts';
import { createAcceptedOrder } from '../../factories/delivery.ts';
import { metersNorth } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { summarizePlan } from '../../support/explain.ts';

beforeAll(bootstrap);
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

function buildOffer(changes: Partial<OfferRecord>): OfferRecord {
  return {
    ...{
      _id: newId(),
      deliveryId: newId(),
      courierId: newId(),
      orderId: newId(),
      round: 1,
      status: 'expired' as const,
    },
    ...{ distanceMeters: 1, radiusMeters: 1_500, askedCount: 1, rank: 1, feeMinor: 1, currency: 'INR', tripMeters: 1 },
    ...{ pickup: { name: 'x', location: { lat: 0, lng: 0 } }, expiresAt: addMs(now(), 30_000) },
    ...{ decidedAt: null, createdAt: now() },
    ...changes,
  };
}

describe('queries of deliveries', () => {
  it('find idle couriers by the partial geo index, past no busy or offline one', async () => {
    const nobody = Array.from({ length: 200 }, (_, n) =>
      buildCourier({
        location: metersNorth(n),
        isOnline: false,
        ...(n % 2 === 0 ? {} : { activeDeliveryId: newId() }),
      }),
    );
    const idle = Array.from({ length: 10 }, (_, n) => buildCourier({ location: metersNorth(10 * n) }));
    await CourierModel.insertMany([...nobody, ...idle]);
    const pipeline = idleCouriersPipeline({
      near: metersNorth(0),
      radiusMeters: 1_500,
      fixedAfter: addMs(now(), -60_000),
      exceptIds: [],
      limit: 5,
    });
    const plan = summarizePlan(await couriers().aggregate(pipeline).explain('executionStats'));
    expect(new Set(plan.indexes)).toEqual(new Set(['idle_location']));
    // A near search fetches a match twice, to sort and to return; of the two hundred others it fetches none.
    expect(plan.docsExamined).toBeLessThanOrEqual(20);
  });

  it('find deliveries that look for a courier by the partial geo index', async () => {
    const order = await createAcceptedOrder();
    const rows = Array.from({ length: 100 }, (_, n) => ({
      ...newDelivery(order),
      orderId: idFrom('order', n),
      status: n === 0 ? ('offering' as const) : ('delivered' as const),
    }));
    await DeliveryModel.insertMany(rows);
    const query = deliveries()
      .find(offeringNearFilter(metersNorth(50)))
      .limit(20);
    const plan = summarizePlan(await query.explain('executionStats'));
    expect(new Set(plan.indexes)).toEqual(new Set(['offering_pickup']));
    expect(plan.docsExamined).toBeLessThanOrEqual(2);
  });

  it('list the open offers of a courier by the partial index', async () => {
    const courierId = newId();
    await OfferModel.insertMany([
      ...Array.from({ length: 100 }, () => buildOffer({ courierId })),
      buildOffer({ courierId, status: 'pending' }),
    ]);
    const query = offers().find(openOffersFilter(courierId, now())).sort({ expiresAt: 1 });
    const plan = summarizePlan(await query.explain('executionStats'));
    expect(new Set(plan.indexes)).toEqual(new Set(['pending_of_courier']));
    expect(plan.docsExamined).toBe(1);
  });

  it('read what a delivery asked before by its own offers alone', async () => {
    const deliveryId = newId();
    await OfferModel.insertMany([
      ...Array.from({ length: 100 }, () => buildOffer({})),
      ...Array.from({ length: 3 }, () => buildOffer({ deliveryId })),
    ]);
    const plan = summarizePlan(
      await offers()
        .find(askedFilter({ _id: deliveryId, round: 1 }))
        .explain('executionStats'),
    );
    expect(new Set(plan.indexes)).toEqual(new Set(['deliveryId_1_courierId_1_round_1']));
    expect(plan.docsExamined).toBeLessThanOrEqual(3);
  });

  it('find a delivery by its order', async () => {
    const plan = summarizePlan(await deliveries().find({ orderId: newId() }).explain('executionStats'));
    expect(new Set(plan.indexes)).toEqual(new Set(['orderId_1']));
  });
});

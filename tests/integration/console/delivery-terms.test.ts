import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { setDelivery } from '../../../src/modules/console/hours-and-areas/terms.service.ts';
import { auditAbout } from '../../api/console/helpers.ts';
import { ownerActor } from '../../factories/order.ts';
import { createRestaurant } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';

beforeAll(bootstrap);
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

const DELIVERY = {
  ...{ deliveryRadiusMeters: 2_000, feeBands: [{ upToMeters: 3_000, feeMinor: 2_000, fromSubtotalMinor: 0 }] },
  ...{ minimumOrderMinor: 7_700, freeDeliveryOverMinor: null, areas: [] },
};

describe('setDelivery', () => {
  it('of a live restaurant is audited with what was asked before, once; of a draft it is not', async () => {
    const live = await createRestaurant({ minimumOrderMinor: 14_900 });
    for (const expectedVersion of [0, 1]) {
      await setDelivery({ restaurantId: live._id, expectedVersion, delivery: DELIVERY }, ownerActor(live));
    }
    expect(await auditAbout(live._id)).toMatchObject([
      {
        event: 'restaurant.terms_changed',
        before: { minimumOrderMinor: 14_900 },
        after: { minimumOrderMinor: 7_700, feeTable: { bands: DELIVERY.feeBands } },
      },
    ]);
    const draft = await createRestaurant({ status: 'draft' });
    await setDelivery({ restaurantId: draft._id, expectedVersion: 0, delivery: DELIVERY }, ownerActor(draft));
    expect(await auditAbout(draft._id)).toEqual([]);
  });
});

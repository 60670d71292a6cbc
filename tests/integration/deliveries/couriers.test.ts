import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { couriers } from '../../../src/modules/deliveries/courier.model.ts';
import { recordLocations } from '../../../src/modules/deliveries/courier-locations.service.ts';
import { getCourier, setAvailability } from '../../../src/modules/deliveries/couriers.service.ts';
import { getTracking } from '../../../src/modules/deliveries/tracking.service.ts';
import { createUser } from '../../../src/modules/users/index.ts';
import { setEmitter } from '../../../src/realtime/publish.ts';
import { addMs, now, setClock } from '../../../src/shared/clock.ts';
import { fromGeoJson, toGeoJson } from '../../../src/shared/geo.ts';
import { newId } from '../../../src/shared/ids.ts';
import { courierActor, createCourier } from '../../factories/courier.ts';
import {
  createAcceptedOrder,
  createAssignedDelivery,
  createDeliveryAtDropoff,
  createOfferingDelivery,
  customerActor,
  getStoredOrder,
  ownerActor,
} from '../../factories/delivery.ts';
import { metersNorth, TOWN } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';

const START = new Date('2026-11-20T12:00:00.000Z');
const PLACE = { lat: 15.200_37, lng: 73.100_49 };

interface Sent {
  namespace: string;
  room: string;
  isVolatile: boolean;
  event: string;
  message: object;
}
let sent: Sent[] = [];

beforeAll(bootstrap);
beforeEach(() => {
  setClock({ frozenAt: START });
  sent = [];
  // Where the process would end: what goes to the sockets is noted instead.
  setEmitter((namespace, room, isVolatile) => ({
    emit: (event, message) => sent.push({ namespace, room, isVolatile, event, message }),
  }));
});
afterEach(async () => {
  setClock(null);
  setEmitter(null);
  await emptyCollections();
});
afterAll(() => shutdown('test'));

function passTime(ms: number): void {
  setClock({ frozenAt: addMs(now(), ms) });
}

describe('setAvailability', () => {
  it('goes online at a place, and offline again', async () => {
    const courier = await createCourier({ isOnline: false, location: null, locationAt: null });
    const actor = courierActor(courier);
    expect(await setAvailability({ isOnline: true, location: TOWN }, actor)).toMatchObject({
      ...{ isOnline: true, location: toGeoJson(TOWN), locationAt: START },
    });
    expect(await setAvailability({ isOnline: false }, actor)).toMatchObject({ isOnline: false, locationAt: START });
  });

  it('keeps couriers offline who are not approved, and knows nobody else', async () => {
    const pending = await createCourier({ status: 'pending', isOnline: false });
    await expect(setAvailability({ isOnline: true }, courierActor(pending))).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(setAvailability({ isOnline: true }, courierActor({ _id: newId() }))).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await getCourier(courierActor(pending))).toMatchObject({ isOnline: false });
  });

  it('leaves the delivery in hand when going offline', async () => {
    const { delivery, courier, actor } = await createAssignedDelivery();
    await setAvailability({ isOnline: false }, actor);
    expect(await couriers().findOne({ _id: courier._id })).toMatchObject({ activeDeliveryId: delivery._id });
  });
});

describe('recordLocations', () => {
  it('keeps the newest of a batch, and nothing older than what it has', async () => {
    const courier = await createCourier({ location: null, locationAt: null });
    const actor = courierActor(courier);
    const fixes = [
      { ...fromGeoJson(metersNorth(10)), at: addMs(START, -20_000) },
      { ...fromGeoJson(metersNorth(30)), at: addMs(START, -5_000) },
      { ...fromGeoJson(metersNorth(20)), at: addMs(START, -10_000) },
    ];
    expect(await recordLocations(fixes, actor)).toBe(true);
    expect(await recordLocations(fixes, actor)).toBe(false);
    expect(await getCourier(actor)).toMatchObject({ location: metersNorth(30), locationAt: addMs(START, -5_000) });
  });

  it('takes a fix from the future for one of now, so that later ones still count', async () => {
    const actor = courierActor(await createCourier({ location: null, locationAt: null }));
    await recordLocations([{ ...TOWN, at: addMs(START, 3_600_000) }], actor);
    expect(await getCourier(actor)).toMatchObject({ locationAt: START });
    passTime(1_000);
    expect(await recordLocations([{ ...PLACE, at: now() }], actor)).toBe(true);
  });

  it('ignores a fix that could be anywhere', async () => {
    const actor = courierActor(await createCourier({ location: null, locationAt: null }));
    expect(await recordLocations([{ ...TOWN, at: START, accuracyMeters: 501 }], actor)).toBe(false);
    expect(await recordLocations([{ ...TOWN, at: START, accuracyMeters: 500 }], actor)).toBe(true);
  });

  it('does not track a courier who is offline with empty hands', async () => {
    const actor = courierActor(await createCourier({ isOnline: false, location: null, locationAt: null }));
    expect(await recordLocations([{ ...TOWN, at: START }], actor)).toBe(false);
    expect(await getCourier(actor)).toMatchObject({ location: null });
  });

  it('is not found for a user who is no courier', async () => {
    await expect(recordLocations([{ ...TOWN, at: START }], courierActor({ _id: newId() }))).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('shows the customer the place once the food is on its way, at most once a second', async () => {
    const { delivery, actor } = await createDeliveryAtDropoff();
    for (let n = 0; n < 20; n += 1) {
      passTime(100);
      await recordLocations([{ ...PLACE, at: now() }], actor);
    }
    expect(sent).toHaveLength(2);
    expect(sent[0]).toEqual({
      namespace: '/customer',
      room: `customer:${delivery.customerId}`,
      isVolatile: true,
      event: 'location',
      message: { orderId: delivery.orderId, location: PLACE, at: addMs(START, 100).toISOString() },
    });
  });

  it('keeps to once a second when ten instances take fixes at once', async () => {
    const { actor } = await createDeliveryAtDropoff();
    passTime(10_000);
    const fixes = Array.from({ length: 10 }, (_, n) => ({ ...PLACE, at: addMs(now(), n - 10) }));
    await Promise.all(fixes.map((fix) => recordLocations([fix], actor)));
    expect(sent).toHaveLength(1);
  });

  it('shows the neighbourhood only before the food is picked up', async () => {
    const { actor } = await createAssignedDelivery();
    passTime(1_000);
    await recordLocations([{ ...PLACE, at: now() }], actor);
    expect(sent).toMatchObject([{ message: { location: { lat: 15.2, lng: 73.1 } } }]);
  });

  it('shows nobody anything while the courier carries nothing', async () => {
    const { delivery, actor, step } = await createDeliveryAtDropoff();
    await step({ type: 'delivered', pin: delivery.pin });
    passTime(5_000);
    expect(await recordLocations([{ ...PLACE, at: now() }], actor)).toBe(true);
    expect(sent).toEqual([]);
  });
});

describe('getTracking', () => {
  async function nameCourier(courierId: string, name: string): Promise<string> {
    const email = `${courierId}@example.com`;
    const user = await withTransaction((tx) => createUser(tx, { email, name, passwordHash: 'x', roles: ['courier'] }));
    return user.id;
  }

  it('shows the customer PIN, courier and ETA, and nobody else the PIN', async () => {
    const userId = await nameCourier(newId(), 'Asha Rao');
    const { delivery, actor } = await createDeliveryAtDropoff({}, { _id: userId });
    const seen = await getTracking(delivery.orderId, customerActor(delivery));
    const [lng, lat] = delivery.dropoff.location.coordinates;
    expect(seen).toMatchObject({
      courier: { name: 'Asha', vehicle: 'scooter', location: { lng, lat } },
      eta: { from: START },
      deliveryPin: delivery.pin,
    });
    const owner = ownerActor(await getStoredOrder(delivery.orderId));
    const office = { userId: newId(), roles: ['admin' as const], sessionId: newId() };
    for (const viewer of [owner, actor, office]) {
      const other = await getTracking(delivery.orderId, viewer);
      expect(other.deliveryPin).toBeNull();
      expect(other.courier?.name).toBe('Asha');
    }
  });

  it('is not found for strangers', async () => {
    const { orderId } = await createOfferingDelivery();
    for (const roles of [['customer'], ['restaurant'], ['courier']] as const) {
      const stranger = { userId: newId(), roles, sessionId: newId() };
      await expect(getTracking(orderId, stranger)).rejects.toMatchObject({ code: 'not_found' });
    }
  });

  it('knows no courier before one has accepted, and no delivery before there is one', async () => {
    const { orderId, customerId, pin } = await createOfferingDelivery();
    expect(await getTracking(orderId, customerActor({ customerId }))).toMatchObject({
      ...{ courier: null, deliveryPin: pin },
    });
    const order = await createAcceptedOrder();
    expect(await getTracking(order._id, customerActor(order))).toMatchObject({
      ...{ delivery: null, courier: null, eta: null, deliveryPin: null },
    });
  });

  it('forgets place and PIN once it is delivered', async () => {
    const userId = await nameCourier(newId(), 'Asha Rao');
    const { delivery, step } = await createDeliveryAtDropoff({}, { _id: userId });
    await step({ type: 'delivered', pin: delivery.pin });
    expect(await getTracking(delivery.orderId, customerActor(delivery))).toMatchObject({
      ...{ courier: { name: 'Asha', location: null, locationAt: null }, eta: null, deliveryPin: null },
    });
  });
});

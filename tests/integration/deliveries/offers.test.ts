import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { config } from '../../../src/config/index.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { TimerModel } from '../../../src/infra/timers/timer.model.ts';
import { couriers, type CourierRecord } from '../../../src/modules/deliveries/courier.model.ts';
import { cancelDelivery, runRound } from '../../../src/modules/deliveries/dispatch.service.ts';
import { deliveries } from '../../../src/modules/deliveries/delivery.model.ts';
import { offers } from '../../../src/modules/deliveries/offer.model.ts';
import { acceptOffer, declineOffer, listOffers } from '../../../src/modules/deliveries/offers.service.ts';
import { LOST_TIMER } from '../../../src/modules/deliveries/timer-kinds.ts';
import { OrderEventModel } from '../../../src/modules/orders/order-event.model.ts';
import { OrderModel } from '../../../src/modules/orders/order.model.ts';
import { addMs, now, nowMs, setClock } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { courierActor, createCourier, createCouriersAt } from '../../factories/courier.ts';
import {
  createAssignedDelivery,
  createOfferingDelivery,
  getStoredDelivery,
  getStoredOffer,
  getStoredOrder,
  idempotent,
  listStoredOffers,
} from '../../factories/delivery.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';

const START = new Date('2026-11-20T12:00:00.000Z');
const TTL = config.dispatch.offerTtlSeconds * 1000;

beforeAll(bootstrap);
beforeEach(() => {
  setClock({ frozenAt: START });
});
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => shutdown('test'));

async function accept(deliveryId: string, courier: CourierRecord) {
  const offer = await getStoredOffer(deliveryId, courier._id);
  return acceptById(offer._id, courier);
}

function acceptById(offerId: string, courier: CourierRecord) {
  const actor = courierActor(courier);
  return acceptOffer({ offerId, idempotency: idempotent(actor, 'acceptOffer') }, actor);
}

/** 'ok', or the code of the refusal. */
function outcomeOf(result: PromiseSettledResult<unknown>): string {
  return result.status === 'fulfilled' ? 'ok' : (result.reason as { code: string }).code;
}

/** Everybody in town is asked at once, however many a round asks by configuration. */
async function offerToAll(deliveryId: string, everybody: readonly CourierRecord[]): Promise<void> {
  const template = (await listStoredOffers(deliveryId))[0];
  if (template === undefined) throw new Error('nobody was asked');
  const rest = everybody.filter(({ _id }) => _id !== template.courierId);
  await offers().deleteMany({ deliveryId, _id: { $ne: template._id } });
  await offers().insertMany(rest.map(({ _id: courierId }) => ({ ...template, _id: newId(), courierId })));
}

describe('acceptOffer', () => {
  it('assigns delivery, courier and order together, and takes back every other offer', async () => {
    const [winner, other] = (await createCouriersAt(100, 200)) as [CourierRecord, CourierRecord];
    const { _id, orderId } = await createOfferingDelivery();
    const { answer } = await accept(_id, winner);
    expect(answer).toEqual({ deliveryId: _id, orderId, status: 'assigned', version: 4 });
    expect(await getStoredDelivery(orderId)).toMatchObject({
      ...{ status: 'assigned', courierId: winner._id, assignedAt: START, roundEndsAt: null },
    });
    expect(await couriers().findOne({ _id: winner._id })).toMatchObject({ activeDeliveryId: _id });
    expect(await getStoredOrder(orderId)).toMatchObject({ courierId: winner._id, deliveryStatus: 'assigned' });
    expect((await getStoredOffer(_id, winner._id)).status).toBe('accepted');
    expect((await getStoredOffer(_id, other._id)).status).toBe('withdrawn');
    // From the claim on, T8 watches the courier.
    expect(await TimerModel.find({ subjectId: _id }).lean()).toMatchObject([{ kind: LOST_TIMER }]);
    const event = await OrderEventModel.findOne({ orderId, type: 'delivery.assigned' }).lean();
    expect(event).toMatchObject({
      actor: { role: 'courier', id: winner._id },
      data: { courierId: winner._id, vehicle: 'scooter', deliveryStatus: 'assigned' },
    });
  });

  it('has one winner and nineteen offer_taken when twenty couriers accept at once', async () => {
    const everybody = await createCouriersAt(...Array.from({ length: 20 }, (_, n) => 10 * n));
    const { _id, orderId } = await createOfferingDelivery();
    await offerToAll(_id, everybody);
    const outcomes = (await Promise.allSettled(everybody.map((courier) => accept(_id, courier)))).map(outcomeOf);
    expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'offer_taken')).toHaveLength(19);
    const { courierId } = await getStoredDelivery(orderId);
    expect(await couriers().find({ activeDeliveryId: _id }).toArray()).toMatchObject([{ _id: courierId }]);
    expect(await offers().countDocuments({ status: 'accepted' })).toBe(1);
    expect(await offers().countDocuments({ status: 'withdrawn' })).toBe(19);
    expect(await OrderEventModel.countDocuments({ orderId, type: 'delivery.assigned' })).toBe(1);
  });

  it('gives a courier who accepts two at once one of them, and searches on for the other', async () => {
    const courier = await createCourier();
    const pair = [await createOfferingDelivery(), await createOfferingDelivery()];
    const outcomes = await Promise.allSettled(pair.map(({ _id }) => accept(_id, courier)));
    expect(outcomes.map(outcomeOf).sort()).toEqual(['courier_busy', 'ok']);
    const stored = await Promise.all(pair.map(({ orderId }) => getStoredDelivery(orderId)));
    expect(stored.map(({ status }) => status).sort()).toEqual(['assigned', 'offering']);
    const waiting = stored.find(({ status }) => status === 'offering');
    expect(await TimerModel.findOne({ kind: 'delivery.round', subjectId: waiting?._id ?? '' }).lean()).toMatchObject({
      dueAt: START,
    });
  });

  it('has one winner when an accept meets the end of the round', async () => {
    setClock(null);
    for (let leftMs = 0; leftMs < 36; leftMs += 3) {
      const courier = await createCourier();
      const { _id, orderId } = await createOfferingDelivery();
      const { _id: offerId } = await getStoredOffer(_id, courier._id);
      const endsAt = addMs(now(), leftMs);
      await offers().updateOne({ _id: offerId }, { $set: { expiresAt: endsAt } });
      await deliveries().updateOne({ _id }, { $set: { roundEndsAt: endsAt } });
      const [accepted] = await Promise.allSettled([
        acceptById(offerId, courier),
        setTimeout(Math.max(0, endsAt.getTime() - nowMs()) + 2).then(() => runRound(_id)),
      ]);
      const outcome = outcomeOf(accepted);
      const delivery = await getStoredDelivery(orderId);
      const offer = await offers().findOne({ _id: offerId });
      expect([outcome, delivery.status, offer?.status]).toEqual(
        outcome === 'ok' ? ['ok', 'assigned', 'accepted'] : ['offer_expired', 'offering', 'expired'],
      );
      await couriers().deleteMany({});
    }
  });

  it('refuses at the very second the offer ends, whether its timer has fired or not', async () => {
    const courier = await createCourier();
    const { _id } = await createOfferingDelivery();
    setClock({ frozenAt: addMs(START, TTL) });
    await expect(accept(_id, courier)).rejects.toMatchObject({ code: 'offer_expired' });
    setClock({ frozenAt: addMs(START, TTL - 1) });
    await expect(accept(_id, courier)).resolves.toMatchObject({ answer: { status: 'assigned' } });
  });

  it('refuses an offer of an order that has ended, before and after the delivery is cancelled', async () => {
    const courier = await createCourier();
    const { _id, orderId } = await createOfferingDelivery();
    await OrderModel.updateOne({ _id: orderId }, { status: 'cancelled' });
    await expect(accept(_id, courier)).rejects.toMatchObject({ code: 'offer_expired' });
    expect(await couriers().findOne({ _id: courier._id })).toMatchObject({ activeDeliveryId: null });
    await cancelDelivery(orderId);
    await expect(accept(_id, courier)).rejects.toMatchObject({ code: 'offer_expired' });
  });

  it('is not found for another courier', async () => {
    const courier = await createCourier();
    const { _id } = await createOfferingDelivery();
    const offer = await getStoredOffer(_id, courier._id);
    const stranger = await createCourier();
    await expect(acceptById(offer._id, stranger)).rejects.toMatchObject({ code: 'not_found' });
    await expect(declineOffer(offer._id, courierActor(stranger))).rejects.toMatchObject({ code: 'not_found' });
  });

  it('refuses a courier with full hands, also where an offer slipped through beside another claim', async () => {
    const courier = await createCourier();
    const { _id, orderId } = await createOfferingDelivery();
    await couriers().updateOne({ _id: courier._id }, { $set: { activeDeliveryId: newId() } });
    await expect(accept(_id, courier)).rejects.toMatchObject({ code: 'courier_busy' });
    expect((await getStoredDelivery(orderId)).status).toBe('offering');
  });

  it('refuses a courier who was suspended after the offer', async () => {
    const courier = await createCourier();
    const { _id, orderId } = await createOfferingDelivery();
    await couriers().updateOne({ _id: courier._id }, { $set: { status: 'suspended' } });
    await expect(accept(_id, courier)).rejects.toMatchObject({ code: 'forbidden' });
    expect((await getStoredDelivery(orderId)).status).toBe('offering');
  });

  it('answers the same again under the same key, and unchanged under another', async () => {
    const courier = await createCourier();
    const { _id, orderId } = await createOfferingDelivery();
    const actor = courierActor(courier);
    const offer = await getStoredOffer(_id, courier._id);
    const input = { offerId: offer._id, idempotency: idempotent(actor, 'acceptOffer') };
    const first = await acceptOffer(input, actor);
    const replayed = await acceptOffer(input, actor);
    const repeated = await accept(_id, courier);
    expect([first.isReplay, replayed.isReplay, repeated.isReplay]).toEqual([false, true, false]);
    expect([replayed.answer, repeated.answer]).toEqual([first.answer, first.answer]);
    expect(await OrderEventModel.countDocuments({ orderId, type: 'delivery.assigned' })).toBe(1);
  });
});

describe('declineOffer', () => {
  it('settles the offer, and says so again when repeated', async () => {
    const courier = await createCourier();
    const { _id } = await createOfferingDelivery();
    const offer = await getStoredOffer(_id, courier._id);
    const declined = await declineOffer(offer._id, courierActor(courier));
    expect(declined).toMatchObject({ status: 'declined', decidedAt: START });
    expect(await declineOffer(offer._id, courierActor(courier))).toEqual(declined);
    await expect(acceptById(offer._id, courier)).rejects.toMatchObject({ code: 'offer_expired' });
  });

  it('refuses what was accepted or taken', async () => {
    const other = await createCourier();
    const { delivery, courier } = await createAssignedDelivery();
    const own = await getStoredOffer(delivery._id, courier._id);
    await expect(declineOffer(own._id, courierActor(courier))).rejects.toMatchObject({ code: 'offer_expired' });
    const lost = await getStoredOffer(delivery._id, other._id);
    await expect(declineOffer(lost._id, courierActor(other))).rejects.toMatchObject({ code: 'offer_taken' });
  });
});

describe('listOffers', () => {
  it('shows what is open for this courier, the most urgent first', async () => {
    const courier = await createCourier();
    const other = await createCourier();
    const early = await createOfferingDelivery();
    setClock({ frozenAt: addMs(START, 10_000) });
    const late = await createOfferingDelivery();
    await offers().deleteMany({ courierId: other._id });
    expect((await listOffers(courierActor(courier))).map(({ deliveryId }) => deliveryId)).toEqual([
      early._id,
      late._id,
    ]);
    setClock({ frozenAt: addMs(START, TTL) });
    expect((await listOffers(courierActor(courier))).map(({ deliveryId }) => deliveryId)).toEqual([late._id]);
    expect(await listOffers(courierActor(other))).toEqual([]);
  });
});

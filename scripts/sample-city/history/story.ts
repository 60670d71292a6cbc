import type { CourierRecord } from '../../../src/modules/deliveries/courier.model.ts';
import { dispatchAt, radiusMetersOf } from '../../../src/modules/deliveries/dispatch-plan.ts';
import { newDelivery } from '../../../src/modules/deliveries/new-delivery.ts';
import type { OfferRecord } from '../../../src/modules/deliveries/offer.model.ts';
import type { EventActor } from '../../../src/modules/orders/order-event.model.ts';
import { OrderLog, SYSTEM, type OrderRows } from './log.ts';
import { rowId } from './row-id.ts';
import { outcomeOf, type Outcome } from './outcome.ts';
import {
  after,
  firstRows,
  fourDigits,
  later,
  logNormal,
  refundRow,
  type Asking,
  type Candidate,
  type Setting,
} from './story-parts.ts';

/** Of declined cards, those whose owner has another. */
const PAY_AGAIN = 0.6;
const PAY_TIMEOUT_MS = 15 * 60_000;
const ACCEPT_TIMEOUT_MS = 5 * 60_000;
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
/** domain.md section 6: 11 to 24 km/h, slower in the rain. */
const METERS_PER_MINUTE: [number, number] = [183, 400];
const RAIN_SPEED = 0.8;
const NOTHING_DUE = { amountDueMinor: 0 } as const;
const RESTAURANT_FAILED = { ...NOTHING_DUE, liableParty: 'restaurant' } as const;
const REJECTIONS = ['too_busy', 'closing', 'cannot_deliver', 'other'];

/** What became of an order, with every row the code would have written. Deterministic. */
export function tell(setting: Setting): OrderRows {
  const story = new Story(setting);
  story.run(outcomeOf(setting.random));
  return story.log.rows;
}

class Story {
  readonly log: OrderLog;
  private readonly setting: Setting;
  private at: Date;

  constructor(setting: Setting) {
    this.setting = setting;
    this.at = setting.quote.createdAt;
    this.log = new OrderLog(...firstRows(setting));
  }

  run(outcome: Outcome): void {
    const { random } = this.setting;
    if (outcome === 'cancelled' && random.chance(0.4)) {
      this.cancel();
      return;
    }
    if (outcome === 'declined' && !this.isPaidAgain()) return;
    this.pay();
    if (outcome === 'cancelled') this.cancel();
    else if (outcome === 'rejected') this.reject();
    else if (outcome === 'unanswered') this.expire();
    else this.cook(outcome);
  }

  /** The card was refused; T1 ends the order unless another one holds. */
  private isPaidAgain(): boolean {
    const { random } = this.setting;
    this.wait(20, 60);
    this.log.pay('payment.failed', { at: this.at, to: null, set: { failureCode: 'card_declined' } });
    if (random.chance(PAY_AGAIN)) return true;
    this.at = after(this.setting.quote.createdAt, PAY_TIMEOUT_MS);
    this.log.take('O6', { at: this.at, actor: SYSTEM, set: NOTHING_DUE });
    this.release();
    return false;
  }

  private pay(): void {
    this.wait(20, 110);
    this.log.pay('payment.authorized', { at: this.at, to: 'authorized', set: { failureCode: null } });
    this.log.take('O3', { at: this.at, actor: SYSTEM, set: { placedAt: this.at } });
  }

  private cancel(): void {
    this.wait(25, 200);
    const { customerId } = this.setting.quote;
    const reason = this.setting.random.pick(['changed_mind', 'ordered_by_mistake', 'takes_too_long']);
    this.log.take('O16', {
      at: this.at,
      actor: { role: 'customer', id: customerId },
      data: { reason },
      set: { reason, ...NOTHING_DUE, liableParty: 'customer' },
    });
    this.release();
  }

  private reject(): void {
    this.wait(30, 240);
    const reason = this.setting.random.pick(REJECTIONS);
    this.log.take('O8', { at: this.at, actor: this.owner(), data: { reason }, set: { reason, ...RESTAURANT_FAILED } });
    this.release();
  }

  private expire(): void {
    this.at = after(this.at, ACCEPT_TIMEOUT_MS);
    this.log.take('O9', { at: this.at, actor: SYSTEM, set: RESTAURANT_FAILED });
    this.release();
  }

  /** The hold is freed; what was captured goes back. */
  private release(): void {
    this.wait(1, 3);
    const { status, amountMinor } = this.log.rows.payment;
    const { at } = this;
    if (status !== 'captured') this.log.pay('payment.voided', { at, to: 'voided' });
    else this.giveBack({ at, amountMinor, cause: 'settlement' });
  }

  private cook(outcome: Outcome): void {
    const { random, quote, isPeak } = this.setting;
    this.wait(15, 150);
    const { prepMinutes } = quote;
    const acceptedAt = this.at;
    const readyEta = after(acceptedAt, prepMinutes * MINUTE_MS);
    this.log.take('O7', { at: acceptedAt, actor: this.owner(), data: { prepMinutes }, set: { prepMinutes, readyEta } });
    const capturedAt = after(acceptedAt, random.between(1, 3) * SECOND_MS);
    const amountCapturedMinor = this.log.rows.payment.amountMinor;
    this.log.pay('payment.captured', { at: capturedAt, to: 'captured', set: { amountCapturedMinor } });
    this.bringFrom(after(capturedAt, random.between(0.2, 1) * SECOND_MS));
    this.log.take('O10', { at: after(acceptedAt, random.between(30, 110) * SECOND_MS), actor: this.owner() });
    if (outcome === 'itemOut') {
      this.endCooking('O18', this.owner(), 'item_sold_out');
      return;
    }
    const minutes = Math.max(3, logNormal(this.setting.prepMinutes, random) * (isPeak ? 1.1 : 1));
    this.dispatch(after(acceptedAt, minutes * MINUTE_MS), outcome);
  }

  private bringFrom(at: Date): void {
    const { orderId, random } = this.setting;
    const { order } = this.log.rows;
    const [handoverCode, pin] = [fourDigits(random), fourDigits(random)];
    const stamps = { createdAt: at, updatedAt: at };
    this.log.bring({ ...newDelivery(order), _id: rowId('delivery', orderId), handoverCode, pin, ...stamps });
  }

  /** Ended while it was cooked: nobody is asked any more, and the money goes back. */
  private endCooking(name: 'O18' | 'O19', actor: EventActor, reason: string): void {
    this.at = after(this.log.rows.order.updatedAt, this.setting.random.between(60, 240) * SECOND_MS);
    const blamed = name === 'O18' ? 'restaurant' : 'platform';
    this.log.take(name, {
      ...{ at: this.at, actor, data: { reason, liableParty: blamed } },
      set: { reason, ...NOTHING_DUE, liableParty: blamed },
    });
    this.at = after(this.at, SECOND_MS);
    this.log.move('cancel', { at: this.at, actor: SYSTEM, set: { endedAt: this.at, roundEndsAt: null } });
    this.release();
  }

  /** From the first offer to the door; kitchen and courier work side by side. */
  private dispatch(readyAt: Date, outcome: Outcome): void {
    const { random, quote, fleet } = this.setting;
    const { order, delivery } = this.log.rows;
    if (delivery === null) return;
    const startAt = dispatchAt(delivery.readyEta, later(order.updatedAt, delivery.createdAt));
    const isReadyFirst = readyAt <= startAt;
    if (isReadyFirst) this.log.take('O11', { at: readyAt, actor: this.owner() });
    const offeringAt = isReadyFirst ? after(readyAt, SECOND_MS) : startAt;
    this.log.move('startOffers', {
      at: offeringAt,
      actor: SYSTEM,
      set: { dispatchStartedAt: offeringAt, roundEndsAt: offeringAt },
    });
    const near = fleet.near(quote.restaurant.location, offeringAt, random);
    const taken = near.length === 0 ? null : this.offer(near, offeringAt);
    if (taken === null || outcome === 'noShow') {
      if (!isReadyFirst)
        this.log.take('O11', { at: later(readyAt, this.log.rows.order.updatedAt), actor: this.owner() });
      this.endCooking('O19', { role: 'support', id: null }, taken === null ? 'no_courier' : 'customer_no_show');
      return;
    }
    const pickedUpAt = this.toTheCounter(taken, { readyAt, isReadyFirst });
    this.toTheDoor(taken.courier, pickedUpAt);
  }

  /** Who is far away says no more often; the next one is asked. */
  private offer(near: Candidate[], at: Date): Candidate | null {
    const { random } = this.setting;
    const taker = Math.max(
      0,
      near.findIndex(({ distanceMeters }) => random.chance(0.95 - distanceMeters / 16_000)),
    );
    const asked = near.slice(0, taker + 1);
    asked.forEach((candidate, index) => {
      const isTaker = index === taker;
      const decidedAt = after(at, (4 + 9 * index + random.between(0, 6)) * SECOND_MS);
      this.log.rows.offers.push(this.offerRow(candidate, { index, asked: asked.length, at, decidedAt, isTaker }));
      if (isTaker) this.at = decidedAt;
    });
    const { delivery } = this.log.rows;
    const candidate = near[taker];
    if (delivery === null || candidate === undefined) return null;
    const courierId = candidate.courier._id;
    this.log.move('assign', {
      at: this.at,
      actor: { role: 'courier', id: courierId },
      set: { courierId, assignedAt: this.at, roundEndsAt: null, round: 1 },
      data: { courierId, vehicle: candidate.courier.vehicle },
      courierId,
    });
    this.setting.fleet.occupy(courierId, after(this.at, 3 * 3_600_000));
    return candidate;
  }

  private offerRow({ courier, distanceMeters }: Candidate, asking: Asking): OfferRecord {
    const { orderId, quote } = this.setting;
    const { delivery } = this.log.rows;
    const round = [1, 2, 3, 4].find((one) => distanceMeters <= radiusMetersOf(one)) ?? 4;
    return {
      _id: rowId('offer', orderId, asking.index),
      deliveryId: delivery?._id ?? '',
      courierId: courier._id,
      orderId,
      round: 1,
      status: asking.isTaker ? 'accepted' : 'declined',
      distanceMeters,
      radiusMeters: radiusMetersOf(round),
      askedCount: asking.asked,
      rank: asking.index + 1,
      feeMinor: delivery?.feeMinor ?? 0,
      currency: quote.currency,
      tripMeters: quote.distanceMeters,
      pickup: { name: quote.restaurant.name, location: quote.restaurant.location },
      expiresAt: after(asking.decidedAt, 30 * SECOND_MS),
      decidedAt: asking.decidedAt,
      createdAt: asking.at,
    };
  }

  private toTheCounter(
    { courier, distanceMeters }: Candidate,
    kitchen: { readyAt: Date; isReadyFirst: boolean },
  ): Date {
    const actor: EventActor = { role: 'courier', id: courier._id };
    const setOutAt = after(this.at, this.setting.random.between(5, 40) * SECOND_MS);
    const arrivesAt = after(setOutAt, this.travelMs(distanceMeters * 1.35));
    const steps: { at: Date; take: (at: Date) => void }[] = [
      {
        at: setOutAt,
        take: (at) => {
          this.log.move('setOut', { at, actor });
        },
      },
      {
        at: arrivesAt,
        take: (at) => {
          this.log.move('arriveAtPickup', { at, actor });
        },
      },
    ];
    if (!kitchen.isReadyFirst) {
      steps.push({
        at: later(kitchen.readyAt, this.log.rows.order.updatedAt),
        take: (at) => {
          this.log.take('O11', { at, actor: this.owner() });
        },
      });
    }
    for (const { at, take } of steps.sort((a, b) => a.at.getTime() - b.at.getTime())) take(at);
    return after(later(kitchen.readyAt, arrivesAt), this.setting.random.between(30, 150) * SECOND_MS);
  }

  private toTheDoor(courier: CourierRecord, pickedUpAt: Date): void {
    const { quote, random, fleet } = this.setting;
    const actor: EventActor = { role: 'courier', id: courier._id };
    this.log.take('O12', { at: pickedUpAt, actor: this.owner() });
    this.log.move('pickUp', { at: pickedUpAt, actor: this.owner(), set: { pickedUpAt } });
    const arrivedAt = after(pickedUpAt, this.travelMs(quote.distanceMeters));
    this.log.move('arriveAtDropoff', { at: arrivedAt, actor });
    const endedAt = after(arrivedAt, random.between(60, 240) * SECOND_MS);
    this.log.move('deliver', { at: endedAt, actor, set: { endedAt } });
    const courierFeeMinor = this.log.rows.delivery?.feeMinor ?? 0;
    this.log.take('O13', { at: endedAt, actor, set: { courierFeeMinor } });
    fleet.occupy(courier._id, after(endedAt, MINUTE_MS));
    if (this.setting.isHalfRefunded) this.refundHalf(after(endedAt, 10 * MINUTE_MS));
  }

  private refundHalf(at: Date): void {
    const amountMinor = Math.floor(this.log.rows.payment.amountMinor / 2);
    this.giveBack({ at, amountMinor, cause: 'support' });
  }

  private giveBack(given: Parameters<typeof refundRow>[1]): void {
    const { order, payment } = this.log.rows;
    const { at, amountMinor: amountRefundedMinor } = given;
    const isWhole = amountRefundedMinor === payment.amountCapturedMinor;
    this.log.rows.refund = refundRow(order, given);
    this.log.pay('payment.refunded', {
      ...{ at, to: isWhole ? 'refunded' : 'partially_refunded' },
      set: { amountRefundedMinor, settledRefundMinor: given.cause === 'settlement' ? amountRefundedMinor : 0 },
    });
  }

  private travelMs(meters: number): number {
    const { random, isRaining } = this.setting;
    const speed = random.between(...METERS_PER_MINUTE) * (isRaining ? RAIN_SPEED : 1);
    return (meters / speed) * MINUTE_MS;
  }

  private readonly owner = (): EventActor => ({ role: 'restaurant', id: this.setting.ownerId });

  private wait(fromSeconds: number, toSeconds: number): void {
    this.at = after(this.at, this.setting.random.between(fromSeconds, toSeconds) * SECOND_MS);
  }
}

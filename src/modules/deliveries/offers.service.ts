import { AppError, isAppError } from '../../errors/index.ts';
import {
  runIdempotent,
  withTransaction,
  type IdempotentAnswer,
  type IdempotentRequest,
  type Tx,
} from '../../infra/mongo/index.ts';
import { cancelTimers } from '../../infra/timers/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { now } from '../../shared/clock.ts';
import { claimCourier } from './courier-claims.service.ts';
import { couriers } from './courier.model.ts';
import { toAssignmentView, type AssignmentView } from './deliveries.presenter.ts';
import { deliveries, type DeliveryRecord } from './delivery.model.ts';
import { watchCourier } from './lost-courier.service.ts';
import { moveDelivery } from './delivery-transition.service.ts';
import { wakeRounds, withdrawOffers } from './offer-rounds.service.ts';
import { offers, type OfferRecord } from './offer.model.ts';
import { SEARCH_TIMERS } from './timer-kinds.ts';

/** More than a courier ever has at once, so there are no pages. */
export const MAX_LISTED_OFFERS = 50;

/** What the courier can say yes to now, the most urgent first. */
export function listOffers(actor: Actor): Promise<OfferRecord[]> {
  return offers().find(openOffersFilter(actor.userId, now())).sort({ expiresAt: 1 }).limit(MAX_LISTED_OFFERS).toArray();
}

/** Exported for the explain test. */
export function openOffersFilter(courierId: string, at: Date) {
  return { courierId, status: 'pending' as const, expiresAt: { $gt: at } };
}

/**
 * Claims the delivery and the courier in one transaction: of all who accept at once, one wins, and a courier wins one delivery.
 * @throws AppError `offer_taken`, `offer_expired`, `courier_busy`; `not_found` for somebody else's offer
 */
export function acceptOffer(
  { offerId, idempotency }: { offerId: string; idempotency: IdempotentRequest },
  actor: Actor,
): Promise<IdempotentAnswer<AssignmentView>> {
  return runIdempotent(idempotency, async (tx) => {
    const { offer, delivery } = await readOffer(tx, offerId, actor.userId);
    const isHeld = offer.status === 'accepted' && delivery.courierId === actor.userId;
    if (isHeld) return toAssignmentView(delivery);
    await assertOpen(tx, offer, delivery);
    const assigned = await claimDelivery(tx, delivery, actor.userId);
    await offers().updateOne({ _id: offerId }, { $set: { status: 'accepted', decidedAt: now() } }, { session: tx });
    await endSearch(tx, offer);
    await watchCourier(tx, delivery._id, now());
    return toAssignmentView(assigned);
  });
}

/**
 * The courier is not asked for this delivery again, and the next one is asked at once.
 * @throws AppError `offer_taken`, `offer_expired`; `not_found` for somebody else's offer
 */
export async function declineOffer(offerId: string, actor: Actor): Promise<OfferRecord> {
  return withTransaction(async (tx) => {
    const declined = await offers().findOneAndUpdate(
      { _id: offerId, courierId: actor.userId, status: 'pending' },
      { $set: { status: 'declined', decidedAt: now() } },
      { session: tx, returnDocument: 'after' },
    );
    if (declined === null) return settleDeclined(tx, offerId, actor.userId);
    await wakeRounds(tx, [declined.deliveryId]);
    return declined;
  });
}

async function readOffer(
  tx: Tx,
  offerId: string,
  courierId: string,
): Promise<{ offer: OfferRecord; delivery: DeliveryRecord }> {
  const offer = await offers().findOne({ _id: offerId, courierId }, { session: tx });
  const delivery = await deliveries().findOne({ _id: offer?.deliveryId ?? '' }, { session: tx });
  if (offer === null || delivery === null) throw new AppError('not_found');
  return { offer, delivery };
}

/** The stored status and the clock both count: an offer is over at its second, whether its timer has fired or not. */
async function assertOpen(tx: Tx, offer: OfferRecord, delivery: DeliveryRecord): Promise<void> {
  const isOpen = offer.status === 'pending' && offer.expiresAt > now() && delivery.status === 'offering';
  if (isOpen) return;
  if (delivery.courierId !== null && delivery.courierId !== offer.courierId) throw new AppError('offer_taken');
  const courier = await couriers().findOne({ _id: offer.courierId }, { session: tx });
  const isBusy = offer.status === 'withdrawn' && (courier?.activeDeliveryId ?? null) !== null;
  throw new AppError(isBusy ? 'courier_busy' : 'offer_expired');
}

async function claimDelivery(tx: Tx, delivery: DeliveryRecord, courierId: string): Promise<DeliveryRecord> {
  const courier = await claimCourier(tx, courierId, delivery._id);
  try {
    return await moveDelivery(tx, 'assign', {
      delivery,
      actor: { role: 'courier', id: courierId },
      set: { courierId, assignedAt: now(), roundEndsAt: null },
      orderSet: { courierId },
      data: { courierId, vehicle: courier.vehicle },
    });
  } catch (error) {
    // The order has ended, and the job that takes back its offers has not run yet.
    if (isAppError(error, 'invalid_transition')) throw new AppError('offer_expired', { cause: error });
    throw error;
  }
}

/** Nobody else is asked for this delivery, and this courier for no other. */
async function endSearch(tx: Tx, { _id, deliveryId, courierId }: OfferRecord): Promise<void> {
  await withdrawOffers(tx, { deliveryId }, _id);
  const others = await withdrawOffers(tx, { courierId }, _id);
  await wakeRounds(tx, others);
  await cancelTimers(tx, deliveryId, SEARCH_TIMERS);
}

async function settleDeclined(tx: Tx, offerId: string, courierId: string): Promise<OfferRecord> {
  const { offer, delivery } = await readOffer(tx, offerId, courierId);
  if (offer.status === 'declined') return offer;
  const isTaken = delivery.courierId !== null && delivery.courierId !== courierId;
  throw new AppError(isTaken ? 'offer_taken' : 'offer_expired');
}

import type { mongo } from 'mongoose';
import { config } from '../../config/index.ts';
import type { Tx } from '../../infra/mongo/index.ts';
import { appendOutbox } from '../../infra/queue/index.ts';
import { scheduleTimer } from '../../infra/timers/index.ts';
import { addMs, now } from '../../shared/clock.ts';
import { fromGeoJson } from '../../shared/geo.ts';
import { newId } from '../../shared/ids.ts';
import { listOverCashLimit } from './cash-at-the-door.service.ts';
import { findIdleCouriersNear, type IdleCourier } from './couriers.queries.ts';
import { deliveries, type DeliveryRecord } from './delivery.model.ts';
import { radiusMetersOf, roundMs } from './dispatch-plan.ts';
import { OFFER_CREATED, toOfferMessage } from './offer.events.ts';
import { offers, type OfferRecord } from './offer.model.ts';
import { ROUND_TIMER } from './timer-kinds.ts';

/** So often one step looks further for somebody who may take cash; the next round looks again. */
const MAX_SEARCHES = 4;

interface Round {
  number: number;
  /** The one before is over; otherwise free places of the running one are filled. */
  isNew: boolean;
  pendingCount: number;
  /** Thinking about it, asked in this round, or not wanting it. */
  exceptIds: string[];
}

/**
 * One step of the search for a courier: offers whose time is up expire, then the nearest idle couriers fill the free places of the
 * round, and the timer of the next step is set. Runs at each end of a round and, in between, when somebody came or left; two steps
 * at once meet in the delivery's document. `delivery` is offering, as read in `tx`.
 */
export async function askCouriers(tx: Tx, delivery: DeliveryRecord): Promise<void> {
  const at = now();
  await expireOffers(tx, delivery._id, at);
  const round = await currentRound(tx, delivery, at);
  const candidates = await findCandidates(tx, delivery, round);
  await insertOffers(tx, delivery, { round, candidates, at });
  const isAsking = candidates.length > 0;
  const ttlMs = config.dispatch.offerTtlSeconds * 1000;
  const waitMs = roundMs(round.number, round.pendingCount + candidates.length, ttlMs);
  const roundEndsAt = round.isNew || isAsking ? addMs(at, waitMs) : (delivery.roundEndsAt ?? at);
  await deliveries().updateOne(
    { _id: delivery._id },
    { $set: { round: round.number, roundEndsAt, updatedAt: at }, $inc: { version: 1 } },
    { session: tx },
  );
  await scheduleTimer(tx, { kind: ROUND_TIMER, subjectId: delivery._id, dueAt: roundEndsAt });
}

/** Makes the next step of these searches happen now. Harmless for a delivery that is taken already. */
export async function wakeRounds(tx: Tx, deliveryIds: readonly string[]): Promise<void> {
  for (const subjectId of new Set(deliveryIds)) {
    await scheduleTimer(tx, { kind: ROUND_TIMER, subjectId, dueAt: now() });
  }
}

/** Takes back what is still open. @returns the deliveries whose offers were taken back */
export async function withdrawOffers(
  tx: Tx,
  of: { deliveryId: string } | { courierId: string },
  exceptOfferId = '',
): Promise<string[]> {
  const filter = { ...of, status: 'pending' as const, _id: { $ne: exceptOfferId } };
  const open = await offers()
    .find(filter, { session: tx, projection: { deliveryId: 1 } })
    .toArray();
  if (open.length === 0) return [];
  await offers().updateMany(filter, { $set: { status: 'withdrawn', decidedAt: now() } }, { session: tx });
  return open.map(({ deliveryId }) => deliveryId);
}

async function expireOffers(tx: Tx, deliveryId: string, at: Date): Promise<void> {
  await offers().updateMany(
    { deliveryId, status: 'pending', expiresAt: { $lte: at } },
    { $set: { status: 'expired', decidedAt: at } },
    { session: tx },
  );
}

async function currentRound(tx: Tx, delivery: DeliveryRecord, at: Date): Promise<Round> {
  const rows = await offers()
    .find(askedFilter(delivery), { session: tx, projection: { courierId: 1, status: 1 } })
    .toArray();
  const pendingCount = rows.filter(({ status }) => status === 'pending').length;
  // Over when its time is up, and at once when nobody is thinking any more.
  const isNew = pendingCount === 0 || (delivery.roundEndsAt ?? at) <= at;
  // A round asks nobody twice; a new one asks those again who let the last one pass, never those who said no.
  const except = rows.filter(({ status }) => !isNew || status === 'pending' || status === 'declined');
  return {
    number: delivery.round + (isNew ? 1 : 0),
    isNew,
    pendingCount,
    exceptIds: [...except.map(({ courierId }) => courierId), ...delivery.releasedBy],
  };
}

/** Exported for the explain test. */
export function askedFilter({
  _id: deliveryId,
  round,
}: Pick<DeliveryRecord, '_id' | 'round'>): mongo.Filter<OfferRecord> {
  return { deliveryId, $or: [{ status: { $in: ['pending', 'declined'] } }, { round }] };
}

/** The nearest who may take it: for who carries too much cash already, the next nearest is looked at. */
async function findCandidates(tx: Tx, delivery: DeliveryRecord, round: Round): Promise<IdleCourier[]> {
  const wanted = config.dispatch.offersPerRound - round.pendingCount;
  const found: IdleCourier[] = [];
  const exceptIds = [...round.exceptIds];
  for (let search = 0; search < MAX_SEARCHES && found.length < wanted; search += 1) {
    const near = await findIdleCouriersNear(tx, {
      near: delivery.pickup.location,
      radiusMeters: radiusMetersOf(round.number),
      fixedAfter: addMs(now(), -config.dispatch.fixMaxAgeSeconds * 1000),
      exceptIds,
      limit: wanted - found.length,
    });
    const ids = near.map(({ _id }) => _id);
    const overLimit = await listOverCashLimit(delivery, ids);
    found.push(...near.filter(({ _id }) => !overLimit.includes(_id)));
    if (overLimit.length === 0) break;
    exceptIds.push(...ids);
  }
  return found;
}

interface Asking {
  round: Round;
  candidates: IdleCourier[];
  at: Date;
}

async function insertOffers(tx: Tx, delivery: DeliveryRecord, { round, candidates, at }: Asking): Promise<void> {
  if (candidates.length === 0) return;
  const expiresAt = addMs(at, config.dispatch.offerTtlSeconds * 1000);
  const { _id: deliveryId, orderId, feeMinor, currency, tripMeters, pickup } = delivery;
  const rows = candidates.map<OfferRecord>(({ _id: courierId, distanceMeters }, index) => ({
    _id: newId(),
    deliveryId,
    courierId,
    orderId,
    round: round.number,
    status: 'pending',
    distanceMeters,
    radiusMeters: radiusMetersOf(round.number),
    askedCount: candidates.length,
    rank: index + 1,
    feeMinor,
    currency,
    tripMeters,
    pickup: { name: pickup.name, location: fromGeoJson(pickup.location) },
    expiresAt,
    decidedAt: null,
    createdAt: at,
  }));
  await offers().insertMany(rows, { session: tx });
  await appendOutbox(
    tx,
    rows.map((offer) => ({ event: OFFER_CREATED, payload: toOfferMessage(offer) })),
  );
}

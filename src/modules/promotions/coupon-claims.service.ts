import { AppError, isDuplicateKey } from '../../errors/index.ts';
import type { Tx } from '../../infra/mongo/index.ts';
import { now } from '../../shared/clock.ts';
import type { Money } from '../../shared/money.ts';
import { CouponUserModel, RedemptionModel, type RedemptionRow } from './coupon-use.model.ts';
import { CouponModel, type CouponRow } from './coupon.model.ts';
import { countsRefusal, userLimitOf, type CouponRefusal } from './judge-coupon.ts';

export interface CouponClaim {
  couponId: string;
  orderId: string;
  customerId: string;
  /** Off items and delivery together, as the order's breakdown has it. */
  discountMinor: number;
}

/**
 * One use in the order's transaction: each count by one conditional update, so that uses, the customer's uses and the budget never
 * pass their limits, whoever else orders. Its terms and window were promised with the quote; what an admin switches off ends at once.
 * @throws AppError `coupon_refused` (unknown_code, inactive, used_up, budget_spent, user_limit)
 */
export async function claimCoupon(tx: Tx, claim: CouponClaim): Promise<void> {
  const { couponId, orderId, customerId, discountMinor } = claim;
  const coupon = await takeUse(tx, claim);
  await takeUseOfCustomer(tx, { userId: couponUserId(couponId, customerId), limit: userLimitOf(coupon) });
  const row: RedemptionRow = { _id: orderId, couponId, customerId, discountMinor, createdAt: now(), releasedAt: null };
  await RedemptionModel.collection.insertOne(row as never, { session: tx });
}

/** Gives an order's use back, once however often it is asked; nothing where it used none. */
export async function releaseCoupon(tx: Tx, orderId: string): Promise<void> {
  const redemption = (await RedemptionModel.collection.findOneAndUpdate(
    { _id: orderId as never, releasedAt: null },
    { $set: { releasedAt: now() } },
    { session: tx },
  )) as RedemptionRow | null;
  if (redemption === null) return;
  const { couponId, customerId, discountMinor } = redemption;
  await CouponModel.collection.updateOne(
    { _id: couponId as never },
    { $inc: { uses: -1, spentMinor: -discountMinor } },
    { session: tx },
  );
  await CouponUserModel.collection.updateOne(
    { _id: couponUserId(couponId, customerId) as never },
    { $inc: { uses: -1 } },
    { session: tx },
  );
}

/** After an amendment: what the order takes off less goes back to the budget. A claim never grows, and repeating it changes nothing. */
export async function lowerCouponClaim(
  tx: Tx,
  { orderId, discountMinor }: Pick<CouponClaim, 'orderId' | 'discountMinor'>,
): Promise<void> {
  const before = (await RedemptionModel.collection.findOneAndUpdate(
    { _id: orderId as never, releasedAt: null, discountMinor: { $gt: discountMinor } },
    { $set: { discountMinor } },
    { session: tx },
  )) as RedemptionRow | null;
  if (before === null) return;
  await CouponModel.collection.updateOne(
    { _id: before.couponId as never },
    { $inc: { spentMinor: discountMinor - before.discountMinor } },
    { session: tx },
  );
}

export function couponUserId(couponId: string, customerId: string): string {
  return `${couponId}-${customerId}`;
}

async function takeUse(tx: Tx, { couponId, discountMinor }: CouponClaim): Promise<CouponRow> {
  const spent = { $add: ['$spentMinor', discountMinor] };
  const row = await CouponModel.collection.findOneAndUpdate(
    {
      _id: couponId as never,
      isActive: true,
      $expr: {
        $and: [
          { $or: [{ $eq: ['$totalLimit', null] }, { $lt: ['$uses', '$totalLimit'] }] },
          { $or: [{ $eq: ['$budgetMinor', null] }, { $lte: [spent, '$budgetMinor'] }] },
        ],
      },
    },
    { $inc: { uses: 1, spentMinor: discountMinor } },
    { session: tx, returnDocument: 'after' },
  );
  if (row !== null) return row as unknown as CouponRow;
  const coupon = await CouponModel.findById(couponId).session(tx).lean<CouponRow>();
  // A coupon whose counts would allow it now lost a race that the transaction's snapshot does not show: its next try knows.
  throw couponRefused(coupon === null ? 'unknown_code' : (countsRefusal(coupon, discountMinor) ?? 'used_up'));
}

async function takeUseOfCustomer(tx: Tx, { userId, limit }: { userId: string; limit: number | null }): Promise<void> {
  const below = limit === null ? {} : { uses: { $lt: limit } };
  try {
    await CouponUserModel.collection.updateOne(
      { _id: userId as never, ...below },
      { $inc: { uses: 1 } },
      { upsert: true, session: tx },
    );
  } catch (error) {
    // There is a row, and the filter does not match it.
    if (isDuplicateKey(error)) throw couponRefused('user_limit');
    throw error;
  }
}

/** `minimum`: of items, where there are too few of them. */
export function couponRefused(reason: CouponRefusal, minimum: Money | null = null): AppError<'coupon_refused'> {
  return new AppError('coupon_refused', { details: { reason, minimum } });
}

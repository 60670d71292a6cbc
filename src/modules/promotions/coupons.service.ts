import { trusted } from 'mongoose';
import { config } from '../../config/index.ts';
import { AppError, invalidCursor, isDuplicateKey } from '../../errors/index.ts';
import { recordAudit } from '../../infra/audit/index.ts';
import { withTransaction, type Tx } from '../../infra/mongo/index.ts';
import { now } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import { openCursor, sealCursor } from '../../shared/pagination.ts';
import { assertMakesSense, type CouponTermsInput } from './coupon-rules.ts';
import { CouponModel, type CouponRow } from './coupon.model.ts';

export type NewCoupon = Omit<CouponRow, '_id' | 'uses' | 'spentMinor' | 'version' | 'createdAt' | 'updatedAt'>;

/** @throws AppError `validation_failed` (terms that contradict each other), `already_exists` (the code) */
export async function createCoupon({ code, ...terms }: NewCoupon): Promise<CouponRow> {
  assertMakesSense(terms);
  const at = now();
  const made = { version: 0, createdAt: at, updatedAt: at };
  const row: CouponRow = { _id: newId(), code: code.toUpperCase(), ...terms, uses: 0, spentMinor: 0, ...made };
  try {
    await withTransaction(async (tx) => {
      await CouponModel.collection.insertOne(row as never, { session: tx });
      await recordAudit(tx, { event: 'coupon.created', subjectId: row._id, after: { code: row.code, ...terms } });
    });
  } catch (error) {
    if (!isDuplicateKey(error, 'code')) throw error;
    const details = [{ path: 'code', code: 'code_taken', message: 'There is a coupon with this code.' }];
    throw new AppError('already_exists', { details, cause: error });
  }
  return row;
}

/** @throws AppError `not_found` */
export async function getCoupon(couponId: string, tx?: Tx): Promise<CouponRow> {
  const row = await CouponModel.findById(couponId)
    .session(tx ?? null)
    .lean<CouponRow>();
  if (row === null) throw new AppError('not_found');
  return row;
}

interface CouponEdit {
  couponId: string;
  expectedVersion: number;
  change: { [K in keyof CouponTermsInput]?: CouponTermsInput[K] | undefined };
}

/** @throws AppError `not_found`, `version_conflict`, `validation_failed` (terms that contradict each other) */
export async function updateCoupon({ couponId, expectedVersion, change }: CouponEdit): Promise<CouponRow> {
  const given = Object.fromEntries(
    Object.entries(change).filter(([, value]) => value !== undefined),
  ) as Partial<CouponTermsInput>;
  return withTransaction(async (tx) => {
    const before = await getCoupon(couponId, tx);
    assertMakesSense({ ...before, ...given });
    const after = await CouponModel.collection.findOneAndUpdate(
      { _id: couponId as never, version: expectedVersion },
      { $set: { ...given, updatedAt: now() }, $inc: { version: 1 } },
      { session: tx, returnDocument: 'after' },
    );
    if (after === null) throw new AppError('version_conflict', { details: { currentVersion: before.version } });
    const changed = Object.keys(given) as (keyof CouponTermsInput)[];
    const was = Object.fromEntries(changed.map((key) => [key, before[key]]));
    await recordAudit(tx, { event: 'coupon.changed', subjectId: couponId, before: was, after: given });
    return after as unknown as CouponRow;
  });
}

interface CouponSearch {
  isActive?: boolean | undefined;
  limit: number;
  cursor?: string | undefined;
}

/** The newest first. */
export async function listCoupons({ isActive, limit, cursor }: CouponSearch) {
  const scope = `coupons ${String(isActive)}`;
  const beforeId = cursor === undefined ? null : openCursor(cursor, scope, config.quotes.secret);
  if (cursor !== undefined && typeof beforeId !== 'string') throw invalidCursor();
  const rows = await couponsQuery(isActive, beforeId as string | null)
    .limit(limit + 1)
    .lean<CouponRow[]>();
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return { data, limit, nextCursor: hasMore ? sealCursor(last._id, scope, config.quotes.secret) : null };
}

/** Exported for the explain test. */
export function couponsQuery(isActive: boolean | undefined, beforeId: string | null) {
  return CouponModel.find({
    ...(isActive === undefined ? {} : { isActive }),
    ...(beforeId === null ? {} : { _id: trusted({ $lt: beforeId }) }),
  }).sort({ _id: -1 });
}

import { trusted } from 'mongoose';
import type { Tx } from '../../infra/mongo/index.ts';
import { dateFrom } from '../../shared/clock.ts';
import { RESTAURANT_INDEXES, RestaurantModel, type RestaurantRow } from './restaurant.model.ts';
import { toRestaurantSnapshot, type RestaurantSnapshot } from './restaurant-snapshot.ts';

/** Where a page ended: when it was handed in, where that is the order, and the id. */
export type StatusKey = [submittedAtMs: number, id: string];

interface StatusList {
  /** Absent: all. */
  status?: RestaurantRow['status'] | undefined;
  after: StatusKey | null;
  limit: number;
}

/** For the office: who waits for a decision, the longest first; of everything else the newest first. */
export async function listRestaurantsByStatus(list: StatusList): Promise<RestaurantSnapshot[]> {
  const rows = await (list.status === 'in_review' ? waitingQuery(list) : newestQuery(list)).lean<RestaurantRow[]>();
  return rows.map(toRestaurantSnapshot);
}

function waitingQuery({ after, limit }: StatusList) {
  const [submittedAtMs, id] = after ?? [0, ''];
  const submittedAt = dateFrom(submittedAtMs);
  return RestaurantModel.find({
    status: 'in_review',
    // The range that the index is entered by; the rows of that very instant are sorted out below.
    submittedAt: trusted({ $gte: submittedAt }),
    $or: [{ submittedAt: trusted({ $gt: submittedAt }) }, { _id: trusted({ $gt: id }) }],
  })
    .sort({ submittedAt: 1, _id: 1 })
    .limit(limit)
    .hint(RESTAURANT_INDEXES.waiting);
}

function newestQuery({ status, after, limit }: StatusList) {
  return RestaurantModel.find({
    ...(status === undefined ? {} : { status }),
    ...(after === null ? {} : { _id: trusted({ $lt: after[1] }) }),
  })
    .sort({ _id: -1 })
    .limit(limit)
    .hint(status === undefined ? { _id: 1 } : RESTAURANT_INDEXES.byStatus);
}

/** The live ones of a brand, by public address. */
export async function listLiveBranches(
  brandId: string,
  { afterSlug, limit }: { afterSlug: string; limit: number },
): Promise<RestaurantSnapshot[]> {
  const rows = await RestaurantModel.find({ brandId, status: 'live', slug: trusted({ $gt: afterSlug }) })
    .sort({ slug: 1 })
    .limit(limit)
    .hint(RESTAURANT_INDEXES.byBrand)
    .lean<RestaurantRow[]>();
  return rows.map(toRestaurantSnapshot);
}

/** Whether a branch of the brand was approved and is not closed. */
export async function hasStandingBranch(brandId: string, tx: Tx): Promise<boolean> {
  const branch = await RestaurantModel.findOne({ brandId, status: trusted({ $in: ['live', 'suspended'] }) }, { _id: 1 })
    .hint(RESTAURANT_INDEXES.byBrand)
    .session(tx)
    .lean();
  return branch !== null;
}

export async function isSlugTaken(slug: string, tx: Tx): Promise<boolean> {
  return (await RestaurantModel.exists({ slug }).session(tx)) !== null;
}

/** How many wait for the office; beyond the limit it is only "many". */
export function countInReview(limit: number): Promise<number> {
  return RestaurantModel.countDocuments({ status: 'in_review' }, { limit, hint: RESTAURANT_INDEXES.byStatus });
}

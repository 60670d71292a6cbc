import { z } from 'zod';
import { config } from '../../../config/index.ts';
import { AppError, invalidCursor } from '../../../errors/index.ts';
import type { Tx } from '../../../infra/mongo/index.ts';
import type { Actor } from '../../../shared/actor.ts';
import { openCursor, sealCursor } from '../../../shared/pagination.ts';
import type { Party } from '../payable.model.ts';
import { payoutRuns, type PayoutRunRecord } from './payout-run.model.ts';
import { payouts, type PayoutRecord, type PayoutStatus } from './payout.model.ts';

interface PayoutFilter {
  status?: PayoutStatus | undefined;
  ownerId?: string | undefined;
  limit: number;
  cursor?: string | undefined;
}

interface PayoutPage {
  data: PayoutRecord[];
  limit: number;
  nextCursor: string | null;
}

const idSchema = z.string();

/** Of others only for an admin: null filters nothing. */
function ownOf({ userId, roles }: Actor): { ownerId: string; party: { $in: Party[] } } | null {
  if (roles.includes('admin')) return null;
  return {
    ownerId: userId,
    party: { $in: (['restaurant', 'courier'] as const).filter((party) => roles.includes(party)) },
  };
}

/** Newest first. @throws AppError `forbidden` for another's ownerId */
export async function listPayouts({ limit, cursor, ...filter }: PayoutFilter, actor: Actor): Promise<PayoutPage> {
  const where = filterOf(filter, actor);
  const scope = JSON.stringify(['payouts', actor.userId, filter.ownerId, filter.status]);
  const after = cursor === undefined ? {} : { _id: { $lt: positionOf(cursor, scope) } };
  const rows = await payouts()
    .find({ ...where, ...after })
    .sort({ _id: -1 })
    .limit(limit + 1)
    .toArray();
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return { data, limit, nextCursor: hasMore ? sealCursor(last._id, scope, config.quotes.secret) : null };
}

function filterOf({ ownerId, status }: Pick<PayoutFilter, 'ownerId' | 'status'>, actor: Actor) {
  const own = ownOf(actor);
  if (own !== null && ownerId !== undefined && ownerId !== own.ownerId) throw new AppError('forbidden');
  return { ...(ownerId === undefined ? {} : { ownerId }), ...own, ...(status === undefined ? {} : { status }) };
}

function positionOf(cursor: string, scope: string): string {
  const position = idSchema.safeParse(openCursor(cursor, scope, config.quotes.secret));
  if (position.success) return position.data;
  throw invalidCursor();
}

/** @throws AppError `not_found`, also for somebody else's */
export async function getPayout(payoutId: string, actor: Actor): Promise<PayoutRecord> {
  const payout = await payouts().findOne({ _id: payoutId, ...ownOf(actor) });
  if (payout === null) throw new AppError('not_found');
  return payout;
}

/** All that were ever made to them. */
export async function listPayoutIds(tx: Tx, ownerId: string): Promise<string[]> {
  const rows = await payouts()
    .find({ ownerId }, { session: tx, projection: { _id: 1 } })
    .toArray();
  return rows.map(({ _id }) => _id);
}

/** How far a run is. @throws AppError `not_found` */
export async function getPayoutRun(runId: string): Promise<PayoutRunRecord> {
  const run = await payoutRuns().findOne({ _id: runId });
  if (run === null) throw new AppError('not_found');
  return run;
}

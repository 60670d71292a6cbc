import { findAuditRows, type AuditRow } from '../../infra/audit/index.ts';
import { now } from '../../shared/clock.ts';
import { exportLogIns } from '../auth/index.ts';
import { getCart } from '../carts/index.ts';
import { exportQuotes } from '../checkout/index.ts';
import { exportCourier } from '../deliveries/index.ts';
import { exportImages } from '../images/index.ts';
import { exportOrders } from '../orders/index.ts';
import { exportReviews } from '../reviews/index.ts';
import { listWorkplaces } from '../staff/index.ts';
import { exportUserData } from '../users/index.ts';

export const EXPORT_FORMAT = 'quickbite-export-1';

/** Everything that the house knows about a person, asked of each module: one row of this table per kind. */
export async function collectPersonalData(userId: string): Promise<Record<string, unknown>> {
  const [user, logIns, cart, quotes, orders, reviews, courier, workplaces, images, securityLog] = await Promise.all([
    exportUserData(userId),
    exportLogIns(userId),
    getCart(userId),
    exportQuotes(userId),
    exportOrders(userId),
    exportReviews(userId),
    exportCourier(userId),
    listWorkplaces(userId),
    exportImages(userId),
    exportSecurityLog(userId),
  ]);
  return {
    format: EXPORT_FORMAT,
    exportedAt: now(),
    ...user,
    ...logIns,
    cart,
    quotes,
    orders,
    reviews,
    courier,
    workplaces,
    images,
    securityLog,
  };
}

const MAX_LOG_ROWS = 1_000;

/** What the person did and what was done to the account; not what they did to others, nor from where others came. */
async function exportSecurityLog(userId: string) {
  const newest = { after: null, limit: MAX_LOG_ROWS };
  const [done, suffered] = await Promise.all([
    findAuditRows({ actorId: userId }, newest),
    findAuditRows({ subjectId: userId }, newest),
  ]);
  const byOthers = suffered.filter(({ actorId }) => actorId !== userId);
  return [...done, ...byOthers.map<AuditRow>((row) => ({ ...row, address: null }))].map(
    ({ event, at, address, reason }) => ({ event, at, address, reason }),
  );
}

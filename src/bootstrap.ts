import './models.ts';
import { config } from './config/index.ts';
import { setTokenVerifier } from './http/index.ts';
import { startAudit } from './infra/audit/index.ts';
import { onShutdown } from './infra/lifecycle/index.ts';
import { connectMongo, disconnectMongo, syncIndexes } from './infra/mongo/index.ts';
import { startDefaultMetrics } from './infra/observability/index.ts';
import { assertNoEviction, connectRedis } from './infra/redis/index.ts';
import { registerDaily, registerTimer } from './infra/timers/index.ts';
import { verifyAccessToken } from './modules/auth/index.ts';
import { registerDeliveryTimers, showDeliveryProof } from './modules/deliveries/index.ts';
import { startHealthProbe } from './modules/health/index.ts';
import { registerPictureHolder } from './modules/images/index.ts';
import { EARNINGS_TIMER, PAYOUTS_TIMER, promisePayouts, releaseEarnings } from './modules/ledger/index.ts';
import { showItemClip, showItemPicture } from './modules/menu/index.ts';
import {
  ACCEPT_TIMER,
  AMENDMENT_TIMER,
  expireUnansweredOrder,
  giveUpUncollected,
  hasOrdered,
  INVITE_TIMER,
  NO_SHOW_TIMER,
  PAY_TIMER,
  promiseReplay,
  registerKitchenTimers,
  registerOrderSockets,
  RELEASE_TIMER,
  releaseScheduledOrder,
  REPLAY_TIMER,
  settleUnanswered,
} from './modules/orders/index.ts';
import {
  askBeforeExpiry,
  endUnpaidAgain,
  HOLD_TIMER,
  PAY_AGAIN_TIMER,
  promiseRenewal,
  promiseTipExpiry,
  TIP_TIMER,
} from './modules/payments/index.ts';
import { setOrderHistory } from './modules/promotions/index.ts';
import { promiseReconciliation, RECONCILIATION_TIMER } from './modules/reconciliation/index.ts';
import { inviteToReview, showReviewPicture } from './modules/reviews/index.ts';
import { showRestaurantPicture } from './modules/restaurants/index.ts';
import { showProfilePicture } from './modules/users/index.ts';

/** Connects what both processes need and hands the modules' knowledge down. Everything it opens closes by `shutdown`. */
export async function bootstrap(): Promise<void> {
  await connectMongo();
  onShutdown('clients', 'mongo', disconnectMongo);
  startAudit();
  connectRedis();
  await assertNoEviction();
  // In production indexes are built by `npm run sync-indexes`, before the new version starts.
  if (!config.isProduction) await syncIndexes({ replacesChanged: true });
  setTokenVerifier(verifyAccessToken);
  setOrderHistory(hasOrdered);
  registerTimer(PAY_TIMER, askBeforeExpiry);
  registerTimer(PAY_AGAIN_TIMER, endUnpaidAgain);
  registerTimer(HOLD_TIMER, promiseRenewal);
  registerTimer(TIP_TIMER, promiseTipExpiry);
  registerTimer(ACCEPT_TIMER, expireUnansweredOrder);
  registerTimer(RELEASE_TIMER, releaseScheduledOrder);
  registerTimer(NO_SHOW_TIMER, giveUpUncollected);
  registerTimer(AMENDMENT_TIMER, settleUnanswered);
  registerKitchenTimers();
  registerTimer(INVITE_TIMER, inviteToReview);
  registerDeliveryTimers();
  registerTimer(EARNINGS_TIMER, releaseEarnings);
  registerDaily({ kind: PAYOUTS_TIMER, hour: 2, run: promisePayouts });
  registerDaily({ kind: RECONCILIATION_TIMER, hour: 3, run: promiseReconciliation });
  registerDaily({ kind: REPLAY_TIMER, hour: 4, run: promiseReplay });
  registerPictureHolder('restaurant', showRestaurantPicture);
  registerPictureHolder('dish', showItemPicture);
  registerPictureHolder('clip', showItemClip);
  registerPictureHolder('profile', showProfilePicture);
  registerPictureHolder('review', showReviewPicture);
  registerPictureHolder('proof', showDeliveryProof);
  registerOrderSockets();
  await startHealthProbe();
  if (!config.isTest) startDefaultMetrics();
}

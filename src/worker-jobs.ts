import { startOutboxRelay, startQueueMetrics } from './infra/queue/index.ts';
import { fireDueTimers, startDaily, startSweep } from './infra/timers/index.ts';
import { timersProcessor } from './infra/timers/timers.processor.ts';
import { checkoutProcessor } from './modules/checkout/checkout.processor.ts';
import { deliveriesProcessor } from './modules/deliveries/deliveries.processor.ts';
import { sweepImages, sweepRemoteAssets } from './modules/images/index.ts';
import { imagesProcessor } from './modules/images/images.processor.ts';
import { ledgerProcessor } from './modules/ledger/ledger.processor.ts';
import { sweepSearchWords } from './modules/menu/index.ts';
import { menuProcessor } from './modules/menu/menu.processor.ts';
import { alertProcessor } from './modules/notifications/alerts.processor.ts';
import { codeProcessor } from './modules/notifications/codes.processor.ts';
import { emailProcessor } from './modules/notifications/notifications.processor.ts';
import { createMissingIntents, reconcilePayments } from './modules/payments/index.ts';
import { ordersProcessor } from './modules/orders/orders.processor.ts';
import { paymentsProcessor } from './modules/payments/payments.processor.ts';
import { reconciliationProcessor } from './modules/reconciliation/reconciliation.processor.ts';
import { privacyProcessor } from './modules/privacy/privacy.processor.ts';
import { reportsProcessor } from './modules/reports/reports.processor.ts';
import { popularityProcessor } from './modules/restaurants/popularity/popularity.processor.ts';
import { now } from './shared/clock.ts';
import { subscriptions } from './subscriptions.ts';

const processors = [
  ordersProcessor,
  timersProcessor,
  paymentsProcessor,
  ledgerProcessor,
  reconciliationProcessor,
  reportsProcessor,
  deliveriesProcessor,
  checkoutProcessor,
  emailProcessor,
  codeProcessor,
  alertProcessor,
  menuProcessor,
  privacyProcessor,
  popularityProcessor,
  imagesProcessor,
];

/** Everything the worker does beside answering on its private port. */
export async function startWorkerJobs(): Promise<void> {
  for (const processor of processors) processor.start();
  startSweep('timers', () => fireDueTimers(now()));
  startSweep('missing payment intents', createMissingIntents);
  startSweep('unresolved payments', reconcilePayments);
  startSweep('images', sweepImages);
  startSweep('orphaned assets', sweepRemoteAssets);
  startSweep('search words', sweepSearchWords);
  startQueueMetrics();
  await startDaily();
  await startOutboxRelay(subscriptions);
}

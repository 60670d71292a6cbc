import { defineProcessor } from '../../infra/queue/index.ts';
import { alertQueue } from './alerts.jobs.ts';
import { pushTipToCourier } from './courier-push.service.ts';
import { pushToCustomer } from './customer-push.service.ts';
import { remindToAccept, reportOverdue } from './kitchen-news.service.ts';
import { alertAboutOrder, reportPaused } from './operations-alerts.service.ts';

/**
 * Purpose: what rings in a kitchen, at a door, or with operations. Idempotency: one row per kind and event, claimed before and marked
 * after sending. Retry: eight attempts with backoff.
 */
export const alertProcessor = defineProcessor(alertQueue, {
  concurrency: 5,
  jobs: {
    'remind-to-accept': remindToAccept,
    'report-overdue': reportOverdue,
    'alert-operations': alertAboutOrder,
    'report-paused': reportPaused,
    'push-tip-to-courier': pushTipToCourier,
    'push-to-customer': pushToCustomer,
  },
});

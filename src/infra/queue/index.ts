export { countDeadLetters, listDeadLetters, retryDeadLetter } from './dead-letters.ts';
export { defineProcessor } from './define-processor.ts';
export { defineQueue } from './define-queue.ts';
export { appendOutbox } from './outbox.ts';
export { relayDueRows, startOutboxRelay, type SubscriptionTable } from './outbox-relay.ts';
export { startQueueMetrics } from './queue-metrics.ts';
export { toCall, toJob } from './subscribe.ts';

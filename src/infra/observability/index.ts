export { logger } from './logger.ts';
export { counter, DURATION_BUCKETS, gauge, histogram, metricsRegistry, startDefaultMetrics } from './metrics.ts';
export { reportError } from './report-error.ts';
export { currentStore, runWithStore, type RequestStore } from './request-store.ts';

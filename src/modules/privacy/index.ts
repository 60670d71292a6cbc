export { ACCOUNT_DELETED, EXPORT_READY, EXPORT_REQUESTED } from './privacy.events.ts';
export { maintenanceQueue } from './privacy.jobs.ts';

export { REPORT_REQUESTED } from './admin-reports.service.ts';
export { reportsQueue } from './reports.jobs.ts';

export { reportsQueue } from './reports.jobs.ts';

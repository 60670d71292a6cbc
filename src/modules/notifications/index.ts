export { emailQueue } from './notifications.jobs.ts';

export { codeQueue } from './codes.jobs.ts';
export { emailQueue } from './notifications.jobs.ts';

export { alertQueue, type CustomerNews, type OpsAlert } from './alerts.jobs.ts';
export { codeQueue } from './codes.jobs.ts';
export { emailQueue } from './notifications.jobs.ts';

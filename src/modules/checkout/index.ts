export { reservationQueue } from './checkout.jobs.ts';
export { exportQuotes, forgetQuotes } from './personal-data.service.ts';

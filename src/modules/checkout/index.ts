export { exportQuotes, forgetQuotes } from './personal-data.service.ts';

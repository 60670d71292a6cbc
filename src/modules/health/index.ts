export { startHealthProbe } from './health.service.ts';

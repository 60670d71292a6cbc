// Run as a process by parent-death.test.ts: starts servers, prints their addresses, and waits to be killed.
import { startServices } from '../../../scripts/services/index.ts';

const services = await startServices({ dataDir: process.argv[2] ?? '', purpose: 'demo' });
console.log(JSON.stringify({ mongoUri: services.mongoUri, redisUrl: services.redisUrl }));

import { afterEach } from 'vitest';
import { blockOutboundConnections } from './block-outbound.ts';
import { setTestEnvironment } from './test-environment.ts';

// Unit tests have no servers; one that tries to reach them fails at once.
setTestEnvironment({
  mongoUri: 'mongodb://127.0.0.1:9/quickbite_unit?replicaSet=rs0',
  redisUrl: 'redis://127.0.0.1:9',
  redisPrefix: 'quickbite-unit',
});

afterEach(blockOutboundConnections([]));

import { afterAll, beforeAll, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { AuditModel } from '../../../src/infra/audit/audit.model.ts';
import { noteSecurityEvent } from '../../../src/infra/audit/index.ts';
import { onShutdown, shutdown } from '../../../src/infra/lifecycle/index.ts';
import { connectMongo, disconnectMongo } from '../../../src/infra/mongo/index.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';

beforeAll(bootstrap);
afterAll(async () => {
  await emptyCollections();
  await disconnectMongo();
});

it('a refusal of the last moment, or of the shutdown itself, is written before the process ends', async () => {
  noteSecurityEvent({ event: 'access.forbidden', reason: 'before' });
  onShutdown('work', 'late', async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    noteSecurityEvent({ event: 'access.forbidden', reason: 'during' });
  });
  await shutdown('test');
  await connectMongo();
  const rows = await AuditModel.find().lean();
  expect(rows.map(({ reason }) => reason).toSorted()).toEqual(['before', 'during']);
});

import { mongo } from 'mongoose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { metricsRegistry } from '../../../src/infra/observability/index.ts';
import { openLogIn } from '../../../src/modules/auth/log-in.service.ts';
import { getUser } from '../../../src/modules/users/index.ts';
import { createUser } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { eventually } from '../../support/eventually.ts';

beforeAll(async () => {
  await bootstrap();
});
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

const CLIENT = { address: '127.0.0.1', userAgent: 'test', deviceToken: null };

async function countOf(result: string): Promise<number> {
  const metric = await metricsRegistry.getSingleMetric('quickbite_auth_attempts_total')?.get();
  return metric?.values.find(({ labels }) => labels['result'] === result)?.value ?? 0;
}

describe('the count of log-ins', () => {
  it('with a transaction that is retried and one that is aborted, counts what came of it', async () => {
    const user = await getUser((await createUser())._id);
    const before = await countOf('ok');
    let runs = 0;
    await withTransaction(async (tx) => {
      runs += 1;
      await openLogIn(tx, user, { method: 'password', client: CLIENT });
      if (runs < 3) throw new mongo.MongoServerError({ message: 'again', errorLabels: ['TransientTransactionError'] });
    });
    const abort = withTransaction(async (tx) => {
      await openLogIn(tx, user, { method: 'password', client: CLIENT });
      throw new Error('abort');
    });
    await expect(abort).rejects.toThrow('abort');
    await eventually(async () => {
      expect((await countOf('ok')) - before).toBe(1);
    });
    expect(runs).toBe(3);
  });
});

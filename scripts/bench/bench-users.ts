import { hash } from 'bcryptjs';
import type { mongo } from 'mongoose';
import { now } from '../../src/shared/clock.ts';
import { newId } from '../../src/shared/ids.ts';

export const BENCH_PASSWORD = 'correct horse battery';

/** Active customers who share one password, hashed at the cost of production. @returns their e-mails */
export async function insertUsers(client: mongo.MongoClient, count: number): Promise<string[]> {
  const passwordHash = await hash(BENCH_PASSWORD, 10);
  const at = now();
  const users = Array.from({ length: count }, () => {
    const _id = newId();
    return {
      ...{ _id, email: `bench-${_id}@example.com`, emailVerifiedAt: at, name: 'Asha Rao', phone: null },
      ...{ phoneVerifiedAt: null, roles: ['customer'], passwordHash, passwordChangedAt: null, hasSecondFactor: false },
      ...{ status: 'active', statusReason: null, sessionVersion: 0, addresses: [], createdAt: at, updatedAt: at },
    };
  });
  await client.db().collection<{ _id: string }>('users').insertMany(users);
  return users.map(({ email }) => email);
}

import type { DeliveryRecord } from '../../../src/modules/deliveries/delivery.model.ts';
import type { CourierRecord } from '../../../src/modules/deliveries/courier.model.ts';
import type { NewOrder } from '../../../src/modules/orders/index.ts';
import { createCourier } from '../../factories/courier.ts';
import type { Assigned } from '../../factories/delivery.ts';
import { logInAs, type Login } from '../../support/log-in.ts';

export interface Parties {
  customer: Login;
  owner: Login;
  courier: Login;
}

type CreateWithCourier = (changes: Partial<NewOrder>, courier: Partial<CourierRecord>) => Promise<Assigned>;

/** The three people of a delivery, with real sessions, and the delivery in the state that `create` brings it to. */
export async function withParties(create: CreateWithCourier): Promise<Parties & { delivery: DeliveryRecord }> {
  const parties = await logInParties();
  const ids = { customerId: parties.customer.userId, ownerId: parties.owner.userId };
  const { delivery } = await create(ids, { _id: parties.courier.userId });
  return { ...parties, delivery };
}

export async function logInParties(): Promise<Parties> {
  const [customer, owner, courier] = await Promise.all([
    logInAs(),
    logInAs({ roles: ['customer', 'restaurant'] }),
    logInAs({ roles: ['courier'], name: 'Ravi Nair' }),
  ]);
  return { customer, owner, courier };
}

/** A courier with a session, idle in the middle of the town. */
export async function logInCourier(changes: Partial<CourierRecord> = {}): Promise<Login> {
  const login = await logInAs({ roles: ['courier'], name: 'Ravi Nair' });
  await createCourier({ _id: login.userId, ...changes });
  return login;
}

/** Headers of one attempt. */
export function withKey({ headers }: Login, key: string): Record<string, string> {
  return { ...headers, 'Idempotency-Key': key };
}

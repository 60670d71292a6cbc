import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { listRefunds } from '../../../src/modules/payments/refunds/refunds.service.ts';
import type { Actor } from '../../../src/shared/actor.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createRestaurant } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { explainQueries } from '../../support/watch-commands.ts';

beforeAll(bootstrap);
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

const actorOf = (userId: string, role: Actor['roles'][number]): Actor => {
  return { userId, roles: ['customer', role], sessionId: newId() };
};

it.each([
  ['support', ['_id_']],
  ['restaurant', ['restaurantId_1_liableParty_1__id_-1', 'courierId_1_liableParty_1__id_-1']],
  ['courier', ['courierId_1_liableParty_1__id_-1']],
] as const)('the refunds that a %s may see come out of an index in their order', async (role, indexes) => {
  const { ownerId } = await createRestaurant();
  const plans = await explainQueries(() => listRefunds({ limit: 20 }, actorOf(ownerId, role)));
  const ofRefunds = plans.filter(({ command }) => command === 'find refunds');
  expect(ofRefunds).toHaveLength(1);
  expect(ofRefunds[0]?.stages).not.toContain('COLLSCAN');
  expect(ofRefunds[0]?.stages).not.toContain('SORT');
  expect(ofRefunds[0]?.indexes).toEqual(expect.arrayContaining([...indexes]));
});

it('the refunds of one order come out of its index in their order', async () => {
  const asked = { orderId: newId(), limit: 20 };
  const plans = await explainQueries(() => listRefunds(asked, actorOf(newId(), 'support')));
  expect(plans.map(({ command }) => command)).toEqual(['find refunds']);
  expect(plans[0]?.indexes).toContain('orderId_1__id_-1');
  expect(plans[0]?.stages).not.toContain('SORT');
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { AccountLinkModel } from '../../../src/modules/auth/links/account-link.model.ts';
import { QuoteModel } from '../../../src/modules/checkout/quote.model.ts';
import { exportRows } from '../../../src/modules/privacy/export.model.ts';
import { zoneAtQuery } from '../../../src/modules/restaurants/zones.service.ts';
import { FavouriteModel } from '../../../src/modules/users/favourite.model.ts';
import { favouritesQuery } from '../../../src/modules/users/favourites.service.ts';
import { PushDeviceModel } from '../../../src/modules/users/push-device.model.ts';
import { listPushTargets, pushDevicesQuery } from '../../../src/modules/users/push-devices.service.ts';
import { now, secondsFromNow } from '../../../src/shared/clock.ts';
import { idFrom, newId } from '../../../src/shared/ids.ts';
import { createExport } from '../../factories/export.ts';
import { TOWN } from '../../factories/restaurant.ts';
import { createZone } from '../../factories/zone.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { summarizePlan, type PlanSummary } from '../../support/explain.ts';
import { explainQueries } from '../../support/watch-commands.ts';

beforeAll(bootstrap);
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

const USER = newId();
/** Each index once: the plan and its execution both name it. */
function planOf(explanation: unknown): PlanSummary {
  const plan = summarizePlan(explanation);
  return { ...plan, indexes: [...new Set(plan.indexes)] };
}

const ids = (count: number) => Array.from({ length: count }, () => newId());

describe('queries of a person’s own things', () => {
  it('find the zone of a point by the geo index, past the zones elsewhere', async () => {
    const here = await createZone();
    for (let n = 0; n < 50; n += 1) {
      const [lng, lat] = [n, -40];
      const corners: [number, number][] = [
        [lng, lat],
        [lng + 0.5, lat],
        [lng + 0.5, lat + 0.5],
        [lng, lat + 0.5],
        [lng, lat],
      ];
      await createZone({ area: { type: 'Polygon', coordinates: [corners] } });
    }
    expect(await zoneAtQuery(TOWN).lean()).toEqual({ _id: here._id, name: here.name });
    const plan = planOf(await zoneAtQuery(TOWN).explain('executionStats'));
    expect(plan.indexes).toEqual(['area']);
    expect(plan.docsExamined).toBeLessThan(10);
  });

  it('page through favourites in index order, and find one of them', async () => {
    const rows = [...ids(100).map((userId) => [userId, newId()]), ...ids(60).map((id) => [USER, id])];
    await FavouriteModel.insertMany(
      rows.map(([userId, restaurantId]) => ({ _id: newId(), userId, restaurantId, createdAt: now() })),
    );
    const page = favouritesQuery({ userId: USER, before: 'f'.repeat(24), limit: 21 });
    const plan = planOf(await page.explain('executionStats'));
    expect(plan).toMatchObject({ indexes: ['userId_1__id_-1'], docsExamined: 21 });
    expect(plan.stages).not.toContain('SORT');
    const one = FavouriteModel.findOne({ userId: USER, restaurantId: rows.at(-1)?.[1] ?? '' });
    const planOfOne = planOf(await one.explain('executionStats'));
    expect(planOfOne).toMatchObject({ indexes: ['userId_1_restaurantId_1'], docsExamined: 1 });
  });

  it('list push devices in index order, and find those of several people, and one by its token', async () => {
    const device = { sessionVersion: 0, platform: 'ios', name: 'Phone', token: 'x', registeredAt: now() };
    const owners = [...ids(100), ...Array.from({ length: 20 }, () => USER)];
    await PushDeviceModel.insertMany(
      owners.map((userId, n) => ({ ...device, _id: newId(), userId, tokenHash: idFrom('token', n) })),
    );
    const plan = planOf(await pushDevicesQuery(USER).explain('executionStats'));
    expect(plan).toMatchObject({ indexes: ['userId_1_registeredAt_-1__id_-1'], docsExamined: 20 });
    expect(plan.stages).not.toContain('SORT');
    const targets = await explainQueries(() => listPushTargets([USER, owners[0] ?? '']));
    const [found] = targets.filter(({ command }) => command === 'find push_devices');
    expect(new Set(found?.indexes)).toEqual(new Set(['userId_1_registeredAt_-1__id_-1']));
    expect(found?.docsExamined).toBe(21);
    expect(targets.flatMap(({ stages }) => stages)).not.toContain('COLLSCAN');
    const byToken = PushDeviceModel.findOne({ tokenHash: idFrom('token', 7) });
    const planOfOne = planOf(await byToken.explain('executionStats'));
    expect(planOfOne).toMatchObject({ indexes: ['tokenHash_1'], docsExamined: 1 });
  });
});

describe('queries of the end of an account', () => {
  it('find its exports, quotes and links by their indexes', async () => {
    for (const userId of [...ids(20), USER]) await createExport({ userId });
    const quotes = [...ids(50), USER].map((customerId) => ({
      _id: newId(),
      customerId,
      expiresAt: secondsFromNow(60),
    }));
    await QuoteModel.collection.insertMany(quotes as never[]);
    const links = ids(50).map((id) => ({ _id: id, email: `${id}@example.com`, expiresAt: secondsFromNow(60) }));
    await AccountLinkModel.collection.insertMany(links as never[]);
    const plans = await Promise.all([
      exportRows().find({ userId: USER }).explain('executionStats'),
      QuoteModel.collection.find({ customerId: USER }).explain('executionStats'),
      AccountLinkModel.collection.find({ email: links[3]?.email ?? '' }).explain('executionStats'),
    ]);
    expect(plans.map(planOf)).toMatchObject([
      { indexes: ['userId_1__id_1'], docsExamined: 1 },
      { indexes: ['customerId_1'], docsExamined: 1 },
      { indexes: ['email_1'], docsExamined: 1 },
    ]);
  });
});

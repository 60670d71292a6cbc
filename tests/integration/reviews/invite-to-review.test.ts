import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { config } from '../../../src/config/index.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { openQueue } from '../../../src/infra/queue/define-queue.ts';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { fireDueTimers } from '../../../src/infra/timers/index.ts';
import { reviewOrder } from '../../../src/modules/reviews/reviews.service.ts';
import { addMs, now, setClock } from '../../../src/shared/clock.ts';
import { createOrderIn, customerActor } from '../../factories/order.ts';
import { createUser } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { readTimers } from '../../support/order-log.ts';

const START = new Date('2026-11-20T12:00:00.000Z');
const AFTER_MS = config.reviews.inviteSeconds * 1000;

beforeAll(bootstrap);
beforeEach(() => {
  setClock({ frozenAt: START });
});
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => shutdown('test'));

/** No worker runs here, and the delayed jobs are deleted: what fires is the sweep alone. */
async function passTime(ms: number): Promise<void> {
  await openQueue('timer').obliterate({ force: true });
  setClock({ frozenAt: addMs(now(), ms) });
  await fireDueTimers(now());
}

const invitations = () => OutboxModel.countDocuments({ event: 'review.invited' });

describe('T9', () => {
  it('45 minutes after the end: invited once', async () => {
    const { _id } = await createOrderIn('delivered');
    await passTime(AFTER_MS - 1);
    expect(await invitations()).toBe(0);
    await passTime(1);
    await passTime(AFTER_MS);
    expect(await invitations()).toBe(1);
    expect(await readTimers(_id)).toEqual([]);
  });

  it('reviewed before: nobody is asked', async () => {
    const customer = await createUser();
    const order = await createOrderIn('delivered', { customerId: customer._id });
    await reviewOrder({ orderId: order._id, foodStars: 5 }, customerActor(order));
    expect(await readTimers(order._id)).toEqual([]);
    await passTime(AFTER_MS);
    expect(await invitations()).toBe(0);
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { exportReviews } from '../../../src/modules/reviews/index.ts';
import { getOrderReview } from '../../../src/modules/reviews/reviews.queries.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createReview } from '../../factories/review.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { explainQueries } from '../../support/watch-commands.ts';

beforeAll(() => bootstrap());
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

describe('exportReviews', () => {
  it('has everything that the person wrote, hidden or not, and nothing of others', async () => {
    const customerId = newId();
    const shown = await createReview({ customerId });
    const hidden = await createReview({ customerId, isHidden: true, hiddenReason: 'Spam' });
    await createReview();
    const rows = await exportReviews(customerId);
    expect(rows.map(({ orderId }) => orderId)).toEqual([hidden.orderId, shown.orderId]);
    expect(rows[1]).toMatchObject({ foodStars: 5, text: 'Still warm.', isHidden: false });
  });
});

describe('a query', () => {
  it.each([
    ['getOrderReview', (orderId: string, customerId: string) => getOrderReview(orderId, customer(customerId))],
    ['exportReviews', (_orderId: string, customerId: string) => exportReviews(customerId)],
  ])('of %s reads one row, out of an index', async (_name, ask) => {
    for (let index = 0; index < 20; index += 1) await createReview();
    const { orderId, customerId } = await createReview();
    const plans = await explainQueries(() => ask(orderId, customerId));
    const [plan] = plans.filter(({ command }) => command === 'find reviews');
    expect(plan).toMatchObject({ docsExamined: 1 });
    expect(plan?.stages).not.toContain('COLLSCAN');
    expect(plan?.stages).not.toContain('SORT');
  });
});

function customer(userId: string) {
  return { userId, roles: ['customer' as const], sessionId: newId() };
}

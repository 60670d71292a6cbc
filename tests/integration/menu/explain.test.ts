import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { itemsAfterQuery, servedCategoriesQuery } from '../../../src/modules/menu/menu.queries.ts';
import { copiesQuery } from '../../../src/modules/menu/pictures.service.ts';
import { importsQuery } from '../../../src/modules/menu/transfer/imports.service.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createCategory, createMenuItem } from '../../factories/menu-item.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { summarizePlan } from '../../support/explain.ts';

beforeAll(bootstrap);
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

const picture = { imageId: 'a'.repeat(24), urlTemplate: 'https://x', width: 1, height: 1, blurhash: 'x' };

describe('the indexes of the console’s menu', () => {
  it.each([
    ['a page of items', (id: string) => itemsAfterQuery(id, [1, newId()]), 'restaurantId_1_rank_1__id_1'],
    ['categories with mealtimes', servedCategoriesQuery, 'restaurantId_1_rank_1__id_1'],
    ['the last imports', importsQuery, 'restaurantId_1_createdAt_-1__id_-1'],
    ['copies of a picture', () => copiesQuery(picture.imageId, newId()), 'imageId_1'],
  ])('serve %s', async (_name, query, index) => {
    const restaurantId = newId();
    await createCategory({ restaurantId });
    for (let rank = 0; rank < 3; rank += 1)
      await createMenuItem({ restaurantId, rank, picture, imageId: picture.imageId });
    const plan = summarizePlan(await query(restaurantId).explain('executionStats'));
    expect(new Set(plan.indexes)).toEqual(new Set([index]));
    expect(plan.stages).not.toContain('SORT');
    expect(plan.stages).not.toContain('COLLSCAN');
  });
});

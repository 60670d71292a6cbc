import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { MenuItemModel } from '../../../src/modules/menu/menu-item.model.ts';
import { dishesQuery } from '../../../src/modules/menu/search/search.queries.ts';
import { rebuildSearchWords } from '../../../src/modules/menu/search/rebuild-words.service.ts';
import { regionsAround } from '../../../src/modules/restaurants/index.ts';
import {
  completionQuery,
  knownWordsQuery,
  similarQuery,
} from '../../../src/modules/restaurants/words/words.service.ts';
import { buildMenuItem } from '../../factories/menu-item.ts';
import { TOWN } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { summarizePlan } from '../../support/explain.ts';

beforeAll(async () => {
  await bootstrap();
  const names = Array.from({ length: 300 }, (_, index) => (index % 10 === 0 ? `Biryani ${index}` : `Momo ${index}`));
  await MenuItemModel.insertMany(names.map((name) => buildMenuItem({ name })));
  await rebuildSearchWords();
});
afterAll(async () => {
  await emptyCollections();
  await shutdown('test');
});

describe('the index of', () => {
  it.each([
    { search: 'dishes near a point', regions: regionsAround(TOWN) },
    { search: 'dishes anywhere', regions: [] },
  ])('$search serves words and place', async ({ regions }) => {
    const plan = summarizePlan(await dishesQuery([['bir', 'biryani']], regions, 100).explain('executionStats'));
    expect(new Set(plan.indexes)).toEqual(new Set(['searchTokens_1_region_1__id_1']));
    expect(plan.stages).not.toContain('COLLSCAN');
    expect(plan.docsExamined).toBe(30);
  });

  it('similar words serves the misspelt one', async () => {
    const plan = summarizePlan(await similarQuery(['biriyani']).explain('executionStats'));
    expect(new Set(plan.indexes)).toEqual(new Set(['deletes_1']));
    expect(plan.docsExamined).toBe(1);
  });

  it('completions and known words go by the word itself', async () => {
    for (const query of [completionQuery('bi', 10), knownWordsQuery(['biryani', 'momo'])]) {
      const plan = summarizePlan(await query.explain('executionStats'));
      expect(new Set(plan.indexes)).toEqual(new Set(['_id_']));
      expect(plan.docsExamined).toBeLessThanOrEqual(2);
    }
  });
});

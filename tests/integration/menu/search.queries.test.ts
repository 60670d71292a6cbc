import mongoose, { type mongo } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { MenuItemModel } from '../../../src/modules/menu/menu-item.model.ts';
import {
  countDishes,
  dishesAtQuery,
  dishesQuery,
  findWordsOfDishes,
} from '../../../src/modules/menu/search/search.queries.ts';
import { rebuildSearchWords } from '../../../src/modules/menu/search/rebuild-words.service.ts';
import { completionQuery, similarQuery } from '../../../src/modules/restaurants/words/words.service.ts';
import { newId } from '../../../src/shared/ids.ts';
import { buildMenuItem } from '../../factories/menu-item.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { summarizePlan } from '../../support/explain.ts';
import { explainQueries } from '../../support/watch-commands.ts';

const home = newId();

beforeAll(async () => {
  await bootstrap();
  const names = Array.from({ length: 300 }, (_, index) => (index % 10 === 0 ? `Biryani ${index}` : `Momo ${index}`));
  await MenuItemModel.insertMany(
    names.map((name, index) => buildMenuItem({ name, ...(index < 30 ? { restaurantId: home } : {}) })),
  );
  await rebuildSearchWords();
});
afterAll(async () => {
  await emptyCollections();
  await shutdown('test');
});

describe('the index of', () => {
  it.each([
    { search: 'dishes anywhere', cursor: () => dishesQuery({ leading: ['bir'], all: [['bir']] }, 100), docs: 30 },
    {
      search: 'dishes of some restaurants',
      cursor: () => dishesAtQuery({ leading: ['bir'], all: [['bir']] }, [home, newId()], 100),
      docs: 3,
    },
    {
      search: 'dishes with two words, however rare the second',
      cursor: () => dishesQuery({ leading: ['momo'], all: [['9'], ['momo']] }, 100),
      docs: 100,
    },
  ])('$search serves words and restaurants, and reads no more than it was allowed', async ({ cursor, docs }) => {
    const plan = summarizePlan(await cursor().explain('executionStats'));
    expect(new Set(plan.indexes)).toEqual(new Set(['searchTokens_1_restaurantId_1__id_1']));
    expect(plan.stages).not.toContain('COLLSCAN');
    expect(plan.stages).not.toContain('SORT');
    expect([plan.docsExamined, plan.keysExamined <= docs * 2 + 2]).toEqual([docs, true]);
  });

  it('a count of dishes is asked alone, and only as far as it was allowed', async () => {
    const plans = await explainQueries(() => countDishes(['momo', 'moma'], 50));
    expect(plans).toHaveLength(1);
    expect(plans[0]).toMatchObject({ docsExamined: 0 });
    expect(plans[0]?.keysExamined).toBeLessThanOrEqual(52);
  });

  it('similar words serves the misspelt one', async () => {
    const plan = summarizePlan(await similarQuery(['biriyani']).explain('executionStats'));
    expect(new Set(plan.indexes)).toEqual(new Set(['deletes_1']));
    expect(plan.docsExamined).toBe(1);
  });

  it('completions go by the word itself', async () => {
    const plan = summarizePlan(await completionQuery('bi', 10).explain('executionStats'));
    expect(new Set(plan.indexes)).toEqual(new Set(['_id_']));
    expect(plan.docsExamined).toBeLessThanOrEqual(2);
  });

  it('words in use is asked once an entry for each word, however many dishes have it', async () => {
    const pipeline = await sentBy(() => findWordsOfDishes(['biryani', 'momo', 'nobodys']));
    const [lookup] = await lookupStats(pipeline);
    expect(lookup).toMatchObject({ collectionScans: 0, indexesUsed: ['searchTokens_1_restaurantId_1__id_1'] });
    expect(lookup?.totalKeysExamined).toBeLessThanOrEqual(3);
    expect(await findWordsOfDishes(['biryani', 'momo', 'nobodys'])).toEqual(new Set(['biryani', 'momo']));
  });
});

interface LookupStats {
  collectionScans: number;
  indexesUsed: string[];
  totalKeysExamined: number;
}

async function sentBy(work: () => Promise<unknown>): Promise<mongo.Document[]> {
  const client = mongoose.connection.getClient();
  let pipeline: mongo.Document[] = [];
  const remember = ({ command }: mongo.CommandStartedEvent): void => {
    pipeline = (command['pipeline'] as mongo.Document[] | undefined) ?? pipeline;
  };
  client.on('commandStarted', remember);
  await work();
  client.off('commandStarted', remember);
  return pipeline;
}

async function lookupStats(pipeline: mongo.Document[]): Promise<LookupStats[]> {
  const explain = { aggregate: 1, pipeline, cursor: {} };
  const answer = await mongoose.connection.db?.command({ explain, verbosity: 'executionStats' });
  const stages = (answer?.['stages'] ?? []) as Record<string, unknown>[];
  return stages.filter((stage) => '$lookup' in stage) as unknown as LookupStats[];
}

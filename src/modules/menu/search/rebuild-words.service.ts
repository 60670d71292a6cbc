import { eachLiveName, learnWords } from '../../restaurants/index.ts';
import { MenuItemModel, type MenuItemRow } from '../menu-item.model.ts';

const BATCH = 500;

/**
 * Learns the words of every live restaurant and every dish again: after a seed, a restore, or whenever some may be missing. What is
 * known already costs a look-up.
 */
export async function rebuildSearchWords(): Promise<void> {
  await learnInBatches(eachLiveName());
  await learnInBatches(eachDishName());
}

async function learnInBatches(names: AsyncIterable<string>): Promise<void> {
  let batch: string[] = [];
  for await (const name of names) {
    batch.push(name);
    if (batch.length < BATCH) continue;
    await learnWords(batch);
    batch = [];
  }
  await learnWords(batch);
}

async function* eachDishName(): AsyncGenerator<string> {
  const dishes = MenuItemModel.collection.find({}, { projection: { name: 1 } }).hint({ _id: 1 });
  for await (const dish of dishes) yield (dish as unknown as Pick<MenuItemRow, 'name'>).name;
}

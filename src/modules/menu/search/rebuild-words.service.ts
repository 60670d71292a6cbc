import { takePlace, type Quota } from '../../../infra/redis/index.ts';
import { now } from '../../../shared/clock.ts';
import { newId } from '../../../shared/ids.ts';
import { eachLiveName, forgetWordsBefore, learnWords } from '../../restaurants/index.ts';
import { MenuItemModel, type MenuItemRow } from '../menu-item.model.ts';

const BATCH = 500;

/** Once a day, whichever worker comes first. */
const DAILY: Quota = { name: 'search-words', limit: 1, windowSeconds: 86_400 };

/** Words that were lost with a process, or that nobody has any more. @returns whether it was time */
export async function sweepSearchWords(): Promise<boolean> {
  if (!(await takePlace(DAILY, { key: 'sweep', subjectId: newId() }))) return false;
  await rebuildSearchWords();
  return true;
}

/** Learns the words of every live restaurant and its dishes again, and forgets those that none of them has. */
export async function rebuildSearchWords(): Promise<void> {
  const startedAt = now();
  await learnInBatches(eachLiveName());
  await learnInBatches(eachDishName());
  await forgetWordsBefore(startedAt);
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

/** Of dishes that are found. */
async function* eachDishName(): AsyncGenerator<string> {
  const dishes = MenuItemModel.collection
    .find({ 'searchTokens.0': { $exists: true } }, { projection: { name: 1 } })
    .hint({ _id: 1 });
  for await (const dish of dishes) yield (dish as unknown as Pick<MenuItemRow, 'name'>).name;
}

import { AppError, isDuplicateKey } from '../../../errors/index.ts';
import { withTransaction } from '../../../infra/mongo/index.ts';
import { appendOutbox } from '../../../infra/queue/index.ts';
import type { Actor } from '../../../shared/actor.ts';
import { now, secondsFromNow } from '../../../shared/clock.ts';
import { newId } from '../../../shared/ids.ts';
import { assertWorksAt } from '../../staff/index.ts';
import { MENU_IMPORT_REQUESTED } from '../menu.events.ts';
import { MenuImportModel, type MenuImportRow } from './menu-import.model.ts';

/** Beyond all attempts of its job: nobody is at it any more. */
const ABANDONED_SECONDS = 30 * 60;
const KEPT_SECONDS = 30 * 86_400;

interface RequestImportInput {
  restaurantId: string;
  format: MenuImportRow['format'];
  mode: MenuImportRow['mode'];
  body: string;
}

/** A job looks at the file. @throws AppError `not_found`, `forbidden`, `import_running` */
export async function requestImport(
  { restaurantId, ...file }: RequestImportInput,
  actor: Actor,
): Promise<MenuImportRow> {
  await assertWorksAt(restaurantId, actor.userId, 'menu.edit');
  await closeAbandoned(restaurantId);
  const row: MenuImportRow = {
    ...{ _id: newId(), restaurantId, requestedBy: actor.userId, ...file, status: 'pending' },
    ...{ report: [], isReportCut: false, categories: 0, items: 0 },
    ...{ createdAt: now(), finishedAt: null, expiresAt: secondsFromNow(KEPT_SECONDS) },
  };
  try {
    await withTransaction(async (tx) => {
      await MenuImportModel.collection.insertOne(row as never, { session: tx });
      await appendOutbox(tx, [{ event: MENU_IMPORT_REQUESTED, payload: { importId: row._id } }]);
    });
  } catch (error) {
    if (isDuplicateKey(error)) throw new AppError('import_running');
    throw error;
  }
  return row;
}

/** Its worker died again and again: it must not bar the next one for ever. */
async function closeAbandoned(restaurantId: string): Promise<void> {
  const message = 'It was never finished. Send the file again.';
  const report = [{ row: null, path: '', code: 'import_failed', message }];
  const createdAt = { $lt: secondsFromNow(-ABANDONED_SECONDS) };
  await MenuImportModel.collection.updateOne(
    { restaurantId, status: 'pending', createdAt },
    { $set: { status: 'refused', report, body: null, finishedAt: now() } },
  );
}

/** @throws AppError `not_found`, `forbidden` */
export async function getImport(
  { restaurantId, importId }: { restaurantId: string; importId: string },
  actor: Actor,
): Promise<MenuImportRow> {
  await assertWorksAt(restaurantId, actor.userId, 'menu.edit');
  const row = await MenuImportModel.findOne({ _id: importId, restaurantId }, { body: 0 }).lean<MenuImportRow>();
  if (row === null) throw new AppError('not_found');
  return row;
}

/** The newest first, without their reports. @throws AppError `not_found`, `forbidden` */
export async function listImports(
  { restaurantId, limit }: { restaurantId: string; limit: number },
  actor: Actor,
): Promise<MenuImportRow[]> {
  await assertWorksAt(restaurantId, actor.userId, 'menu.edit');
  return importsQuery(restaurantId).limit(limit).lean<MenuImportRow[]>();
}

export function importsQuery(restaurantId: string) {
  return MenuImportModel.find({ restaurantId }, { body: 0, report: 0 })
    .sort({ createdAt: -1, _id: -1 })
    .hint({ restaurantId: 1, createdAt: -1, _id: -1 });
}

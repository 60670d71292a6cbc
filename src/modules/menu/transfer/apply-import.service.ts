import { isAppError } from '../../../errors/index.ts';
import type { Tx } from '../../../infra/mongo/index.ts';
import { now } from '../../../shared/clock.ts';
import { getRestaurant } from '../../restaurants/index.ts';
import { assertWorksAt } from '../../staff/index.ts';
import { growMenu } from '../edit-menu.service.ts';
import { MAX_NOTES, MenuImportModel, type ImportNote, type MenuImportRow } from './menu-import.model.ts';
import { readStoredMenu, writeMenu } from './menu-store.service.ts';
import { planImport } from './plan-import.ts';
import { readMenuFile, type ReadMenu } from './read-menu-file.ts';

/**
 * All of a file or nothing of it, once: whatever is wrong is found before anything is written, and the menu is written in the
 * transaction that closes the import.
 */
export async function applyImport(importId: string, { isLastAttempt = false } = {}): Promise<void> {
  const row = await MenuImportModel.findById(importId).lean<MenuImportRow>();
  if (row?.status !== 'pending') return;
  try {
    await apply(row);
  } catch (error) {
    await closeFailed(row, error, isLastAttempt);
  }
}

const FAILED = { code: 'import_failed', message: 'Something went wrong on our side. Send the file again.' };

/** Left open, it would bar every other import of the restaurant. @throws what no file is to blame for */
async function closeFailed(row: MenuImportRow, error: unknown, isLastAttempt: boolean): Promise<void> {
  const isRefused = isAppError(error) && error.status < 500;
  // Too deep, too long: it will be so at every attempt.
  const isForGood = isRefused || isLastAttempt || error instanceof RangeError;
  const { code, message } = isRefused ? error : FAILED;
  if (isForGood) await close(row, { status: 'refused', notes: [{ row: null, path: '', code, message }] });
  if (!isRefused) throw error;
}

async function apply(row: MenuImportRow): Promise<void> {
  if (!(await mayStill(row))) {
    const message = 'Whoever asked for it may not edit this menu any more.';
    await close(row, { status: 'refused', notes: [{ row: null, path: '', code: 'forbidden', message }] });
    return;
  }
  const file = await readMenuFile(row);
  if (file.document === null) await close(row, { status: 'refused', notes: file.notes });
  else await writeImport(row, file, file.document);
}

async function writeImport(
  row: MenuImportRow,
  { rowAt }: ReadMenu,
  document: NonNullable<ReadMenu['document']>,
): Promise<void> {
  const withRow = (note: Omit<ImportNote, 'row'>): ImportNote => ({ row: rowAt(note.path), ...note });
  await growMenu(row.restaurantId, async (tx) => {
    const restaurant = await getRestaurant(row.restaurantId, tx);
    const stored = await readStoredMenu(tx, row.restaurantId);
    const plan = planImport({ document, stored, mode: row.mode, restaurant });
    if (plan.faults.length > 0) {
      await close(row, { status: 'refused', notes: plan.faults.map(withRow), tx });
      return;
    }
    const counts = { categories: plan.categories.length, items: plan.items.length };
    const isOurs = await close(row, { status: 'applied', notes: plan.outcomes.map(withRow), tx, counts });
    if (isOurs) await writeMenu(tx, stored, plan);
  });
}

interface Closing {
  status: 'applied' | 'refused';
  notes: readonly ImportNote[];
  tx?: Tx;
  counts?: { categories: number; items: number };
}

/** False: another delivery of the job was faster. The file itself has served its time. */
async function close({ _id }: MenuImportRow, { status, notes, tx, counts }: Closing): Promise<boolean> {
  const report = { report: notes.slice(0, MAX_NOTES), isReportCut: notes.length > MAX_NOTES };
  const { matchedCount } = await MenuImportModel.collection.updateOne(
    { _id: _id as never, status: 'pending' },
    { $set: { status, ...report, ...counts, body: null, finishedAt: now() } },
    tx === undefined ? {} : { session: tx },
  );
  return matchedCount === 1;
}

/** Roles may have changed between the request and the job. */
async function mayStill({ restaurantId, requestedBy }: MenuImportRow): Promise<boolean> {
  try {
    await assertWorksAt(restaurantId, requestedBy, 'menu.edit');
    return true;
  } catch (error) {
    if (isAppError(error, 'not_found') || isAppError(error, 'forbidden')) return false;
    throw error;
  }
}

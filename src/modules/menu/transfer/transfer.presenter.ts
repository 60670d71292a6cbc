import type { MenuImportRow } from './menu-import.model.ts';
import type { MenuImportBody } from './transfer.schema.ts';

export function toImportView(row: MenuImportRow): MenuImportBody {
  const { _id, restaurantId, format, mode, status, report, isReportCut, categories, items } = row;
  return {
    ...{ id: _id, restaurantId, format, mode, status, report, isReportCut, categories, items },
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

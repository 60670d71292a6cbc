import type { MenuImportRow } from './menu-import.model.ts';
import type { MenuImportBody, MenuImportLine } from './transfer.schema.ts';

export function toImportView(row: MenuImportRow): MenuImportBody {
  const { report, isReportCut } = row;
  return { ...toImportLine(row), report, isReportCut };
}

export function toImportLine(row: MenuImportRow): MenuImportLine {
  const { _id, restaurantId, format, mode, status, categories, items } = row;
  return {
    ...{ id: _id, restaurantId, format, mode, status, categories, items },
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

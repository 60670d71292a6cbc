import type { MenuImportRow, ImportNote } from './menu-import.model.ts';
import { checkDocument } from './check-document.ts';
import type { MenuDocument } from './menu-document.schema.ts';
import { readCsv } from './read-csv.ts';

export interface ReadMenu {
  /** Null: something is wrong with it, and the notes say what. */
  document: MenuDocument | null;
  notes: ImportNote[];
  rowAt: (path: string) => number | null;
}

/** A file as the document that it stands for, every fault of it by row and path. */
export async function readMenuFile({ format, body }: Pick<MenuImportRow, 'format' | 'body'>): Promise<ReadMenu> {
  const { document, rowOf, notes } = format === 'csv' ? await readCsv(body ?? '') : readJson(body ?? '');
  const rowAt = (path: string) => nearestRow(rowOf, path);
  const checked = await checkDocument(document);
  const faults = checked.faults.map((fault): ImportNote => ({
    row: rowAt(fault.path),
    ...fault,
    message: inWords(fault),
  }));
  return { document: notes.length === 0 ? checked.document : null, notes: [...notes, ...faults], rowAt };
}

/** `60.00`, `-5` and words have one cure. */
function inWords({ path, code, message }: Pick<ImportNote, 'path' | 'code' | 'message'>): string {
  const isPrice = path.endsWith('price.amount') && code !== 'too_big';
  return isPrice ? 'price must be a whole number of minor units (6000 for 60.00)' : message;
}

function readJson(text: string): { document: unknown; rowOf: Map<string, number>; notes: ImportNote[] } {
  const rowOf = new Map<string, number>();
  try {
    return { document: JSON.parse(text), rowOf, notes: [] };
  } catch {
    const note = { row: null, path: '', code: 'malformed_json', message: 'It is not valid JSON.' };
    return { document: null, rowOf, notes: [note] };
  }
}

/** Of the node itself, or of the one that it is part of. */
function nearestRow(rowOf: ReadonlyMap<string, number>, path: string): number | null {
  const parts = path.split('.');
  for (let length = parts.length; length > 0; length -= 1) {
    const row = rowOf.get(parts.slice(0, length).join('.'));
    if (row !== undefined) return row;
  }
  return null;
}

import { Schema, model } from 'mongoose';
import { newId } from '../../../shared/ids.ts';

export const IMPORT_FORMATS = ['csv', 'json'] as const;
export const IMPORT_MODES = ['replace', 'merge'] as const;
export const IMPORT_STATUSES = ['pending', 'applied', 'refused'] as const;

/** One line of the report. */
export interface ImportNote {
  /** Of a CSV, its header being the first; null: of a JSON document, or of the file as a whole. */
  row: number | null;
  /** In the document, such as `categories.0.items.3.price`. */
  path: string;
  code: string;
  message: string;
}

/** What a report has room for. */
export const MAX_NOTES = 500;

export interface MenuImportRow {
  _id: string;
  restaurantId: string;
  requestedBy: string;
  format: (typeof IMPORT_FORMATS)[number];
  mode: (typeof IMPORT_MODES)[number];
  status: (typeof IMPORT_STATUSES)[number];
  /** The file; null once it is applied or refused. */
  body: string | null;
  report: ImportNote[];
  /** The report has no room for all there is to say. */
  isReportCut: boolean;
  categories: number;
  items: number;
  createdAt: Date;
  finishedAt: Date | null;
  expiresAt: Date;
}

const menuImportSchema = new Schema<MenuImportRow>(
  {
    _id: { type: String, default: newId },
    restaurantId: { type: String, required: true },
    requestedBy: { type: String, required: true },
    format: { type: String, enum: IMPORT_FORMATS, required: true },
    mode: { type: String, enum: IMPORT_MODES, required: true },
    status: { type: String, enum: IMPORT_STATUSES, required: true },
    body: { type: String, default: null },
    report: { type: Schema.Types.Mixed, default: [] },
    isReportCut: { type: Boolean, default: false },
    categories: { type: Number, default: 0 },
    items: { type: Number, default: 0 },
    createdAt: { type: Date, required: true },
    finishedAt: { type: Date, default: null },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'menu_imports', versionKey: false },
);
// One import of a restaurant at a time, whatever two requests believe; serves closeAbandoned.
menuImportSchema.index({ restaurantId: 1 }, { unique: true, partialFilterExpression: { status: 'pending' } });
// Serves listImports.
menuImportSchema.index({ restaurantId: 1, createdAt: -1, _id: -1 });
// Reports go after their time, and the files of abandoned ones with them.
menuImportSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export const MenuImportModel = model('MenuImport', menuImportSchema);

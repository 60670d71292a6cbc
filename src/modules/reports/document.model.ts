import { Schema, model, type mongo } from 'mongoose';

export const DOCUMENT_KINDS = ['receipt', 'invoice', 'statement', 'report'] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

/** The newest making of a document, to be fetched by a link. It holds no customer's name or address; a statement has its payee's name. */
export interface DocumentRow {
  _id: string;
  kind: DocumentKind;
  /** What it is about: an order, a payout, a report. */
  subjectId: string;
  /** Of the subject when it was made; grows. */
  version: number;
  /** What of the subject it shows; another one there: the document is out of date. */
  stamp: string;
  fileName: string;
  mediaType: string;
  content: mongo.Binary;
  madeAt: Date;
}

const documentSchema = new Schema<DocumentRow>(
  {
    _id: { type: String, required: true },
    kind: { type: String, enum: DOCUMENT_KINDS, required: true },
    subjectId: { type: String, required: true },
    version: { type: Number, required: true },
    stamp: { type: String, required: true },
    fileName: { type: String, required: true },
    mediaType: { type: String, required: true },
    content: { type: Buffer, required: true },
    madeAt: { type: Date, required: true },
  },
  { collection: 'documents', versionKey: false },
);
// One of a kind per subject. Serves storeDocument, findDocument and forgetStatements.
documentSchema.index({ kind: 1, subjectId: 1 }, { unique: true });

const DocumentModel = model('Document', documentSchema);

export function documentRows(): mongo.Collection<DocumentRow> {
  return DocumentModel.collection as unknown as mongo.Collection<DocumentRow>;
}

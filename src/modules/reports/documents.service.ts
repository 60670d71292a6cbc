import { mongo } from 'mongoose';
import { config } from '../../config/index.ts';
import { AppError, isDuplicateKey } from '../../errors/index.ts';
import { now, nowMs, secondsFromNow } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import { isEqualMac, macOf } from '../auth/index.ts';
import { documentRows, type DocumentKind, type DocumentRow } from './document.model.ts';

/** Where a document is for a while, for whoever has the link. */
export interface DocumentLink {
  url: string;
  expiresAt: Date;
}

type NewDocument = Pick<DocumentRow, 'kind' | 'subjectId' | 'version' | 'stamp' | 'fileName' | 'mediaType'> & {
  content: Buffer;
};

/** Over the one that was made before, unless that is of a later version. */
export async function storeDocument({ kind, subjectId, version, content, ...rest }: NewDocument): Promise<void> {
  const older = { kind, subjectId, version: { $lte: version } };
  const made = { $set: { ...rest, version, content: new mongo.Binary(content), madeAt: now() } };
  try {
    await documentRows().updateOne(older, { ...made, $setOnInsert: { _id: newId() } }, { upsert: true });
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    // There is one: a later one, or of a job beside this one.
    await documentRows().updateOne(older, made);
  }
}

/** Without its bytes. */
export function findDocument(kind: DocumentKind, subjectId: string): Promise<Omit<DocumentRow, 'content'> | null> {
  return documentRows().findOne({ kind, subjectId }, { projection: { content: 0 } });
}

interface LinkParts {
  documentId: string;
  /** Seconds since 1970. */
  expires: number;
}

export function linkTo({ _id: documentId }: Pick<DocumentRow, '_id'>): DocumentLink {
  const expiresAt = secondsFromNow(config.money.documentTtlSeconds);
  const expires = Math.floor(expiresAt.getTime() / 1000);
  const query = new URLSearchParams({ expires: String(expires), signature: signatureOf({ documentId, expires }) });
  return { url: `${config.server.publicUrl}/api/v1/documents/${documentId}?${query.toString()}`, expiresAt };
}

function signatureOf({ documentId, expires }: LinkParts): string {
  return macOf('document', `${documentId}.${expires}`);
}

export type OpenedDocument = Pick<DocumentRow, 'fileName' | 'mediaType'> & { content: Buffer };

/**
 * What a link leads to. Nothing is looked up for a link that we did not make.
 * @throws AppError `not_found`, whatever is wrong with the link: who guesses learns nothing
 */
export async function openDocument({
  signature,
  ...parts
}: LinkParts & { signature: string }): Promise<OpenedDocument> {
  const isGood = isEqualMac(signatureOf(parts), signature) && parts.expires * 1000 > nowMs();
  if (!isGood) throw new AppError('not_found');
  return readDocument(parts.documentId);
}

/** With its bytes. @throws AppError `not_found` */
export async function readDocument(documentId: string): Promise<OpenedDocument> {
  const row = await documentRows().findOne({ _id: documentId });
  if (row === null) throw new AppError('not_found');
  return { fileName: row.fileName, mediaType: row.mediaType, content: Buffer.from(row.content.value()) };
}

import multer from 'multer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../http.ts';
import { CloudinaryError } from './errors.ts';
import type { Params } from './signature.ts';

const MAX_FILE_BYTES = 100 * 1024 * 1024;

export interface UploadForm {
  params: Params;
  file: Buffer | null;
}

/** The parameters of a call and its file, multipart as uploads come or as a form, as all else does. */
export async function readForm(req: IncomingMessage, res: ServerResponse): Promise<UploadForm> {
  const type = req.headers['content-type'] ?? '';
  if (type.startsWith('multipart/form-data')) return readMultipart(req, res);
  if (!type.startsWith('application/x-www-form-urlencoded')) throw new CloudinaryError(400, 'Unsupported content type');
  return { params: Object.fromEntries(new URLSearchParams(await readBody(req))), file: null };
}

const parse = multer({ storage: multer.memoryStorage(), limits: { fileSize: MAX_FILE_BYTES, files: 1 } }).single(
  'file',
);

function readMultipart(req: IncomingMessage, res: ServerResponse): Promise<UploadForm> {
  const asExpress = req as unknown as Parameters<typeof parse>[0];
  return new Promise((resolve, reject) => {
    parse(asExpress, res as unknown as Parameters<typeof parse>[1], (error?: unknown) => {
      if (error !== undefined && error !== null) reject(new CloudinaryError(400, 'Invalid upload'));
      else resolve({ params: { ...(asExpress.body as Params) }, file: asExpress.file?.buffer ?? null });
    });
  });
}

import type { TestApp } from './app.ts';
import type { Login } from './log-in.ts';

export interface SentFile {
  bytes: Buffer;
  name?: string;
  type?: string;
  purpose?: string;
}

/** One upload as a browser sends it. */
export function sendFile({ request }: TestApp, { headers }: Login, file: SentFile) {
  const { bytes, name = 'dish.jpg', type = 'image/jpeg', purpose = 'dish' } = file;
  return request
    .post('/api/v1/uploads')
    .set(headers)
    .field('purpose', purpose)
    .attach('file', bytes, { filename: name, contentType: type });
}

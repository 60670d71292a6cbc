import { connect, type Socket } from 'node:net';
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

const BOUNDARY = 'xxBOUNDARYxx';

export interface HeldUpload {
  socket: Socket;
  /** What came back so far. */
  answer: () => string;
}

/** Announces a file, sends so much of it, and goes no further. */
export function holdUpload({ url }: TestApp, { headers }: Login, bytes: number): Promise<HeldUpload> {
  const { hostname, port } = new URL(url);
  const head = [
    'POST /api/v1/uploads HTTP/1.1',
    `Host: ${hostname}:${port}`,
    `Authorization: ${headers.Authorization}`,
    `Content-Type: multipart/form-data; boundary=${BOUNDARY}`,
    `Content-Length: ${bytes + 1_000}`,
  ].join('\r\n');
  const part = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n`;
  let text = '';
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(`${head}\r\n\r\n${bytes === 0 ? '' : part}`);
      socket.write(Buffer.alloc(bytes), () => {
        resolve({ socket, answer: () => text });
      });
    });
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('error', () => undefined);
  });
}

import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

/**
 * In place of the image cloud, something that answers every call with the same bytes. Import it before anything of `src`: src/config
 * reads the environment once.
 */
export const hostileCloud = { answer: '' };

const server = createServer((socket) => {
  socket.on('error', () => undefined);
  socket.once('data', () => socket.end(hostileCloud.answer));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
Object.assign(process.env, {
  CLOUDINARY_CLOUD_NAME: 'elsewhere',
  CLOUDINARY_API_KEY: 'key',
  CLOUDINARY_API_SECRET: 'canary-secret',
  CLOUDINARY_API_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  CLOUDINARY_TIMEOUT_SECONDS: '1',
});

afterAll(() => server.close());

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CallbackReceiver {
  url: string;
  calls: { body: string; timestamp: string; signature: string }[];
  /** The status to answer with, consumed one per call; 200 once empty. */
  statuses: number[];
  stop(): Promise<void>;
}

/** Somebody whom the image cloud tells. */
export async function startReceiver(): Promise<CallbackReceiver> {
  const calls: CallbackReceiver['calls'] = [];
  const statuses: number[] = [];
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const { 'x-cld-timestamp': timestamp, 'x-cld-signature': signature } = req.headers;
      const body = Buffer.concat(chunks).toString('utf8');
      calls.push({ body, timestamp: String(timestamp), signature: String(signature) });
      res.writeHead(statuses.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    statuses,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

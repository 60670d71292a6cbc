import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Address {
  host: string;
  port: number;
}

/** Room for 10,000 sockets and the requests beside them; whoever comes then is turned away before descriptors run out. */
const MAX_CONNECTIONS = 15_000;

/** The limits of bar.md 2.4: slow senders are cut off; keep-alive outlives the idle time of a proxy in front. */
export function createHttpServer(app: RequestListener): Server {
  const options = {
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    connectionsCheckingInterval: 5000,
    // Whoever asks for another protocol is answered in this one.
    shouldUpgradeCallback: (req: IncomingMessage) => req.headers.upgrade?.toLowerCase() === 'websocket',
  };
  const http = createServer(options, app);
  http.on('connect', (_req, socket) => {
    socket.end('HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\n\r\n');
  });
  http.keepAliveTimeout = 65_000;
  http.maxRequestsPerSocket = 10_000;
  http.maxConnections = MAX_CONNECTIONS;
  http.on('request', (_req, res) => {
    res.once('close', () => {
      // Closing ends only the connections that idle at that moment; those answered later would be kept alive past any deadline.
      if (!http.listening) http.closeIdleConnections();
    });
  });
  return http;
}

/** @returns the port that was taken */
export async function listen(http: Server, { host, port }: Address): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, host, () => {
      http.off('error', reject);
      resolve();
    });
  });
  return (http.address() as AddressInfo).port;
}

export async function close(http: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    http.close(() => {
      resolve();
    });
    http.closeIdleConnections();
  });
}

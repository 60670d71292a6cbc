import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

export const LOOPBACK = '127.0.0.1';
const BODY_LIMIT_BYTES = 1024 * 1024;

export interface RunningServer {
  port: number;
  url: string;
  stop(): Promise<void>;
}

export type RequestListener = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

export class BodyTooLarge extends Error {}

export async function readBody(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT_BYTES) throw new BodyTooLarge(`the body is larger than ${BODY_LIMIT_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * For callers that use `fetch`: it keeps connections in a pool of the whole process, and one that this server closed at
 * its stop would be the next caller's unexplained failure.
 */
export function closeAfterAnswer(res: ServerResponse): void {
  res.setHeader('Connection', 'close');
}

export function sendJson(res: ServerResponse, status: number, body: unknown): void {
  if (res.destroyed) return;
  const text = JSON.stringify(body, null, 2);
  res.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
  res.end(text);
}

/** No script ever runs on these pages, so that a mail under inspection cannot act. */
export function sendHtml(
  res: ServerResponse,
  html: string,
  { status = 200, policy }: { status?: number; policy: string },
): void {
  res.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
  });
  res.end(html);
}

export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** A page on the internet may point a host name of its own at 127.0.0.1; it cannot send a loopback Host header. */
function isLoopbackHost(req: IncomingMessage): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(req.headers.host ?? '');
}

function answerFault(res: ServerResponse, error: unknown): void {
  const status = error instanceof BodyTooLarge ? 413 : 500;
  const message = error instanceof Error ? error.message : String(error);
  if (res.headersSent) res.destroy();
  else sendJson(res, status, { error: { type: 'api_error', message } });
}

export async function startHttpServer(ports: readonly number[], listener: RequestListener): Promise<RunningServer> {
  const server = createServer((req, res) => {
    if (!isLoopbackHost(req)) {
      sendJson(res, 403, { error: { type: 'api_error', message: 'The local cloud answers on loopback names only.' } });
      return;
    }
    listener(req, res).catch((error: unknown) => {
      answerFault(res, error);
    });
  });
  const port = await listenOnFirstFree(ports, (candidate) => listenOn(server, candidate));
  return { port, url: `http://${LOOPBACK}:${port}`, stop: () => closeServer(server) };
}

/** Tries the ports in order; 0 asks the system for a free one. The last failure is the one reported. */
export async function listenOnFirstFree(
  ports: readonly number[],
  listen: (port: number) => Promise<number>,
): Promise<number> {
  let failure: unknown = new Error('no port to try');
  for (const port of ports) {
    try {
      return await listen(port);
    } catch (error) {
      failure = isPortTaken(error) ? new Error(`port ${port} on ${LOOPBACK} is in use; choose another one`) : error;
    }
  }
  throw failure;
}

function isPortTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}

/** A request by which a person or a test steers a vendor: what does not parse is answered, and nothing else is caught. */
export async function answerControlRequest(res: ServerResponse, route: () => Promise<void>): Promise<void> {
  closeAfterAnswer(res);
  try {
    await route();
  } catch (error) {
    if (!(error instanceof z.ZodError) && !(error instanceof SyntaxError)) throw error;
    const message = error instanceof z.ZodError ? z.prettifyError(error) : error.message;
    sendJson(res, 400, { error: { message } });
  }
}

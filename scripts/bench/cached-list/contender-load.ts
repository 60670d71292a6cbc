/**
 * The generator, in a process of its own: kept connections on bare sockets, one request at a time on each, and no more parsing than
 * finds the end of an answer. A client library costs more than the servers that are measured.
 */
import { connect, type Socket } from 'node:net';
import { serve } from '../child.ts';
import type { Sample } from '../interleave.ts';

export interface LoadRequest {
  port: number;
  path: string;
  headers: string;
  status: number;
  inFlight: number;
  count: number;
}

const END_OF_HEAD = Buffer.from('\r\n\r\n');

async function run({ port, path, headers, status, inFlight, count }: LoadRequest): Promise<Sample> {
  const request = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}\r\n`);
  const sockets = await Promise.all(Array.from({ length: inFlight }, () => open(port)));
  const latenciesMs: number[] = [];
  let sent = 0;
  const startedAt = performance.now();
  await Promise.all(
    sockets.map(async (socket) => {
      while (sent < count) {
        sent += 1;
        const sentAt = performance.now();
        await exchange(socket, request, status);
        latenciesMs.push(performance.now() - sentAt);
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  for (const socket of sockets) socket.destroy();
  return { seconds, latenciesMs };
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => {
      resolve(socket);
    });
    socket.once('error', reject);
  });
}

function exchange(socket: Socket, request: Buffer, status: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let missing = -1;
    let head: Buffer = Buffer.alloc(0);
    const fail = (): void => {
      reject(new Error('the server hung up'));
    };
    const read = (chunk: Buffer): void => {
      if (missing >= 0) missing -= chunk.length;
      else {
        head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
        const end = head.indexOf(END_OF_HEAD);
        if (end === -1) return;
        const text = head.toString('latin1', 0, end);
        if (!text.startsWith(`HTTP/1.1 ${status}`)) fail();
        missing = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0) - (head.length - end - END_OF_HEAD.length);
      }
      if (missing > 0) return;
      socket.off('data', read).off('close', fail);
      resolve();
    };
    socket.on('data', read).once('close', fail);
    socket.write(request);
  });
}

serve({ run, cpu: () => Promise.resolve(process.cpuUsage()) });

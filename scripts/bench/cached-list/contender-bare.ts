/** The baselines: bytes that lie ready on plain `node:http`, and the same list by Express' `res.json`. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { serve } from '../child.ts';

interface Target {
  kind: 'bytes' | 'small' | 'express';
  text: string;
}

let server: Server | null = null;

function listenerOf({ kind, text }: Target): RequestListener {
  if (kind === 'express') {
    const list = JSON.parse(text) as object;
    return express().get('/{*path}', (_req, res) => {
      res.json(list);
    });
  }
  const body = kind === 'small' ? Buffer.alloc(200, 'x') : Buffer.from(text);
  const headers = { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': body.length };
  return (_req, res) => {
    res.writeHead(200, headers);
    res.end(body);
  };
}

serve({
  open: async (target: Target) => {
    const opened = createServer(listenerOf(target));
    server = opened;
    await new Promise<void>((resolve) => opened.listen(0, '127.0.0.1', resolve));
    return (opened.address() as AddressInfo).port;
  },
  cpu: () => Promise.resolve(process.cpuUsage()),
  close: () => Promise.resolve(server?.close()),
});

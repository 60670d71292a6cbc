// Loaded into the API by `--import`: how long its event loop, its file system and its name look-ups take, told on a loopback port.
import { lookup } from 'node:dns/promises';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMainThread } from 'node:worker_threads';
import { quantile } from '../statistics.ts';
import type { ProbeResult } from './storm.ts';

const EVERY_MS = 20;
const loop = monitorEventLoopDelay({ resolution: 5 });
let samples = { fs: [] as number[], dns: [] as number[] };
let isProbing = false;

async function timed(work: () => Promise<unknown>, into: number[]): Promise<void> {
  const startedAt = performance.now();
  await work();
  into.push(performance.now() - startedAt);
}

async function probe(): Promise<void> {
  while (isProbing) {
    await Promise.all([
      timed(() => stat(import.meta.filename), samples.fs),
      timed(() => lookup('localhost'), samples.dns),
      sleep(EVERY_MS),
    ]);
  }
}

const server = createServer((req, res) => {
  isProbing = req.url === '/begin';
  if (isProbing) {
    samples = { fs: [], dns: [] };
    loop.reset();
    loop.enable();
    void probe();
    res.end('{}');
    return;
  }
  loop.disable();
  const result: ProbeResult = {
    loopP99: loop.percentile(99) / 1e6,
    fsP99: quantile(samples.fs, 0.99),
    dnsP99: quantile(samples.dns, 0.99),
  };
  res.end(JSON.stringify(result));
});
// The threads of the pool are started with the same arguments.
if (isMainThread) server.listen(Number(process.env['BENCH_PROBE_PORT']), '127.0.0.1').unref();

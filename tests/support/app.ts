import type { AddressInfo } from 'node:net';
import mongoose from 'mongoose';
import supertest from 'supertest';
import { createApp } from '../../src/app.ts';
import { bootstrap } from '../../src/bootstrap.ts';
import { config } from '../../src/config/index.ts';
import { withFastLane } from '../../src/http/index.ts';
import { followChanges } from '../../src/infra/pages/index.ts';
import { onShutdown, shutdown } from '../../src/infra/lifecycle/index.ts';
import { definedQueues, openQueue } from '../../src/infra/queue/define-queue.ts';
import { OutboxModel } from '../../src/infra/queue/outbox.model.ts';
import { createHttpServer, listen } from '../../src/listen.ts';
import { publicCollections } from '../../src/public-versions.ts';
import { attachRealtime } from '../../src/realtime/index.ts';
import { now } from '../../src/shared/clock.ts';
import { startWorkerJobs } from '../../src/worker-jobs.ts';
import { waitForWorkerToo } from './settle.ts';
import { watchAnswers } from './watch-answers.ts';

export interface TestApp {
  url: string;
  request: ReturnType<typeof supertest>;
  stop(): Promise<void>;
}

interface Options {
  withWorker?: boolean;
  /** How often open sockets are looked at again. */
  lookAgainMs?: number;
}

/**
 * The real application of this test file, on a free port, over the worker's own database. Every answer it gives is held against its
 * contract.
 * `withWorker` also runs relay, processors and sweeps in this process.
 */
export async function startTestApp({ withWorker = false, lookAgainMs }: Options = {}): Promise<TestApp> {
  await bootstrap();
  if (config.http.pageCache) followChanges(publicCollections);
  const http = createHttpServer(withFastLane(createApp()));
  watchAnswers(http);
  const realtime = attachRealtime(http, { takesClients: true, ...(lookAgainMs === undefined ? {} : { lookAgainMs }) });
  onShutdown('intake', 'http and sockets', () => realtime.close());
  await listen(http, { host: '127.0.0.1', port: 0 });
  if (withWorker) await startWorker();
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return { url, request: supertest(url), stop: () => shutdown('test') };
}

async function startWorker(): Promise<void> {
  await startWorkerJobs();
  waitForWorkerToo(assertIdle);
  onShutdown('intake', 'tests that wait for the worker', () => {
    waitForWorkerToo(null);
  });
}

/** Neither promises that are due nor jobs. Those that failed and come again later are nobody's hurry. */
async function assertIdle(): Promise<void> {
  const due = await OutboxModel.countDocuments({ doneAt: null, attempts: 0, dueAt: mongoose.trusted({ $lte: now() }) });
  const queues = definedQueues().map(({ name }) => openQueue(name).getJobCountByTypes('active', 'wait', 'prioritized'));
  const inHand = [due, ...(await Promise.all(queues))].reduce((sum, count) => sum + count, 0);
  if (inHand > 0) throw new Error(`${inHand} in hand`);
}

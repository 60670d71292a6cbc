import { createPrivateApp } from './app.ts';
import { bootstrap } from './bootstrap.ts';
import { config } from './config/index.ts';
import { installProcessHandlers, onShutdown } from './infra/lifecycle/index.ts';
import { logger, reportError } from './infra/observability/index.ts';
import { createHttpServer, listen } from './listen.ts';
import { attachRealtime } from './realtime/index.ts';
import { startWorkerJobs } from './worker-jobs.ts';

async function start(): Promise<void> {
  await bootstrap();
  const privateHttp = createHttpServer(createPrivateApp());
  const realtime = attachRealtime(privateHttp, { takesClients: false });
  onShutdown('work', 'sockets and private http', () => realtime.close());
  await startWorkerJobs();
  const { privateHost, workerPrivatePort } = config.server;
  const taken = await listen(privateHttp, { host: privateHost, port: workerPrivatePort });
  logger.info({ privatePort: taken }, 'worker running');
}

installProcessHandlers();
start().catch((error: unknown) => {
  reportError(error, { where: 'start worker', isFatal: true });
  process.exit(1);
});

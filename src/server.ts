import { createApp, createPrivateApp } from './app.ts';
import { bootstrap } from './bootstrap.ts';
import { config } from './config/index.ts';
import { withFastLane } from './http/index.ts';
import { followChanges } from './infra/pages/index.ts';
import { installProcessHandlers, onShutdown } from './infra/lifecycle/index.ts';
import { logger, reportError } from './infra/observability/index.ts';
import { close, createHttpServer, listen } from './listen.ts';
import { publicCollections } from './public-versions.ts';
import { attachRealtime } from './realtime/index.ts';

async function start(): Promise<void> {
  await bootstrap();
  if (config.http.pageCache) followChanges(publicCollections);
  const http = createHttpServer(withFastLane(createApp()));
  const realtime = attachRealtime(http, { takesClients: true });
  onShutdown('intake', 'http and sockets', () => realtime.close());
  const privateHttp = createHttpServer(createPrivateApp());
  onShutdown('clients', 'private http', () => close(privateHttp));
  const { host, port, privateHost, privatePort } = config.server;
  const takenPrivately = await listen(privateHttp, { host: privateHost, port: privatePort });
  const taken = await listen(http, { host, port });
  logger.info({ host, port: taken, privatePort: takenPrivately }, 'api listening');
}

installProcessHandlers();
start().catch((error: unknown) => {
  reportError(error, { where: 'start api', isFatal: true });
  process.exit(1);
});
